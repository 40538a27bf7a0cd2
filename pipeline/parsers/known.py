"""What a page family's vocabulary knows of a page's blocks, before anything is concluded from it."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.lines import LineMatch, line_book
from pipeline.model import Shape
from pipeline.sentences import ClauseMatch, clause_book

_LONGEST_KNOWN_ITEM = 60
"""Characters of a list item that may be boilerplate ("Show more"); longer ones are responsibilities."""


class Known(NamedTuple):
    """For every block: the known line that it is, if any, and the clauses that it holds."""

    lines: list[LineMatch | None]
    clauses: list[list[ClauseMatch]]


def find_known(shape: Shape, family: str) -> Known:
    """Look every block up in the vocabulary of a page family; a block that is a known line holds no clauses."""
    text, book = shape.text, line_book(family)
    found = clause_book(family).find(text, shape.blocks)
    lines: list[LineMatch | None] = []
    clauses: list[list[ClauseMatch]] = []
    for number, (kind, start, end, *_) in enumerate(shape.blocks):
        prose = kind in ("text", "heading")
        line = book.match(text, start, end) if prose or (kind == "item" and end - start < _LONGEST_KNOWN_ITEM) else None
        lines.append(line)
        clauses.append(found.get(number, []) if line is None else [])
    return Known(lines, clauses)
