"""The resolver's engine on one machine: DuckDB, in process."""

from __future__ import annotations

from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

if TYPE_CHECKING:
    from pipeline.resolve.engine import Step

_SETTINGS = (
    "SET TimeZone = 'UTC'",  # dates of fetching must not depend on where the job runs
    "SET preserve_insertion_order = false",  # every query that shows its order says ORDER BY
    "SET enable_progress_bar = false",
)
_FUNCTIONS = ("CREATE TEMP MACRO replace_all(t, pattern, replacement) AS regexp_replace(t, pattern, replacement, 'g')",)


class DuckdbEngine:
    """An :class:`pipeline.resolve.engine.Engine`; use it as a context manager.

    `threads` and `memory` (as DuckDB spells it: "3GB") limit it; beyond the memory it spills to the folder `spill`.
    """

    def __init__(self, threads: int | None = None, memory: str | None = None, spill: str | None = None) -> None:
        config: dict[str, str | bool | int | float | list[str]] = {"autoinstall_known_extensions": "false"}
        if threads is not None:
            config["threads"] = str(threads)
        if memory is not None:
            config["memory_limit"] = memory
        if spill is not None:
            config["temp_directory"] = spill
        self._connection = duckdb.connect(config=config)
        for statement in (*_SETTINGS, *_FUNCTIONS):
            self._connection.execute(statement)

    def __enter__(self) -> DuckdbEngine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def register(self, name: str, table: pa.Table) -> None:
        """Make an Arrow table known to the SQL as `name`; it is read in place, not copied."""
        self._connection.register(name, table)

    def run(self, step: Step) -> None:
        """Compute the step's relation and keep it under its name."""
        kind = "TABLE" if step.kept else "VIEW"
        self._connection.execute(f"CREATE OR REPLACE TEMP {kind} {step.name} AS {step.select}")

    def gather(self, name: str, select: str) -> None:
        """From (`id`, `item`) make (`id`, `items`): the distinct items, sorted."""
        self._connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {name} AS"
            f" SELECT id, list(item ORDER BY item) AS items FROM (SELECT DISTINCT id, item FROM ({select})) GROUP BY id"
        )

    def query(self, select: str) -> pa.Table:
        """The rows of a query as one Arrow table."""
        return self._connection.sql(select).to_arrow_table()

    def drop(self, names: Iterable[str]) -> None:
        """Forget relations."""
        for name in names:
            self._connection.execute(f"DROP TABLE IF EXISTS {name}")
