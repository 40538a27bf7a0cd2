"""Tables drawn with spaces (inscriptis, lynx, links, w3m), where a cell may be wrapped over several lines of its column.

The columns begin where the cells of plain rows do. The lines of a table are then cut at these places and grouped into rows so
that the pieces of the first column make up known labels, the pieces of the others legal cells, and every cell stands at the top
of its row or in the middle. A table whose lines can be grouped in two ways is left alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.forms.rewriting import Flat, Rewriting, each_line
from pipeline.labels import label_book, label_end

Span = tuple[int, int]

_PIECE = re.compile(r"\S+(?: \S+)*")
_ROLES = 2
"""Cells of a row behind its label, where the label alone, cut short by wrapping, does not make it one."""
_TALLEST_ROW = 16
_TALLEST_HEADER = 4
_MOST_LINES = 80
"""Lines of a table; the longest has eight rows."""
_PROSE = 40
"""Characters of a line that is no piece of a label."""
_INDENT = 8
"""Spaces before the piece of a cell; prose has three at most (lynx, links)."""
_TOP, _MIDDLE = "top", "middle"


class _Line(NamedTuple):
    start: int
    text: str


class _Row(NamedTuple):
    """The pieces of each column, and behind which line the row ends."""

    columns: tuple[tuple[Span, ...], ...]
    end: int


def ungridded(text: str) -> Flat:
    """The text with the rows of tables drawn with spaces as one line each, cells parted by tabs."""
    if "   " not in text and not label_end(text.lstrip()):
        return Flat(text)
    rewriting = Rewriting(text)
    at = 0
    for block in _paragraphs(text):
        for first, rows in _tables(text, block):
            rewriting.keep(at, block[first].start)
            _write(rows, block, rewriting)
            last = block[rows[-1].end - 1]
            at = last.start + len(last.text)
    if not at:
        return Flat(text)
    rewriting.keep(at, len(text))
    return rewriting.done()


def _paragraphs(text: str) -> Iterator[list[_Line]]:
    """The runs of lines that are neither blank nor prose: two tables with a sentence between them have columns of their own."""
    block: list[_Line] = []
    for start, line in each_line(text):
        if line.strip() and not _is_prose(line):
            block.append(_Line(start, line))
        elif block:
            yield block
            block = []
    if block:
        yield block


def _is_prose(line: str) -> bool:
    bare = line.strip()
    return len(bare) >= _PROSE and "  " not in bare and len(line) - len(line.lstrip()) < _INDENT and not label_end(bare)


def _tables(text: str, block: list[_Line]) -> Iterator[tuple[int, list[_Row]]]:
    """The tables of one paragraph: the number of the first line, and the rows."""
    starts = _column_starts(block)
    if not starts:
        return
    number = 0
    while number < len(block):
        end = number
        while end < len(block) and end - number < _MOST_LINES and _fits(block[end].text, starts):
            end += 1
        rows: list[_Row] = []
        if end > number:
            columns = [_columns(line, starts) for line in block[number:end]]
            rows = _group(text, columns)
        if rows:
            yield number, [row._replace(end=row.end + number) for row in rows]
            number += rows[-1].end
        else:
            number += 1


def _column_starts(block: Sequence[_Line]) -> tuple[int, ...]:
    """Where the columns behind the labels begin: where most rows of one line have their cells.

    Where most rows leave one space between their cells, the others show the columns if these rows fit into them.
    """
    votes: Counter[tuple[int, ...]] = Counter()
    for line in block:
        pieces = _pieces(line.text)
        first = line.text[slice(*pieces[0])]
        if len(pieces) > 1 and (label_end(first) or (len(pieces) > _ROLES and _begins_label(first))):
            votes[tuple(start for start, _ in pieces[1:])] += 1
    if not votes:
        return ()
    columns = Counter(len(starts) for starts in votes.elements()).most_common(1)[0][0]
    fitting = [starts for starts in votes if len(starts) == columns]
    if columns == 1:
        rows = [line.text for line in block if label_end(line.text.lstrip())]
        fitting = [starts for starts in votes if len(starts) == _ROLES and all(_fits(row, starts) for row in rows)]
    return max(fitting, key=lambda starts: (votes[starts], starts), default=())


def _pieces(line: str) -> list[Span]:
    """What stands between two spaces or more; a label ends a piece also before a single space."""
    pieces = [match.span() for match in _PIECE.finditer(line)]
    if pieces:
        start, end = pieces[0]
        stop = start + label_end(line[start:])
        if start < stop < end and line[stop] == " ":
            pieces[:1] = [(start, stop), (stop + 1, end)]
    return pieces


def _begins_label(words: str) -> bool:
    return any(label.startswith(words.lower() + " ") for label in label_book().texts())


def _fits(line: str, starts: Sequence[int]) -> bool:
    return all(line[start - 1 : start].strip() == "" for start in starts)


def _columns(line: _Line, starts: Sequence[int]) -> tuple[Span | None, ...]:
    """The piece of the line in every column, as a span of the text."""
    cuts = [0, *starts, len(line.text)]
    pieces: list[Span | None] = []
    for begin, end in zip(cuts, [*cuts[1:-1], len(line.text)], strict=False):
        bare = line.text[begin:end].strip()
        at = line.text.find(bare[0], begin) if bare else 0
        pieces.append((line.start + at, line.start + at + len(bare)) if bare else None)
    return tuple(pieces[: len(starts) + 1])


# --- lines to rows -------------------------------------------------------------------------------------------------

Lines = Sequence[tuple[Span | None, ...]]


def _group(text: str, lines: Lines) -> list[_Row]:
    """The one way to group the lines from the first on into a header and rows; empty when there is none or several."""
    for header in range(min(_TALLEST_HEADER, len(lines))):
        if any(line[0] is not None for line in lines[:header]):
            break
        ways = {tuple(rows) for aligned in (_TOP, _MIDDLE) if (rows := _rows(text, lines, header, aligned))}
        longest = max((rows[-1].end for rows in ways), default=0)
        best = [rows for rows in ways if rows[-1].end == longest]
        if len(best) == 1:
            head = [_Row(_stacked(lines[:header]), header)] if header else []
            return [*head, *best[0]]
    return []


def _rows(text: str, lines: Lines, start: int, aligned: str) -> list[_Row]:
    """The rows of as many lines as make rows; empty when lines can be grouped in several ways."""
    ways: dict[int, list[_Row] | None] = {start: []}
    for begin in range(start, len(lines)):
        before = ways.get(begin)
        if before is None:
            continue
        for end in range(begin + 1, min(len(lines), begin + _TALLEST_ROW) + 1):
            columns = _row_columns(text, lines[begin:end], aligned)
            if columns is not None:
                ways[end] = None if end in ways else [*before, _Row(columns, end)]
    last = max(ways)
    return ways[last] or []


def _row_columns(text: str, lines: Lines, aligned: str) -> tuple[tuple[Span, ...], ...] | None:
    """The pieces of each column where the lines can be one row."""
    columns = _stacked(lines)
    label = label_book().exact(_joined(text, columns[0])) if columns[0] else None
    if label is None:
        return None
    for number, pieces in enumerate(columns):
        filled = [row for row, line in enumerate(lines) if line[number] is not None]
        if not filled or filled[-1] - filled[0] != len(filled) - 1:
            return None
        if filled[0] != (0 if aligned == _TOP else (len(lines) - len(filled)) // 2):
            return None
        if number and not label.kind.assumed and not label.kind.cell.fullmatch(_joined(text, pieces)):
            return None
    return columns


def _stacked(lines: Lines) -> tuple[tuple[Span, ...], ...]:
    return tuple(tuple(piece for piece in column if piece is not None) for column in zip(*lines, strict=True))


def _joined(text: str, pieces: Sequence[Span]) -> str:
    return " ".join(text[start:end] for start, end in pieces)


def _write(rows: Sequence[_Row], block: Sequence[_Line], rewriting: Rewriting) -> None:
    for number, row in enumerate(rows):
        if number:
            above = block[rows[number - 1].end - 1]
            rewriting.put("\n", above.start + len(above.text), above.start + len(above.text))
        for column, pieces in enumerate(row.columns):
            for piece, (start, end) in enumerate(pieces):
                if piece or column:
                    rewriting.put(" " if piece else "\t", start, start)
                rewriting.keep(start, end)
