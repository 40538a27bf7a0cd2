"""Table rows of a comparison page: a label, and one cell for each role.

The header row says which column is whose. Where the text form kept the cells apart each is read by itself; where it did not,
all legal readings of the run are enumerated, one makes facts, several make ambiguous facts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations

from pipeline.glued import read_run
from pipeline.kinds import ASSUMED_CUT
from pipeline.labels import Label, label_book
from pipeline.ledger import Ledger
from pipeline.model import Block
from pipeline.roles import Role, RoleBook

Span = tuple[int, int]

_UNGROUPED = re.compile(r"[1-9][0-9]{3,8}")
"""A count without its commas: spreadsheets and pandas take "24,817" for a number and print 24817."""
_MAX_GAPS = 6
"""Characters between the names of a header whose cells a form ran together."""


_MAX_PIECES = 40
"""Pieces of a row's cells; the ways to join more of them cost more than any row says."""


class Rows:
    """Reads the rows of one page; `columns` are the roles of the table that is being read, left to right."""

    def __init__(self, ledger: Ledger, book: RoleBook, roles: Sequence[Role]) -> None:
        self.ledger = ledger
        self.book = book
        self.roles = list(roles)
        self.columns = list(roles)
        self._labels = label_book()
        self._names = [(role.singular or role.plural or "").lower() for role in roles]
        self._length = sum(map(len, self._names))

    def header(self, number: int, block: Block) -> bool:
        """Whether the block heads a table with the names of the roles; if so it gives the columns and the names."""
        cells = _filled(block.cells) if len(block.cells) > 1 else self._glued_header(block)
        if len(cells) != len(self.roles):
            return False
        roles = [self.book.find(self.ledger.text[start:end]) for start, end in cells]
        columns = [role for role in roles if role is not None]
        if len(columns) != len(self.roles) or len(set(columns)) != len(columns):
            return False
        for start, end in cells:
            self.book.learn(start, end, plural=False, heading=True)
        self.columns = columns
        self.ledger.took(number)
        return True

    def _glued_header(self, block: Block) -> list[Span]:
        """The header's cells where the text form ran them together: the names say where to cut."""
        length = block.end - block.start
        if not 0 <= length - self._length <= _MAX_GAPS or block.kind not in ("text", "heading"):
            return []
        words = self.ledger.text[block.start : block.end].lower()
        cells, at = [], 0
        for name in self._names:
            at = len(words) - len(words[at:].lstrip())
            if not words.startswith(name, at):
                return []
            cells.append((block.start + at, block.start + at + len(name)))
            at += len(name)
        return cells if at == length else []

    def row(self, number: int, block: Block) -> bool:
        """State the facts of a row; False when its label is unknown or no reading of it is legal."""
        start, end = block.cells[0]
        label = self._labels.exact(self.ledger.text[start:end])
        if label is None:
            return False
        if len(block.cells) == 1:
            return self._glued_row(number, block, label, end)
        return self._parted_row(number, block, label)

    # --- cells kept apart ------------------------------------------------------------------------------------------

    def _parted_row(self, number: int, block: Block, label: Label) -> bool:
        cells: Sequence[Span] = block.cells[1 : len(self.columns) + 1]
        if _filled(block.cells[len(self.columns) + 1 :]):
            cells = self._pieced(label, block.cells[1:])
        if len(cells) != len(self.columns):
            return False
        self.ledger.took(number)
        for role, (start, end) in zip(self.columns, cells, strict=True):
            if not self._cell(role, label, start, end):
                self.ledger.leave(number, f"no legal value of the kind {label.kind.name}", start, end)
        return True

    def _pieced(self, label: Label, pieces: Sequence[Span]) -> Sequence[Span]:
        """The cells of a row whose form broke cells into pieces, where the pieces admit one reading only."""
        text = self.ledger.text
        ways: list[list[Span]] = []
        if len(pieces) > _MAX_PIECES:
            return ()
        for cuts in combinations(range(1, len(pieces)), len(self.columns) - 1):
            ends = [*cuts, len(pieces)]
            cells = [(pieces[a][0], pieces[b - 1][1]) for a, b in zip([0, *cuts], ends, strict=True)]
            if all(_is_legal(label, text[start:end]) for start, end in cells):
                ways.append(cells)
        return ways[0] if len(ways) == 1 else ()

    def _cell(self, role: Role, label: Label, start: int, end: int) -> bool:
        if start == end:
            return True
        if not _is_legal(label, self.ledger.text[start:end]):
            return False
        return self.ledger.state_cell(role, label.metrics, label.kind, start, end, 1.0)

    # --- cells glued -----------------------------------------------------------------------------------------------

    def _glued_row(self, number: int, block: Block, label: Label, begin: int) -> bool:
        text = self.ledger.text
        while begin < block.end and text[begin] in " :":
            begin += 1
        cuts = read_run(label.kind, text, begin, block.end, len(self.columns), block.gap)
        if not cuts or (len(cuts) > 1 and label.kind.pair is not None and label.kind.edges is None):
            # Several cuts of a kind that never has several when it is glued (shares parted by spaces) are no reading.
            return False
        self.ledger.took(number)
        if len(cuts) > 1:
            for column, role in enumerate(self.columns):
                cells = [cut[column] for cut in cuts]
                self.ledger.state_readings(role, label.metrics, label.kind, cells, (begin, block.end))
            return True
        self._single_reading(number, label, cuts[0])
        return True

    def _single_reading(self, number: int, label: Label, cut: Sequence[Span]) -> None:
        confidence = 1.0
        if label.kind.assumed and sum(end - start > 1 or self.ledger.text[start] != "-" for start, end in cut) > 1:
            confidence = ASSUMED_CUT
        for role, (start, end) in zip(self.columns, cut, strict=True):
            if not self.ledger.state_cell(role, label.metrics, label.kind, start, end, confidence):
                self.ledger.leave(number, f"no legal value of the kind {label.kind.name}", start, end)


def _filled(cells: Sequence[Span]) -> list[Span]:
    return [cell for cell in cells if cell[1] > cell[0]]


def _is_legal(label: Label, cell: str) -> bool:
    """Whether a cell that a boundary sets apart can be of the row's kind; a tab parts pieces of one cell."""
    cell = cell.replace("\t", " ")
    # Words set apart may be anything: the assumption about capitals is for glued runs only.
    if label.kind.assumed or label.kind.cell.fullmatch(cell):
        return True
    return label.kind.name == "count" and _UNGROUPED.fullmatch(cell) is not None
