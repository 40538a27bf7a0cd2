"""Cells on lines of their own: bs4, selectolax and justext with a line break, tables of `<div>`s, trafilatura 1.8 with bars.

A row is a known label and the lines up to the next one. How many cells a row has is what most rows of the page show; a cell may
itself come in several lines (shares of groups), which then are handed on as pieces of the row.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from pipeline.forms.known import known_line
from pipeline.forms.rewriting import Edit, Flat, each_line, edited
from pipeline.labels import label_book, label_end

_FEWEST = 2
"""Labels alone on their lines."""
_ROLES = 2
"""Cells of a row where the page itself does not show it: comparison pages compare two roles."""
_MOST_PIECES = 16
"""Lines of one row: two cells with the shares of six groups each, and some more."""
_MAX_NAME = 90
_SHARE = re.compile(r"[^\W\d_][^,%]{0,60}, [0-9]{1,3}(?:\.[0-9]{1,2})?%")
_HEADER = re.compile(r"[^\W\d_a-z][^.!?:$%]*")
_BARS = " |:"


class _Line(NamedTuple):
    start: int
    end: int
    label: str
    """The label that begins the line, in lower case, "" when there is none."""
    is_bare: bool
    """Whether the label is all there is on the line."""


def unstacked(text: str) -> Flat:
    """The text with the cells of each row on one line, parted by tabs; unchanged when no row is spread over lines."""
    lines = _lines(text)
    stacked = sum(line.is_bare for line in lines) >= _FEWEST
    if not stacked and not any(line.label for line in lines):
        return Flat(text)
    columns = _columns(lines) if stacked else _ROLES
    edits: list[Edit] = []
    number = 0
    while number < len(lines):
        if not lines[number].label:
            number += 1
            continue
        header = _header(text, lines, number, columns)
        edits += _joined(lines[number - header : number], text, "\t")
        while number < len(lines) and lines[number].label:
            pieces = _pieces(text, lines, number, columns) if stacked and lines[number].is_bare else 0
            edits += _joined(lines[number : number + 1 + pieces], text, "\t")
            number += 1 + pieces
    return edited(text, edits)


def _lines(text: str) -> list[_Line]:
    lines: list[_Line] = []
    for start, line in each_line(text):
        bare = line.strip()
        if bare:
            begin = start + line.index(bare[0])
            shown = bare.rstrip(_BARS)
            stop = 0 if "\t" in line or shown[:1].islower() else label_end(bare)
            lines.append(_Line(begin, begin + len(shown or bare), bare[:stop].lower(), 0 < stop == len(shown)))
    return lines


def _columns(lines: Sequence[_Line]) -> int:
    """The number of lines between two labels that is the most frequent, at least one."""
    labels = [number for number, line in enumerate(lines) if line.is_bare]
    gaps = Counter(below - above - 1 for above, below in pairwise(labels))
    gaps = Counter({gap: count for gap, count in gaps.items() if 0 < gap <= _MOST_PIECES})
    return gaps.most_common(1)[0][0] if gaps else _ROLES


def _pieces(text: str, lines: Sequence[_Line], number: int, columns: int) -> int:
    """How many of the lines below a label belong to its row."""
    end = number + 1
    limit = min(len(lines), number + 1 + _MOST_PIECES)
    while end < limit and not lines[end].label and not known_line(text, lines[end].start, lines[end].end):
        end += 1
    found = end - number - 1
    label = label_book().exact(lines[number].label)
    if label is not None and label.kind.name == "shares":
        shares = 0
        while shares < found and _SHARE.match(text, lines[number + 1 + shares].start, lines[number + 1 + shares].end):
            shares += 1
        return shares
    is_last = end == len(lines) or not lines[end].label
    return min(found, columns) if is_last else found


def _header(text: str, lines: Sequence[_Line], first: int, columns: int) -> int:
    """How many lines above the first row are its header: one for each column, and none of them known as anything else."""
    names = lines[max(0, first - columns) : first]
    if len(names) < columns or columns < _ROLES:
        return 0
    for line in names:
        if line.end - line.start > _MAX_NAME or not _HEADER.fullmatch(text, line.start, line.end):
            return 0
        if known_line(text, line.start, line.end) or "\t" in text[line.start : line.end]:
            return 0
    return columns


def _joined(lines: Sequence[_Line], text: str, gap: str) -> list[Edit]:
    """Edits that join lines, and drop the bars at their ends."""
    edits: list[Edit] = []
    for line, below in pairwise(lines):
        edits.append((line.end, below.start, gap))
    if len(lines) > 1:
        last = lines[-1].end
        stop = text.find("\n", last)
        edits.append((last, len(text) if stop == -1 else stop, ""))
    return edits
