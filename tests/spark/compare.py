"""Holds the tables of two engines against each other, row for row."""

from __future__ import annotations

from pathlib import Path

from pipeline import open_tables
from pipeline.tables import TABLES


def differences(one: Path, other: Path) -> list[str]:
    """A line for each table that differs, with the first row that does. Both come sorted by key."""
    found = []
    left, right = open_tables(one), open_tables(other)
    for table in TABLES:
        rows, others = left.arrow(table.name), right.arrow(table.name)
        assert rows.schema.remove_metadata() == others.schema.remove_metadata(), table.name
        if rows.replace_schema_metadata() != others.replace_schema_metadata():
            pairs = zip(rows.to_pylist(), others.to_pylist(), strict=False)
            first = next(((a, b) for a, b in pairs if a != b), ("one ends before the other",))
            found.append(f"{table.name}, {rows.num_rows} and {others.num_rows} rows: {first}")
    return found
