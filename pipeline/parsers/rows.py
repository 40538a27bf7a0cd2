"""Table rows of a comparison page: a label, and one cell for each role.

The header row says which column is whose. Where the text form kept the cells apart each is read by itself; where it did not,
all legal readings of the run are enumerated, one makes facts, several make ambiguous facts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations, permutations

from pipeline.glued import Cut, read_run
from pipeline.kinds import ASSUMED_CUT, NONE, Kind, new_part, says_nothing
from pipeline.labels import Label, label_book
from pipeline.ledger import Ledger, new_fact
from pipeline.model import Block, Reading
from pipeline.roles import Role, RoleBook

Span = tuple[int, int]

_UNGROUPED = re.compile(r"[1-9][0-9]{3,8}")
"""A count without its commas: spreadsheets and pandas take "24,817" for a number and print 24817."""
_DIGIT = re.compile(r"\d")
_LETTER = re.compile(r"[^\W\d_]")
_NO_WORDS = "$%"
"""What no name of a company, an industry or a college begins with."""
_MAX_GAPS = 6
"""Characters between the names of a header whose cells a form ran together."""


_MAX_PIECES = 40
"""Pieces of a row's cells; the ways to join more of them cost more than any row says."""


class Rows:
    """Reads the rows of one page; `columns` are the roles of the table that is being read, left to right.

    Without columns the rows are those of a table of other roles, and none is read.
    """

    def __init__(self, ledger: Ledger, book: RoleBook, roles: Sequence[Role]) -> None:
        self.ledger = ledger
        self.text = ledger.text
        self.book = book
        self.roles = list(roles)
        self.columns = list(roles)
        self._headers: dict[str, list[Role]] = {}
        """The columns of the headers met before: every table of a page has the same."""
        self._labels = label_book()
        self._names = [(role.singular or role.plural or "").lower() for role in roles]
        self._length = sum(map(len, self._names))

    def turn(self, *, is_own: bool) -> None:
        """What follows is about the page's own roles, or about others, until a header names them."""
        self.columns = self.roles if is_own else []

    def header(self, number: int, block: Block) -> bool:
        """Whether the block heads a table with the names of the roles; if so it gives the columns and the names."""
        kind, start, end, _, cells, _ = block
        if len(cells) < 2 and not (0 <= end - start - self._length <= _MAX_GAPS and kind in ("text", "heading")):
            return False
        words = self.text[start:end]
        columns = self._headers.get(words)
        if columns is None:
            columns = self._named(_filled(cells) if len(cells) > 1 else self._glued_header(start, words.lower()))
            if not columns:
                if len(cells) > 1 and self._names_others(number, _filled(cells)):
                    self.columns = []
                return False
            self._headers[words] = columns
        self.columns = columns
        self.ledger.took(number)
        return True

    def _named(self, cells: Sequence[Span]) -> list[Role]:
        """The roles that the cells of a header name, which learn their names from it; empty when it is none."""
        if len(cells) != len(self.roles):
            return []
        roles = [self.book.find(self.text[start:end]) for start, end in cells]
        columns = [role for role in roles if role is not None]
        if len(columns) != len(self.roles) or len(set(columns)) != len(columns):
            return []
        for start, end in cells:
            self.book.learn(start, end, plural=False, heading=True)
        return columns

    def _names_others(self, number: int, cells: Sequence[Span]) -> bool:
        """Whether a row heads a table of other roles: one name a column, above the first row with a label."""
        blocks = self.ledger.blocks
        above, below = blocks[number - 1 : number], blocks[number + 1 : number + 3]
        below = [block for block in below if block.kind != "rule"]
        if (above and above[0].kind == "row") or not below or below[0].kind != "row":
            return False
        texts = [self.text[start:end] for start, end in cells]
        return (
            len(texts) == len(self.roles)
            and self._labels.exact(self.text[slice(*below[0].cells[0])]) is not None
            and all(text[0].isalpha() and self.book.find(text) is None and not _DIGIT.search(text) for text in texts)
        )

    def _glued_header(self, start: int, words: str) -> list[Span]:
        """The header's cells where the text form ran them together: the names say where to cut, in whichever order they stand."""
        ways = []
        for names in permutations(self._names):
            cells, at = [], 0
            for name in names:
                at = len(words) - len(words[at:].lstrip())
                if not words.startswith(name, at):
                    break
                cells.append((start + at, start + at + len(name)))
                at += len(name)
            else:
                if at == len(words):
                    ways.append(cells)
        return ways[0] if len(ways) == 1 else []

    def row(self, number: int, block: Block) -> bool:
        """State the facts of a row; False when its label is unknown or no reading of it is legal."""
        start, end = block.cells[0]
        label = self._labels.exact(self.text[start:end]) if self.columns else None
        if label is None or (label.kind.name == "words" and self._names_all(end, block.end)):
            return False
        if len(block.cells) == 1:
            return self._glued_row(number, block, label, end)
        return self._parted_row(number, block, label)

    def _names_all(self, start: int, end: int) -> bool:
        """Whether a row of words names all roles: then the next heading was joined to it ("Finance Differences between ...")."""
        if end - start < self._length:
            return False
        words = self.text[start:end].lower()
        return all(name in words for name in self._names)

    # --- cells kept apart ------------------------------------------------------------------------------------------

    def _parted_row(self, number: int, block: Block, label: Label) -> bool:
        cells: Sequence[Span] = block.cells[1 : len(self.columns) + 1]
        if _filled(block.cells[len(self.columns) + 1 :]):
            cells = self._pieced(label, block.cells[1:])
        if len(cells) != len(self.columns):
            return False
        self.ledger.took(number)
        for role, (start, end) in zip(self.columns, cells, strict=True):
            if start == end:
                continue
            if _is_legal(label, self.text[start:end]):
                self._state(number, label, (role,), ((start, end),), 1.0)
            elif says_nothing(self.text[start:end]):
                self._state_nothing(label, role, start, end)
            else:
                self._leave(number, label, start, end)
        return True

    def _pieced(self, label: Label, pieces: Sequence[Span]) -> Sequence[Span]:
        """The cells of a row whose form broke cells into pieces, where the pieces admit one reading only."""
        text = self.text
        ways: list[list[Span]] = []
        if len(pieces) > _MAX_PIECES:
            return ()
        for cuts in combinations(range(1, len(pieces)), len(self.columns) - 1):
            ends = [*cuts, len(pieces)]
            cells = [(pieces[a][0], pieces[b - 1][1]) for a, b in zip([0, *cuts], ends, strict=True)]
            if all(_is_legal(label, cell := text[start:end]) or says_nothing(cell) for start, end in cells):
                ways.append(cells)
        return ways[0] if len(ways) == 1 else ()

    # --- cells glued -----------------------------------------------------------------------------------------------

    def _glued_row(self, number: int, block: Block, label: Label, begin: int) -> bool:
        text, end, kind = self.text, block.end, label.kind
        while begin < end and text[begin] in " :":
            begin += 1
        cuts = read_run(kind, text, begin, end, len(self.columns), block.gap)
        if not block.gap and (kind.assumed or not cuts) and text.find("  ", begin, end) != -1:
            # Columns of spaces that the page's other rows do not bear out: cells may end at them as well.
            cuts += read_run(kind, text, begin, end, len(self.columns), " ")
        if len(cuts) == 1:
            self.ledger.took(number)
            self._state(number, label, self.columns, cuts[0], self._confidence(cuts[0]) if kind.assumed else 1.0)
            return True
        # Several cuts of a kind that never has several when it is glued (shares parted by spaces) are no reading.
        if not cuts or (kind.pair is not None and kind.edges is None):
            return False
        self.ledger.took(number)
        for column, role in enumerate(self.columns):
            self._state_readings(role, label, [cut[column] for cut in cuts], (begin, end))
        return True

    def _confidence(self, cut: Cut) -> float:
        """Less than 1 where two cells of words were told apart by a capital only."""
        return ASSUMED_CUT if sum(self.text[start:end] != NONE for start, end in cut) > 1 else 1.0

    # --- what cells say --------------------------------------------------------------------------------------------

    def _state(self, number: int, label: Label, roles: Sequence[Role], cells: Sequence[Span], sure: float) -> None:
        """State what the cells of a row say, one for each role."""
        says = label.kind.says
        if says is None:
            self._state_parts(number, label, roles, cells, sure)
            return
        # Most rows of a page are of this sort, hence one loop without a call for each cell.
        text, add, metric, unit = self.text, self.ledger.facts.append, label.metrics[0], label.units[0]
        for role, (start, end) in zip(roles, cells, strict=True):
            raw = text[start:end]
            value, words = (None, None) if raw == NONE else says(raw)
            confidence = 1.0 if raw == NONE else sure
            add(new_fact(
                ("metrics", role.role_id, metric, "", "", value, words, unit, confidence, start, end, (), None, None)
            ))  # fmt: skip

    def _state_parts(
        self, number: int, label: Label, roles: Sequence[Role], cells: Sequence[Span], sure: float
    ) -> None:
        """State what cells say that make several statements, or none (a company's blurb without the company)."""
        text, add, metrics, units = self.text, self.ledger.facts.append, label.metrics, label.units
        for role, (start, end) in zip(roles, cells, strict=True):
            role_id, confidence = role.role_id, sure
            if text[start:end] == NONE:
                parts, confidence = [new_part((slot, "", None, None, start, end)) for slot in range(len(metrics))], 1.0
            else:
                parts = label.kind.read(text, start, end)
            if not parts:
                self._leave(number, label, start, end)
            for slot, category, value, words, begin, stop in parts:
                metric, unit = metrics[slot], units[slot]
                add(new_fact(
                    ("metrics", role_id, metric, category, "", value, words, unit, confidence, begin, stop, (), None, None)
                ))  # fmt: skip

    def _state_nothing(self, label: Label, role: Role, start: int, end: int) -> None:
        """State that the site has no value, for every metric of a cell."""
        for metric, unit in zip(label.metrics, label.units, strict=True):
            self.ledger.state_fact("metrics", role, metric, start, end, unit=unit)

    def _state_readings(self, role: Role, label: Label, cells: Sequence[Span], run: Span) -> None:
        """State a cell with several readings: `cells` has its span under each joint reading of `run`."""
        readings = tuple(self._reading(label.kind, start, end) for start, end in cells)
        confidence = (ASSUMED_CUT if label.kind.assumed else 1.0) / len(cells)
        self.ledger.state_fact(
            "metrics", role, label.metrics[0], *run, unit=label.units[0], confidence=confidence, readings=readings
        )

    def _reading(self, kind: Kind, start: int, end: int) -> Reading:
        raw = self.text[start:end]
        if raw == NONE:
            return Reading(None, None, start, end)
        if kind.says is not None:
            return Reading(*kind.says(raw), start, end)
        parts = kind.read(self.text, start, end)
        return Reading(*parts[0][2:]) if parts else Reading(None, None, start, end)

    def _leave(self, number: int, label: Label, start: int, end: int) -> None:
        self.ledger.leave(number, f"no legal value of the kind {label.kind.name}", start, end)


def _filled(cells: Sequence[Span]) -> list[Span]:
    return [cell for cell in cells if cell[1] > cell[0]]


def _is_legal(label: Label, cell: str) -> bool:
    """Whether a cell that a boundary sets apart can be of the row's kind; a tab parts pieces of one cell."""
    cell = cell.replace("\t", " ")
    if label.kind.assumed:
        # Words set apart begin as they like: the assumption about capitals is for glued runs only.
        return cell in ("", NONE) or (
            cell[0] not in _NO_WORDS and (cell[0].isalpha() or _LETTER.search(cell) is not None)
        )
    if label.kind.cell.fullmatch(cell):
        return True
    return label.kind.name == "count" and _UNGROUPED.fullmatch(cell) is not None
