"""Rows of a table inside a longer line: a known label, and behind it the cells of two columns, however they are parted."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache

import regex

from pipeline.kinds import KINDS, Kind
from pipeline.labels import label_book

Span = tuple[int, int]

_LONGEST = {"words": 160, "company": 700}
"""Characters of two cells whose end only the next label or heading shows."""
_SHARE = r"[^\W\d_][^,%]{0,60}, [0-9]{1,3}(?:\.[0-9]{1,2})?%"


def row_spans(text: str, start: int, end: int, stops: Sequence[int], *, ends_row: bool) -> list[Span]:
    """The rows in `text[start:end]`; a known line begins at each of `stops`, which are in order.

    A row of words ends where a label or a known line begins, and at the end of the line only when `ends_row`.
    """
    matches = list(_labels().finditer(text, start, end))
    begins = sorted([*(match.start() for match in matches), *stops])
    rows = []
    for match in matches:
        label = label_book().exact(match[0])
        assert label is not None, "the pattern holds the labels of the book"
        begin = match.end()
        while begin < end and text[begin] in " :":
            begin += 1
        number = bisect_right(begins, match.start())
        limit = begins[number] if number < len(begins) else end
        stop = _cells_end(label.kind, text, begin, limit, closed=number < len(begins) or ends_row)
        if stop:
            rows.append((match.start(), stop))
    return rows


def _cells_end(kind: Kind, text: str, begin: int, limit: int, *, closed: bool) -> int:
    """Where the two cells end that begin at `begin`; 0 when they are not legal, or when nothing shows it."""
    while limit > begin and text[limit - 1] == " ":
        limit -= 1
    if kind.assumed:
        return limit if closed and 1 < limit - begin <= _LONGEST[kind.name] else 0
    match = _two_cells(kind.name).match(text, begin, limit)
    return match.end() if match else 0


@cache
def _labels() -> re.Pattern[str]:
    return re.compile(rf"(?=[A-Z])(?i:{'|'.join(map(re.escape, label_book().texts()))})")


@cache
def _two_cells(kind: str) -> regex.Pattern[str]:
    cell = rf"(?:(?:{_SHARE} ?)+|-)" if kind == "shares" else KINDS[kind].cell.pattern
    return regex.compile(f"{cell} ?(?:{cell})?" if kind == "shares" else f"{cell} ?{cell}")
