"""What one table cell can look like, kind by kind, and what it then says.

A *kind* is the grammar of a cell: money, a signed percentage, a grouped count ... `-` alone is a legal cell of every kind
and means "the site has no value". Every rule here was forced by a page; what no page shows is not legal, because each extra
legal form makes more runs of glued cells ambiguous (see :mod:`pipeline.glued`).

>>> KINDS["count"].read("24,817", 0, 6)
[Part(slot=0, category='', value=24817.0, text=None, start=0, end=6)]
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

import regex

from pipeline.vocabulary import load

ASSUMED_CUT = 0.95
"""Confidence of a cell of words whose edge in a glued run is known by its capital only ("Technology|Finance")."""


NONE = "-"
"""A cell of any kind that says that the site has no value."""
_NO_VALUE = frozenset(load("no_value")["words"])
Said = tuple[float | None, str | None]
"""The value and the words of a cell."""


class Part(NamedTuple):
    """One statement of a cell: `slot` numbers the label's metrics, `category` names a share's group."""

    slot: int
    category: str
    value: float | None
    text: str | None
    start: int
    end: int


PartFields = tuple[int, str, float | None, str | None, int, int]
new_part: Callable[[PartFields], Part] = partial(tuple.__new__, Part)
"""A part from its fields in order: a third of the time of `Part(...)`."""


@dataclass(frozen=True, slots=True)
class Kind:
    """The grammar of a cell and its meaning.

    `pair` cuts a glued run of two cells: what it matches has no other legal cut. Where the grammar can leave several, `edges`
    finds the places where one cell can end and the next begin (None: anywhere), and `pair`, if there is one, matches the
    plain cases only. `says` gives the value and the words of a cell that makes one statement; it is None for the kinds whose
    cells make several, or are not all statement. `read` gives the statements of any cell.
    """

    name: str
    cell: regex.Pattern[str] | re.Pattern[str]
    pair: re.Pattern[str] | None
    edges: Callable[[str, int, int], list[int]] | None
    says: Callable[[str], Said] | None
    read: Callable[[str, int, int], list[Part]]
    assumed: bool
    """Whether a cut rests on an assumption about how words begin."""


# --- what a cell says ----------------------------------------------------------------------------------------------


def _number(raw: str) -> Said:
    return float(raw), None


def _count(raw: str) -> Said:
    return float(raw.replace(",", "")), None


def _money(raw: str) -> Said:
    return float(raw[1:].replace(",", "")), None


def _percent(raw: str) -> Said:
    return float(raw[:-1]), None


def says_nothing(raw: str) -> bool:
    """Whether a cell says in words or signs that the site has no value.

    >>> says_nothing("N/A"), says_nothing("Nabisco")
    (True, False)
    """
    return raw == NONE or raw.lower() in _NO_VALUE


def _words(raw: str) -> Said:
    words = " ".join(raw.split())
    return None, None if says_nothing(words) else words


def _degree(raw: str) -> Said:
    degree, _, share = " ".join(raw.split()).rpartition(", ")
    return float(share[:-1]), degree


def _whole(says: Callable[[str], Said]) -> Callable[[str, int, int], list[Part]]:
    """The one statement of a cell as a list of them."""
    return lambda text, start, end: [Part(0, "", *says(text[start:end]), start, end)]


def _range(text: str, start: int, end: int) -> list[Part]:
    _, low, _, high = text[start:end].split()
    at = text.index("$", start)
    return [
        new_part((0, "", *_money(low), at, at + len(low))),
        new_part((1, "", *_money(high), end - len(high), end)),
    ]


_WHOLE = (98.0, 102.0)
"""What the shares of all groups add up to, in percent; on real pages to 100.0 or 100.1. Others are half a cell."""


def _shares(text: str, start: int, end: int) -> list[Part]:
    parts = []
    total = 0.0
    *items, _ = text[start:end].split("%")
    for item in items:
        group, _, share = item.rpartition(",")  # a tab or a space follows, which float() passes over
        stop = start + len(item) + 1
        value = float(share)
        total += value
        parts.append(new_part((0, " ".join(group.split()), value, None, stop - len(item.lstrip()) - 1, stop)))
        start = stop
    return parts if _WHOLE[0] <= total <= _WHOLE[1] else []


_BLURB = re.compile(r"(?P<name>\S.{0,98}?\S) (?:(?:is|was|are|were|has|have|provides|offers|operates|specializes)\b)")
_WORDS_OF_A_SENTENCE = 6


def company_name(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The span of the company's name in a company cell; None when the cell is prose that names none.

    Seed 000 holds "Amkor Technology is a strategically located company ..." where other pages hold a name: the name is
    the subject of the first sentence.
    """
    if text[end - 1] not in ".!?" or text.count(" ", start, end) < _WORDS_OF_A_SENTENCE - 1:
        return start, end
    match = _BLURB.match(text, start, end)
    return (start, match.end("name")) if match else None


def _company(text: str, start: int, end: int) -> list[Part]:
    span = company_name(text, start, end)
    return _whole(_words)(text, *span) if span else []


# --- what a cell looks like ----------------------------------------------------------------------------------------

_MONEY = r"\$(?:[1-9][0-9]{0,2}(?:,[0-9]{3}){1,3}|[0-9]{1,7})(?:\.[0-9]{2})?"
_PERCENT = r"-?[0-9]{1,3}(?:\.[0-9]{1,2})?%"
_SHARE_ITEM = r"[^\W\d_][^,%]{0,60}, [0-9]{1,3}(?:\.[0-9]{1,2})?%"
# Parted by spaces, two cells of shares look like one: a cell names no group twice.
_DISTINCT_SHARES = regex.compile(
    r"(?:([^\W\d_][^,%]{0,60}), [0-9]{1,3}(?:\.[0-9]{1,2})?%(?!(?:.*%)? \1, )(?: (?!$)|$))+|-"
)
_STATES = load("states")
_PLACE = r"[^\W\d_][^,$%0-9]{0,60}"

# A cell of words never ends in a character that asks for more; everything else is left to the readings.
_ASKS_FOR_MORE = " -&/,(+"
_WORDS = r"[\p{Lu}\p{Lt}0-9](?:.*[^\s\-&/,(+])?"
# The capital comes first in the pattern and is looked back from: the other way round costs ten times as much.
_WORD_EDGE = regex.compile(r"[\p{Lu}\p{Lt}0-9](?<=[^\s\-&/,(+].)")
_ASCII_WORD_EDGE = re.compile(r"[A-Z0-9](?<=[^\s\-&/,(+].)")
# Companies may begin in lower case (eBay): a known one, or an e or i between a vowel and a capital, begins a cell as well.
_BRANDS = tuple(load("brands")["names"])
_LOWER_START = re.compile(r"[ei](?<=[aeiou].)(?=[A-Z])")
_COMPANY = rf"(?:[\p{{Lu}}\p{{Lt}}0-9]|(?=[ei]\p{{Lu}}|{'|'.join(map(regex.escape, _BRANDS))}).)(?:.*[^\s\-&/,(+])?"


def _digit_edges(text: str, start: int, end: int) -> list[int]:
    return [at for at in range(start + 1, end) if text[at] != "," and text[at - 1] != ","]


def _word_edges(text: str, start: int, end: int) -> list[int]:
    pattern = _ASCII_WORD_EDGE if text[start:end].isascii() else _WORD_EDGE
    return [match.start() for match in pattern.finditer(text, start + 1, end)]


def _company_edges(text: str, start: int, end: int) -> list[int]:
    edges = _word_edges(text, start, end)
    lower_starts = [match.start() for match in _LOWER_START.finditer(text, start + 1, end)]
    run = text[start:end]
    for brand in _BRANDS:
        if brand in run:
            at = run.find(brand, 1)
            while at != -1:
                if run[at - 1] not in _ASKS_FOR_MORE:
                    lower_starts.append(start + at)
                at = run.find(brand, at + 1)
    return sorted({*edges, *lower_starts}) if lower_starts else edges


# Two cells that can be cut in one place only. A comma in the first count, behind at most three digits, fixes its end three
# digits on; four digits of years are two and two; plain words show one capital that no space precedes.
_PLAIN_COUNTS = r"([1-9][0-9]{0,2}(?:,[0-9]{3})+)([1-9][0-9]{0,2}(?:,[0-9]{3}){0,3})"
_PLAIN_YEARS = r"([1-9](?=[1-9]\Z)|[1-9][0-9](?=[1-9][0-9]\Z))([1-9][0-9]?)"
_PLAIN_WORDS = r"([A-Z][a-z]+(?: [A-Z][a-z]+)*)([A-Z][a-z]+(?: [A-Z][a-z]+)*)"


def _kind(
    name: str,
    cell: str,
    says: Callable[[str], Said] | None,
    *,
    read: Callable[[str, int, int], list[Part]] | None = None,
    edges: Callable[[str, int, int], list[int]] | None = None,
    plain: str | None = None,
    assumed: bool = False,
) -> Kind:
    legal = f"(?:{cell}|{NONE})"
    pair = plain if edges else f"({legal})({legal})"
    if read is None:
        assert says is not None, f"nothing says what a cell of {name} says"
        read = _whole(says)
    return Kind(name, regex.compile(legal), re.compile(pair) if pair else None, edges, says, read, assumed)


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        # A dollar sign, a percent sign or the decimal point leaves one cut; so do ages, always two digits.
        _kind("money", _MONEY, _money),
        _kind("percent", _PERCENT, _percent),
        _kind("score", r"(?:5(?:\.0)?|[0-4](?:\.[0-9])?)", _number),
        _kind("age", r"[1-9][0-9]", _number),
        _kind("range", rf"(?i:Between) {_MONEY} (?i:and) {_MONEY}", None, read=_range),
        _kind("degree", r"[^\W\d_][^,%$]{1,60}, (?:100|[0-9]{1,2})(?:\.[0-9])?%", _degree),
        replace(_kind("shares", rf"{_SHARE_ITEM}(?: {_SHARE_ITEM})*", None, read=_shares), cell=_DISTINCT_SHARES),
        _kind("city", rf"{_PLACE}, (?:{'|'.join(_STATES)})", _words),
        _kind("state", "|".join(sorted(_STATES.values())), _words),
        # "4668,658" and "612" have several cuts. No page shows a count or a term of 0: the site prints "-".
        _kind("count", r"[1-9][0-9]{0,2}(?:,[0-9]{3}){0,3}", _count, edges=_digit_edges, plain=_PLAIN_COUNTS),
        _kind("years", r"[1-9][0-9]?", _number, edges=_digit_edges, plain=_PLAIN_YEARS),
        _kind("words", _WORDS, _words, edges=_word_edges, plain=_PLAIN_WORDS, assumed=True),
        _kind("company", _COMPANY, None, read=_company, edges=_company_edges, assumed=True),
    )
}
"""Every kind by the name that labels.toml uses."""
