"""Page families: an ordered table of who recognises a page and who parses it. The first that says yes gets it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from pipeline.model import Shape
from pipeline.parsers import comparison, profile
from pipeline.parsers.outcome import Outcome


class Family(NamedTuple):
    """One page family: `recognise(folded text)` must be cheap, `parse(text, shape)` yields the facts."""

    page_kind: str
    recognise: Callable[[str], bool]
    parse: Callable[[str, Shape], Outcome]


FAMILIES: tuple[Family, ...] = (
    Family("comparison", comparison.recognise, comparison.parse),
    Family("profile", profile.recognise, profile.parse),
    Family("comparison", comparison.recognise_by_tables, comparison.parse),
)


def family_of(text: str) -> Family | None:
    """The family of the page, or None when no parser knows it."""
    return next((family for family in FAMILIES if family.recognise(text)), None)
