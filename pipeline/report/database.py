"""The tables of one run folder, for questions in SQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from pipeline.resolve.duckdb import hide_progress
from pipeline.store.layout import literal, table_parts
from pipeline.tables import TABLES

MEMORY = "1GB"
"""What a query may hold before it goes to disk."""


@contextmanager
def connect(folder: Path, spill: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection in which every table of the run is a view by its name; nothing is copied.

    What a query cannot hold goes to a folder below `spill`, or below the system's folder for temporary files.
    """
    with TemporaryDirectory(prefix="rolepages-", dir=spill) as scratch:
        config = {"memory_limit": MEMORY, "temp_directory": scratch, "autoinstall_known_extensions": "false"}
        with duckdb.connect(config=dict(config)) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            hide_progress(connection)
            for table in TABLES:
                connection.read_parquet([literal(part) for part in table_parts(folder, table.name)]).create_view(
                    table.name
                )
            yield connection


Row = dict[str, Any]


def rows(connection: duckdb.DuckDBPyConnection, query: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
    """The rows of a query, each by the names of its columns."""
    cursor = connection.execute(query, parameters)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def columns(
    connection: duckdb.DuckDBPyConnection, query: str, parameters: Mapping[str, Any] | None = None
) -> dict[str, list[Any]]:
    """The columns of a query by their names: for many rows."""
    found = connection.sql(query, params=parameters).to_arrow_table()
    return {name: found[name].to_pylist() for name in found.column_names}
