"""Holds the tables of two engines against each other, row for row, as they lie in the files: sorted by key."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from pipeline import open_tables
from pipeline.store.contract import conform
from pipeline.tables import TABLES, Table

_ROWS = 20_000
"""Rows that are held at a time."""


def differences(one: Path, other: Path) -> list[str]:
    """A line for each table that differs, with the first row that does."""
    left, right = open_tables(one), open_tables(other)
    found = (_difference(table, left.files(table.name), right.files(table.name)) for table in TABLES)
    return [line for line in found if line]


def _difference(table: Table, files: list[Path], others: list[Path]) -> str:
    pairs = zip_longest(_slices(table, files), _slices(table, others))
    for first, (rows, same) in zip(range(0, 1 << 62, _ROWS), pairs, strict=False):
        if rows is None or same is None or not rows.equals(same):
            cells = zip_longest(*(part.to_pylist() if part else [] for part in (rows, same)))
            row, left, right = next((row, a, b) for row, (a, b) in enumerate(cells, first) if a != b)
            return f"{table.name}, row {row}: {left} and {right}"
    return ""


def _slices(table: Table, files: list[Path]) -> Iterator[pa.Table]:
    """The rows as a reader sees them, always as many at a time, whatever files and row groups they lie in."""
    kept = table.to_arrow().empty_table()
    for file in files:
        for batch in parquet.ParquetFile(file).iter_batches(_ROWS):
            kept = pa.concat_tables([kept, conform(table, pa.Table.from_batches([batch]))])
            while kept.num_rows >= _ROWS:
                yield kept.slice(0, _ROWS)
                kept = kept.slice(_ROWS)
    if kept.num_rows:
        yield kept
