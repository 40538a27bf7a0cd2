"""What a page family's vocabulary knows of a page's blocks, before anything is concluded from it."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.lines import LineMatch, line_book
from pipeline.model import Shape
from pipeline.sentences import ClauseMatch, clause_book


class Known(NamedTuple):
    """The known lines, and the clauses of paragraphs, by the number of their block, in order."""

    lines: dict[int, LineMatch]
    clauses: dict[int, list[ClauseMatch]]


def find_known(shape: Shape, family: str) -> Known:
    """Look every block up in the vocabulary of a page family; a block that is a known line holds no clauses."""
    lines = line_book(family).find(shape.text, shape.blocks)
    return Known(lines, clause_book(family).find(shape.text, shape.blocks, lines))
