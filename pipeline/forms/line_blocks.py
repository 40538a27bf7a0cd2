"""Text with one block a line: bulleted, dashed, stripped, and pipe tables.

These forms differ in their item markers, in whether headings survive, and in how they draw table rows; all of that shows on
the line itself, so that one pass serves them all, and mixtures of them as well.
"""

from __future__ import annotations

import re
from functools import cache

from pipeline.labels import LabelBook, label_book
from pipeline.model import Block
from pipeline.templates import Template, compile_template
from pipeline.vocabulary import load

_MARKERS = frozenset("•-*+")
_RULE = re.compile(r"[\s|:+=-]*-{3,}[\s|:+=-]*")
_HEADING = re.compile(r"#{1,6} +")
# Where a heading may be glued to the paragraph before it (seed 002: "...your resume.Compare different ...").
_JOIN = re.compile(r"(?<=[a-z0-9)%\"']{2}[.!?])(?=[A-Z])")
_MAX_HEADING = 250


def line_blocks(text: str) -> list[Block]:
    """The blocks of a folded text, in order; every non-blank line is covered."""
    labels = label_book()
    blocks: list[Block] = []
    add = blocks.append
    start = 0
    for number, line in enumerate(text.split("\n"), 1):
        stop = start + len(line)
        bare = line.strip()
        if bare:
            begin = start + line.index(bare[0])
            _line(text, begin, begin + len(bare), number, labels, add)
        start = stop + 1
    return blocks


def _line(text: str, begin: int, end: int, number: int, labels: LabelBook, add) -> None:  # type: ignore[no-untyped-def]
    first = text[begin]
    if first in _MARKERS and begin + 1 < end and text[begin + 1] == " ":
        while text[begin + 1] == " ":
            begin += 1
        add(Block("item", begin + 1, end, number))
    elif "|" in text[begin:end] and (row := _pipe_row(text, begin, end, number)):
        add(row)
    elif first == "#" and (mark := _HEADING.match(text, begin, end)):
        add(Block("heading", mark.end(), end, number))
    elif label := labels.find(text, begin, end):
        add(Block("row", begin, end, number, ((begin, begin + len(label.text)),)))
    else:
        for start, stop in _cut_headings(text, begin, end):
            add(Block("text", start, stop, number))


def _pipe_row(text: str, begin: int, end: int, number: int) -> Block | None:
    if _RULE.fullmatch(text, begin, end):
        return Block("rule", begin, end, number)
    cells: list[tuple[int, int]] = []
    start = begin
    for piece in text[begin:end].split("|"):
        bare = piece.strip()
        at = start + (piece.index(bare[0]) if bare else 0)
        cells.append((at, at + len(bare)))
        start += len(piece) + 1
    # Outer bars leave an empty piece at either end; an empty cell inside is a cell.
    if cells[0][0] == cells[0][1] and text[begin] == "|":
        cells.pop(0)
    if len(cells) > 1 and cells[-1][0] == cells[-1][1]:
        cells.pop()
    filled = [cell for cell in cells if cell[1] > cell[0]]
    return Block("row", begin, end, number, tuple(cells)) if len(filled) > 1 else None


@cache
def _glued_headings() -> tuple[Template, ...]:
    return tuple(
        compile_template(entry["text"], whole=True, ignore_case=True)
        for entry in load("lines")["line"]
        if entry.get("glued")
    )


def _cut_headings(text: str, begin: int, end: int) -> list[tuple[int, int]]:
    """The line as one block, or cut before a known heading that is glued to its end."""
    low = max(begin, end - _MAX_HEADING)
    for heading in _glued_headings():
        if text.find(heading.anchor, low, end) != -1:
            for join in reversed(list(_JOIN.finditer(text, low, end))):
                if heading.pattern.fullmatch(text, join.start(), end):
                    return [(begin, join.start()), (join.start(), end)]
    return [(begin, end)]
