"""Cuts a run of glued cells into every legal reading.

A text form that keeps no cell boundaries leaves a row as a label and one cell per column with nothing (or one space)
between: "Number of jobs24,81723,948". What a cell can look like (:mod:`pipeline.kinds`) decides where it can end. This
module never chooses: one reading is a fact, several go on together, none means that the run is something else.

>>> from pipeline.kinds import KINDS
>>> [[run[s:e] for s, e in cells] for run in ["4668,658"] for cells in read_run(KINDS["count"], run, 0, 8, 2)]
[['4', '668,658'], ['46', '68,658'], ['466', '8,658']]
>>> [[run[s:e] for s, e in cells] for run in ["--10%"] for cells in read_run(KINDS["percent"], run, 0, 5, 2)]
[['-', '-10%']]
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.kinds import NONE, Kind

Span = tuple[int, int]
Cut = tuple[Span, ...]
"""One joint reading of a run: the span of each cell, in the order of the columns."""

MAX_RUN = 2_000
"""Characters; the longest real run, two company blurbs, has some 500. Longer ones are no table rows."""
MAX_EDGES = 64
"""Places where a cell may end; a run with more is no row of words."""
MAX_READINGS = 200
"""Joint readings of one run; more are as good as none."""


def read_run(kind: Kind, text: str, start: int, end: int, columns: int, gap: str = "") -> list[Cut]:
    """Every legal way to cut `text[start:end]` into `columns` cells of `kind` with `gap` between them.

    `gap` is "" or " "; a gap of " " stands for any number of spaces. The result is in the order of the first cell's end.
    It is empty when no cut is legal, or when more than MAX_READINGS are.
    """
    if end - start > MAX_RUN or start >= end:
        return []
    if not gap and columns == 2:
        if kind.pair is not None:
            match = kind.pair.fullmatch(text, start, end)
            if match is not None:
                return [(match.span(1), match.span(2))]
            if kind.edges is None:
                return []
        if end - start == 2 and text[start] == NONE == text[start + 1]:
            return [((start, start + 1), (start + 1, end))]
    edges = _spaces(text, start, end) if gap else _edges(kind, text, start, end)
    if len(edges) > MAX_EDGES:
        return []
    cuts: list[Cut] = []
    for cut in _cuts(kind, text, start, end, columns, edges):
        cuts.append(cut)
        if len(cuts) > MAX_READINGS:
            return []
    return cuts


def _edges(kind: Kind, text: str, start: int, end: int) -> list[Span]:
    """Where one cell can end and the next begin: (end, begin) pairs, which differ only when there is a gap."""
    if kind.edges is None:
        return [(at, at) for at in range(start + 1, end)]
    edges = kind.edges(text, start, end)
    # `-` is a cell of every kind: it may end behind the first character and begin before the last.
    if text[start] == NONE and start + 1 not in edges:
        edges.insert(0, start + 1)
    if text[end - 1] == NONE and end - 1 not in edges and end - 1 > start:
        edges.append(end - 1)
    return [(at, at) for at in edges]


def _spaces(text: str, start: int, end: int) -> list[Span]:
    edges: list[Span] = []
    at = text.find(" ", start, end)
    while at != -1:
        begin = at + 1
        while begin < end and text[begin] == " ":
            begin += 1
        edges.append((at, begin))
        at = text.find(" ", begin, end)
    return edges


def _cuts(kind: Kind, text: str, start: int, end: int, columns: int, edges: list[Span]) -> Iterator[Cut]:
    if columns == 1:
        if kind.cell.fullmatch(text, start, end):
            yield ((start, end),)
        return
    for number, (stop, begin) in enumerate(edges):
        if kind.cell.fullmatch(text, start, stop):
            for rest in _cuts(kind, text, begin, end, columns - 1, edges[number + 1 :]):
                yield ((start, stop), *rest)
