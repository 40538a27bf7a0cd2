"""The resolver's engine on one machine: DuckDB, in process, within a limit of memory."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from itertools import chain, islice
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import NamedTuple, TypeVar

import duckdb
import pyarrow as pa

from pipeline.resolve.engine import Source, Step

_Found = TypeVar("_Found")
_log = logging.getLogger(__name__)

MEMORY = 1000
"""MB that the SQL may hold; beyond it goes to disk. 100,000 pages took no longer with 1,200 than with all there is."""
_MORE = (2, 4)
"""How many times that a query gets which cannot do with it, before it gets what the machine has."""
_SETTINGS = (
    "SET TimeZone = 'UTC'",  # dates of fetching must not depend on where the job runs
    "SET preserve_insertion_order = false",  # every query that shows its order says ORDER BY
)
_FUNCTIONS = ("CREATE TEMP MACRO replace_all(t, pattern, replacement) AS regexp_replace(t, pattern, replacement, 'g')",)


class _Limit(NamedTuple):
    """What a query is tried with; without a number of MB it may have what the machine has."""

    threads: int
    memory: int | None

    def __str__(self) -> str:
        memory = "the memory of this machine" if self.memory is None else f"{self.memory} MB of memory"
        return f"{memory} with {self.threads} at work"


class DuckdbEngine:
    """An :class:`pipeline.resolve.engine.Engine`; a context manager.

    `threads` (all cores by default) and `memory` (in MB) limit it; what does not fit goes to a folder below `spill`, or below
    the system's folder for temporary files, and is removed in the end.
    """

    page = "document_id"

    def __init__(self, threads: int | None = None, memory: int = MEMORY, spill: str | None = None) -> None:
        self._memory = memory
        self._folder = TemporaryDirectory(prefix="rolepages-", dir=spill)
        config: dict[str, str | bool | int | float | list[str]] = {
            "autoinstall_known_extensions": "false",
            "memory_limit": f"{memory}MB",
            "temp_directory": self._folder.name,
        }
        if threads is not None:
            config["threads"] = threads
        self._connection = duckdb.connect(config=config)
        self._settings = self._connection.cursor()
        """Where to change what holds for all, while the other one streams rows."""
        usual = threads or int(self._connection.sql("SELECT current_setting('threads')").fetchall()[0][0])
        # Each thread holds memory of its own, and a query that takes twice as long is better than one that takes twice the memory.
        more = [_Limit(usual, times * memory) for times in _MORE]
        self._limits = list(dict.fromkeys((_Limit(usual, memory), _Limit(1, memory), *more, _Limit(usual, None))))
        self._limit = self._limits[0]
        for statement in (*_SETTINGS, *_FUNCTIONS):
            self._connection.execute(statement)
        hide_progress(self._connection)

    def __enter__(self) -> DuckdbEngine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Forget everything and remove what was spilled to disk."""
        self._settings.close()
        self._connection.close()
        self._folder.cleanup()

    def register(self, name: str, source: Source, columns: Mapping[str, str]) -> None:
        """Make a source known as `name`; it is read in place, column by column as the SQL needs them."""
        # A file list goes through the reader of the engine, which knows how many rows there are; it plans badly without.
        relation = self._connection.read_parquet(list(source)) if not isinstance(source, pa.Table) else source
        self._connection.register(f"{name}_source", relation)
        renamed = ", ".join(f'"{column}" AS "{new}"' for new, column in columns.items())
        self._connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT {renamed} FROM {name}_source")

    def run(self, step: Step) -> None:
        """Compute the step's relation and keep it under its name."""
        kind = "TABLE" if step.kept else "VIEW"
        select = f"SELECT ROW_NUMBER() OVER () AS {step.number}, * FROM ({step.select})" if step.number else step.select
        statement = f"CREATE OR REPLACE TEMP {kind} {step.name} AS {select}"
        self._with_memory(step.name, lambda: self._connection.execute(statement))

    def forget(self, steps: Iterable[Step]) -> None:
        """Free the memory of relations that nothing will ask for; they may be gone already."""
        for step in steps:
            self._connection.execute(f"DROP {'TABLE' if step.kept else 'VIEW'} IF EXISTS {step.name}")

    def gather(self, name: str, select: str) -> None:
        """From (`id`, `item`) make (`id`, `items`): the distinct items, sorted."""
        statement = (
            f"CREATE OR REPLACE TEMP TABLE {name} AS"
            f" SELECT id, list(item ORDER BY item) AS items FROM (SELECT DISTINCT id, item FROM ({select})) GROUP BY id"
        )
        self._with_memory(name, lambda: self._connection.execute(statement))

    def batches(self, name: str, select: str, size: int) -> pa.RecordBatchReader:
        """The rows of a query as a stream."""

        def begun() -> tuple[pa.RecordBatchReader, list[pa.RecordBatch]]:
            reader = self._connection.sql(select).to_arrow_reader(size)
            return reader, [*islice(reader, 1)]  # whatever sorts has sorted when the first rows are there

        reader, first = self._with_memory(name, begun)
        return pa.RecordBatchReader.from_batches(reader.schema, chain(first, reader))

    def make_room(self) -> None:
        """Keeps to a quarter of the memory until the next query; what that may ask for goes to disk. No stream may be open."""
        with suppress(duckdb.OutOfMemoryException):  # then it is as it was
            self._set_limit(self._limits[0]._replace(memory=self._memory // 4))

    def _with_memory(self, name: str, work: Callable[[], _Found]) -> _Found:
        """Does some work within the limit of memory; what cannot be done so is done by one thread, then with more memory.

        Not all that a query holds can go to disk: a million pages have met several that could not do with 1,200 MB.
        """
        *limits, last = self._limits
        for limit in limits:
            try:
                self._set_limit(limit)  # may fail as well: what is held cannot always be put aside
                return work()
            except duckdb.OutOfMemoryException:
                _log.warning("%s: takes more than %s", name, limit)
        self._set_limit(last)
        return work()

    def _set_limit(self, limit: _Limit) -> None:
        if limit == self._limit:
            return
        memory = "RESET memory_limit" if limit.memory is None else f"SET memory_limit = '{limit.memory}MB'"
        for statement in (memory, f"SET threads = {limit.threads}"):
            self._settings.execute(statement)
        self._limit = limit


def hide_progress(connection: duckdb.DuckDBPyConnection) -> None:
    """No progress bar, whoever watches. In a notebook without ipywidgets there is none, and switching it off is an error."""
    if connection.sql("SELECT current_setting('enable_progress_bar')").fetchall() != [(False,)]:
        connection.execute("SET enable_progress_bar = false")
