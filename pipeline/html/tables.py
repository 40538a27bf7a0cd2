"""`<table>` elements: a grid of cells, in which a cell that spans several columns or rows stands in each of them.

A table that lays out a page is taken apart again: its cells hold headings, lists, other tables or long texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from itertools import chain, islice, pairwise
from typing import NamedTuple

from pipeline.html.leaves import Leaf, all_legal, in_line
from pipeline.html.marks import PICTURES, is_bullet
from pipeline.labels import label_book

_MOST_COLUMNS = 8
"""Columns in which a spanning cell is repeated; the widest table that any page shows has three."""
MOST_LEAVES = 60
"""Leaves of a cell whose text is looked at as a whole; a cell with more is no cell of a row."""
_LONGEST_REPEATED = 300
"""Characters of a cell that is repeated in each column and row that it spans."""
LONGEST_CELL = 2_000
"""Characters of a cell; what a company says of itself has some 200."""
_LONGEST_UNLABELLED = 200
"""Characters; a longer cell is a paragraph of a layout, unless the row's label says what it is."""


class Cell(NamedTuple):
    """One `<td>` or `<th>`: its text in one line, its leaves (none where that is all), and the columns and rows it takes."""

    text: str
    leaves: Sequence[Leaf]
    columns: int = 1
    rows: int = 1


def cell(text: str, leaves: Sequence[Leaf], attributes: Mapping[str, str | None]) -> Cell:
    """The cell of an element with these attributes."""
    if not attributes:
        return _new(Cell, (text, leaves, 1, 1))
    return Cell(text, leaves, _span(attributes.get("colspan")) or 1, _span(attributes.get("rowspan")))


def _span(value: str | None) -> int:
    """A number of columns or rows, 1 where it is none; 0 rows are all that follow."""
    digits = (value or "").strip()[:5]
    if not digits.isascii() or not digits.isdigit():
        return 1
    return int(digits)


_new = tuple.__new__
_GAP = " :"
_PLAIN_COLUMNS = 3
"""Columns of a table that compares two roles; one with more may have columns that part the others."""
_BETWEEN = frozenset({"", "vs", "vs.", "versus"})
_NOTHING = Cell("", ())
_CELL = re.compile(r"<t[dh](?: [^<>]*)?>([^<>]*)</t")
_AROUND_ROWS = re.compile(r"<t(?:able|head|body|foot)")


def plain_table(html: str) -> list[Leaf] | None:
    """The rows of a table in the parser's own HTML that holds nothing but short texts in cells; None for any other.

    Most tables are so, and are read in a fifth of the time that a walk over their elements takes.
    """
    rows = [_CELL.findall(row) for row in html.split("<tr")]
    tags = sum(map(len, rows)) + len(rows) - 1 + len(_AROUND_ROWS.findall(html))
    if html.count("<") != 2 * tags or rows[0] or "span=" in html or html.count("<table") > 1:
        return None
    if not _is_tidy(html):
        rows = [[in_line(unescape(text)) for text in row] for row in rows]
    exact = label_book().exact
    leaves = []
    for row in rows:
        filled = len(row) - row.count("")
        if not filled:
            continue
        if (
            row[0][:1] >= PICTURES
            or not 2 <= len(row) <= _PLAIN_COLUMNS
            or not (exact(row[0]) is not None or (filled > 1 and max(map(len, row)) <= _LONGEST_UNLABELLED))
        ):
            return None
        leaves.append(_new(Leaf, ("row", tuple(row), False, 0)))
    return leaves


def _is_tidy(html: str) -> bool:
    """Whether the texts between the tags are lines as they stand; six searches cost a tenth of one pattern."""
    return html.isascii() and not (
        "&" in html or "\n" in html or "  " in html or "> " in html or " <" in html or "\t" in html or "\r" in html
    )


def table_leaves(rows: Sequence[Sequence[Cell]]) -> Iterator[Leaf]:
    """The rows of a table as leaves; what is no row of short cells comes as the leaves of its cells."""
    if any(cell.columns > 1 or cell.rows != 1 for row in rows for cell in row):
        rows = _without_continued_columns(_grid(rows))
    rows = _without_gaps(rows)
    rows = _without_column_names([_without_label(row) for row in rows])
    shown: set[int] = set()
    above: Cell | None = None
    for row, below in pairwise([*rows, ()]):
        filled = [cell for cell in row if cell.text]
        if above is not None:
            yield Leaf("row", (above.text, *[cell.text for cell in row]))
            above = None
        elif filled and all(cell is filled[0] for cell in row) and _is_label_above(filled[0], below):
            above = filled[0]
        elif len(filled) == 2 and is_bullet(filled[0].text):
            first, *others = filled[1].leaves or (Leaf("text", (filled[1].text,)),)
            yield first._replace(kind="item" if first.kind == "text" else first.kind)
            yield from others
        elif _is_row(row, filled):
            yield Leaf("row", tuple([cell.text for cell in row]))
        else:
            for cell in filled:
                if id(cell) not in shown:
                    shown.add(id(cell))
                    yield from cell.leaves or (Leaf("text", (cell.text,)),)
        shown.update(map(id, filled))


def _is_label_above(cell: Cell, below: Sequence[Cell]) -> bool:
    """Whether a cell alone in its row is the label of the row below, which has none of its own."""
    label = label_book().exact(cell.text)
    if label is None or len(below) < 2 or label_book().exact(below[0].text) is not None:
        return False
    return all_legal(label, [other.text for other in below])


def _is_row(row: Sequence[Cell], filled: Sequence[Cell]) -> bool:
    if len(row) < 2 or not filled:
        return False
    if any(len(cell.text) >= LONGEST_CELL or len(cell.leaves) > MOST_LEAVES for cell in filled):
        return False
    if row[0].text and label_book().exact(row[0].text.rstrip(" :")) is not None:
        return True
    return len(filled) > 1 and any(cell is not filled[0] for cell in filled) and not any(map(_is_layout, filled))


def _is_layout(cell: Cell) -> bool:
    return len(cell.text) > _LONGEST_UNLABELLED or any(
        leaf.kind not in {"text", "run", "empty"} for leaf in cell.leaves
    )


def _without_gaps(rows: Sequence[Sequence[Cell]]) -> Sequence[Sequence[Cell]]:
    """The table without columns that part the others: empty ones, and those that say "vs".

    Where no row heads the columns an empty one may be that of a role without values.
    """
    width = len(rows[0]) if rows else 0
    if width <= _PLAIN_COLUMNS or len(rows) < 2 or any(len(row) != width for row in rows):
        return rows
    has_head = label_book().exact(rows[0][0].text) is None and label_book().exact(rows[0][1].text) is None
    kept = []
    for column in range(width):
        said = {row[column].text.lower() for row in rows}
        if not said <= _BETWEEN or (said == {""} and not has_head):
            kept.append(column)
    return rows if len(kept) in (0, width) else [[row[column] for column in kept] for row in rows]


def _without_label(row: Sequence[Cell]) -> Sequence[Cell]:
    """The row without its label in the other cells, where each of them repeats it for screens too small for columns."""
    label = row[0].text.rstrip(_GAP) if len(row) > 1 else ""
    rest = _behind([label] * (len(row) - 1), row[1:]) if label and label_book().exact(label) is not None else []
    return [row[0], *rest] if rest else row


def _without_column_names(rows: Sequence[Sequence[Cell]]) -> Sequence[Sequence[Cell]]:
    """The table without the names of its columns in their cells, where each of them repeats its own."""
    if len(rows) < 2 or not rows[0]:
        return rows
    names = [cell.text.rstrip(_GAP) for cell in rows[0][1:]]
    if not names or not all(names) or not all(len(row) == len(rows[0]) for row in rows):
        return rows
    rest = iter(_behind(names * (len(rows) - 1), [cell for row in rows[1:] for cell in row[1:]]))
    first = next(rest, None)
    if first is None:
        return rows
    cells = chain([first], rest)
    return [rows[0], *([row[0], *islice(cells, len(names))] for row in rows[1:])]


def _behind(names: Sequence[str], cells: Sequence[Cell]) -> list[Cell]:
    """The cells with what stands behind their names only; none where one begins otherwise, or nothing is left over."""
    rest = []
    for name, cell in zip(names, cells, strict=True):
        if cell.text and cell.text[: len(name)].lower() != name.lower():
            return []
        rest.append(cell._replace(text=cell.text[len(name) :].lstrip(_GAP)) if cell.text else cell)
    return rest if any(cell.text for cell in rest) else []


def _grid(rows: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    grid: list[list[Cell]] = []
    hanging: dict[int, tuple[Cell, int]] = {}
    for row in rows:
        line: list[Cell] = []
        below: dict[int, tuple[Cell, int]] = {}
        for cell in [*row, None]:
            while len(line) in hanging or (cell is None and hanging and len(line) <= max(hanging)):
                held, left = hanging.get(len(line), (_NOTHING, 0))
                if left > 1:
                    below[len(line)] = held, left - 1
                line.append(held)
            if cell is not None:
                repeated = cell if len(cell.text) <= _LONGEST_REPEATED else _NOTHING
                for number in range(max(1, min(cell.columns, _MOST_COLUMNS - len(line)))):
                    if cell.rows != 1 and len(line) < _MOST_COLUMNS:
                        below[len(line)] = repeated, (cell.rows or len(rows)) - 1
                    line.append(repeated if number else cell)
        hanging = below
        grid.append(line)
    return grid


def _without_continued_columns(grid: list[list[Cell]]) -> list[list[Cell]]:
    """The grid without the columns that only continue the one on their left: labels that span two columns."""
    for column in range(max(map(len, grid), default=0) - 1, 0, -1):
        pairs = [(row[column - 1], row[column]) for row in grid if column < len(row)]
        continued = [right is left and bool(right.text) for left, right in pairs]
        if any(continued) and all(
            same or not (left.text or right.text) for same, (left, right) in zip(continued, pairs, strict=True)
        ):
            grid = [[*row[:column], *row[column + 1 :]] for row in grid]
    return grid
