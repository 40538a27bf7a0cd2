"""Page families: an ordered table of who recognises a page and who parses it. The first that says yes gets it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from pipeline.lines import line_book
from pipeline.model import Shape
from pipeline.parsers import comparison, profile
from pipeline.parsers.look_alikes import LookAlike, look_alike, look_alike_at
from pipeline.parsers.outcome import Outcome
from pipeline.sentences import clause_book


class Family(NamedTuple):
    """One page family: `recognise(folded text)` must be cheap, `parse(text, shape)` yields the facts."""

    page_kind: str
    recognise: Callable[[str], bool]
    parse: Callable[[str, Shape], Outcome]


FAMILIES: tuple[Family, ...] = (
    Family("comparison", comparison.recognise, comparison.parse),
    Family("profile", profile.recognise, profile.parse),
)
"""Families that sentences tell apart, which no other page holds."""
BY_TABLES = Family("comparison", comparison.recognise_by_tables, comparison.parse)
"""Rows of tables are on other pages too, so their own signs go before."""


def load_vocabulary() -> None:
    """Compiles the vocabulary of all families, which each page does otherwise when it needs it.

    Raises:
        VocabularyError: an entry means nothing.
    """
    look_alike("")
    for family in FAMILIES:
        line_book(family.page_kind)
        clause_book(family.page_kind)


def family_of(text: str, url: str | None = None) -> Family | LookAlike | None:
    """The family of the page, or None when no sign of any is on it; `url` is asked last."""
    for family in FAMILIES:
        if family.recognise(text):
            return family
    alike = look_alike(text)
    if alike is not None:
        return alike
    if BY_TABLES.recognise(text):
        return BY_TABLES
    return look_alike_at(url) if url else None
