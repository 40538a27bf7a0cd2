"""Lines that a tool broke at a fixed width (lynx, links, w3m, html2text): each paragraph becomes one line again.

A tool that wraps breaks a line only where the next word would not have fitted, so the width shows in the lines whose
continuation begins in lower case, and a line is joined to the next where that one's first word would have passed the width.
"""

from __future__ import annotations

import re
from itertools import pairwise

from pipeline.forms.rewriting import Edit, Flat, each_line, edited
from pipeline.labels import label_end

_FEWEST = 2
"""Lines that are continued in lower case; fewer are no sign of wrapping."""
_NARROWEST, _WIDEST = 40, 260
_MARGIN = 8
"""Characters by which headings may reach further than paragraphs do (lynx, links)."""
_AGREEING = 0.9
"""Share of the continued lines that must be as full as the width allows."""
_OPENS_BLOCK = re.compile(r"[•*+-] |[0-9]{1,2}[.)] |#{1,6} |[|>]|[-=*_|:+ ]{3,}$")
_ITEM = re.compile(r"\s*(?:[•*+-]|[0-9]{1,2}[.)])\s+(?=\S)")
_ENDS = '.:!?%"'
_COUNT = re.compile(r"[0-9]")
"""A company's number of jobs stands below its name."""
_BROKEN_WORD = re.compile(r"\w-$")
_HANGING = frozenset({"and", "or", "to"})
"""Words behind a hyphen that ends a word of its own ("pre- and post-")."""


def unwrapped(text: str) -> Flat:
    """The text with wrapped lines joined; unchanged when it is not wrapped."""
    lines = _lines(text)
    width = _width(lines)
    hanging = _hanging(lines)
    if not width and not hanging:
        return Flat(text)
    edits: list[Edit] = []
    for (start, line), (start_below, below) in pairwise(lines):
        if start_below in hanging or (width and _continues(line, below, width)):
            word = below.split(None, 1)[0]
            gap = "" if _BROKEN_WORD.search(line) and word not in _HANGING and word[0].islower() else " "
            edits.append((start + len(line), start_below + len(below) - len(below.lstrip()), gap))
    return edited(text, edits)


def _hanging(lines: list[tuple[int, str]]) -> set[int]:
    """Where lines begin that go on with the item above: below its words, which end inside a sentence.

    Where links were longer than their words no width shows (pandoc).
    """
    found: set[int] = set()
    column = -1
    for (_, line), (start, below) in pairwise(lines):
        item = _ITEM.match(line)
        if item:
            column = item.end() if len(line) >= _NARROWEST else -1
        ends = not line or line[-1] in _ENDS or not below or _indent(below) != column or _COUNT.match(below, column)
        if column <= 0 or ends or _OPENS_BLOCK.match(below, column):
            column = -1
            continue
        found.add(start)
    return found


def _lines(text: str) -> list[tuple[int, str]]:
    """(start, line without spaces at its end) of every line."""
    return [(start, line.rstrip()) for start, line in each_line(text)]


def _width(lines: list[tuple[int, str]]) -> int:
    """The width that the lines were broken at, 0 when they were not."""
    broken = [
        (line, len(line), len(line) + 1 + len(below.split(None, 1)[0]))
        for (_, line), (_, below) in pairwise(lines)
        if line and line[-1] not in ".:!?" and below.lstrip()[:1].islower() and "\t" not in line
    ]
    if len(broken) < _FEWEST:
        return 0
    for width in sorted({length for _, length, _ in broken}, reverse=True)[:5]:
        full = [(line, passing) for line, length, passing in broken if length <= width < passing]
        if _NARROWEST <= width <= _WIDEST and len(full) >= _AGREEING * len(broken):
            return max(width, _longest(lines, full))
    return 0


def _longest(lines: list[tuple[int, str]], full: list[tuple[str, int]]) -> int:
    """The longest line that stands where the `full` ones do and below their words that did not fit: it was not too wide."""
    indents = {_indent(line) for line, _ in full}
    limit = min(passing for _, passing in full)
    return max((len(line) for _, line in lines if len(line) < limit and _indent(line) in indents), default=0)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _continues(line: str, below: str, width: int) -> bool:
    bare = below.lstrip()
    if not line or not bare or "\t" in line or "\t" in below or _OPENS_BLOCK.match(bare):
        return False
    if width < len(line) <= width + _MARGIN:
        return bare[0].islower() and line[-1] not in ".:!?"
    if not len(line) <= width < len(line) + 1 + len(bare.split(None, 1)[0]):
        return False
    return bare[0].islower() or not label_end(bare)
