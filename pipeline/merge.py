"""Shards become one dump: copies of a page are marked and count once, whatever was parsed with what, when, and where."""

# ruff: noqa: S608 - the SQL is put together from names of our own and from paths of our own files

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline import copies
from pipeline.cache import PAGE, RANGES, SEEN, lower_bound, row_files
from pipeline.errors import OutputError
from pipeline.options import EXAMPLES, Quarantined
from pipeline.resolve.duckdb import DuckdbEngine
from pipeline.resolve.engine import Source
from pipeline.resolve.resolution import Resolution
from pipeline.store.durable import writing
from pipeline.tables import DOCUMENTS, OBSERVATIONS, READINGS, TABLES, UNPARSED, Table

_ROWS = 65_536
"""Rows of a batch, and of a row group of the file of documents."""
_SORTED_ROWS = 1 << 20
"""Rows that are sorted in memory; some 300 MB."""


class SeenDocuments:
    """The rows of `documents` of this run, on their way to a file; a context manager."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with writing(path):
            self._writer = pq.ParquetWriter(path, SEEN, compression="zstd", compression_level=1)
        self._waiting: list[pa.RecordBatch] = []
        self._rows = 0

    def __enter__(self) -> SeenDocuments:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._flush()
            with writing(self._path):
                self._writer.close()

    def add(self, documents: pa.RecordBatch) -> None:
        """Takes rows in the schema :data:`pipeline.cache.SEEN`."""
        self._waiting.append(documents)
        self._rows += documents.num_rows
        if self._rows >= _ROWS:
            self._flush()

    def _flush(self) -> None:
        with writing(self._path):
            self._writer.write_table(pa.Table.from_batches(self._waiting, SEEN))
        self._waiting, self._rows = [], 0


class Dump(DuckdbEngine):
    """All documents of a run and their rows, in DuckDB, within a limit of memory; a context manager.

    `seen` is the file of :class:`SeenDocuments`. Rows in `bundles` that no document of the run needs, those of copies and of
    pages that only earlier runs met, are passed over; which of the copies is kept says :mod:`pipeline.copies`.

    Its relations are called `dump_...`, to keep apart from the resolver's.
    """

    def __init__(self, seen: Path, bundles: Sequence[Path], *, threads: int, spill: Path) -> None:
        super().__init__(threads=threads, spill=str(spill))
        self._spill = spill
        self.ambiguous_cells = 0
        """Cells without a value that :meth:`tables` has given so far."""
        self._resolution = Resolution([], [], [], self)
        self._define("dump_seen", [seen], SEEN)
        self._connection.execute(f"CREATE TEMP TABLE dump_kept AS {copies.kept('dump_seen', 'page')}")
        self._connection.execute(f"CREATE TEMP VIEW dump_documents AS {copies.documents('dump_seen', 'dump_kept')}")
        for table in (OBSERVATIONS, READINGS, UNPARSED):
            self._define(f"dump_{table.name}_found", row_files(bundles, table.name), table.to_arrow().append(PAGE))
            self._connection.execute(
                f"CREATE TEMP VIEW dump_{table.name} AS SELECT f.* EXCLUDE (page) FROM dump_{table.name}_found f"
                " SEMI JOIN dump_kept k ON k.page = f.page"
            )

    def __enter__(self) -> Dump:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)
        if isinstance(error, duckdb.OperationalError):  # out of disk, out of memory
            reason = str(error).splitlines()[0]
            hint = "free some space there: what memory does not hold goes to disk for a while"
            raise OutputError(f"{self._spill}: {reason}", hint=hint) from error

    def register(self, name: str, source: Source, columns: Mapping[str, str]) -> None:
        """Gives the resolver the rows of this dump, whatever `source` is."""
        renamed = ", ".join(f'"{column}" AS "{new}"' for column, new in columns.items())
        relation = f"dump_{name.removesuffix('_in')}"
        self._connection.execute(f"CREATE TEMP VIEW {name} AS SELECT {renamed} FROM {relation}")

    def batches(self, select: str, size: int) -> pa.RecordBatchReader:
        """The rows of a query; observations, nine rows out of ten, are sorted in memory, a range of ids at a time."""
        body, _, order = select.rpartition("ORDER BY")
        if order.strip() != OBSERVATIONS.key[0]:
            return super().batches(select, size)
        schema = super().batches(f"{body} LIMIT 0", size).schema
        return pa.RecordBatchReader.from_batches(schema, self._by_ranges(body, size))

    def resolve(self) -> None:
        """Finds what follows from all documents together."""
        self._resolution.__enter__()  # it is left by leaving the dump, which is its engine

    def tables(self) -> dict[str, pa.RecordBatchReader]:
        """Every published table as a stream; read each to its end before the next."""
        return {
            table.name: pa.RecordBatchReader.from_batches(table.to_arrow(), self._stream(table)) for table in TABLES
        }

    @property
    def parsed(self) -> int:
        """Number of parsed documents."""
        return int(self._fetch("SELECT COUNT(*) FROM dump_documents WHERE status = 'parsed'")[0][0])

    @property
    def unparsed_lines(self) -> int:
        """Number of lines in `unparsed`."""
        rows = self._fetch("SELECT COALESCE(SUM(lines_unparsed), 0) FROM dump_documents WHERE status <> 'duplicate'")
        return int(rows[0][0])

    def reasons(self) -> dict[str, int]:
        """Documents in quarantine by the code of their reason."""
        return dict(
            self._fetch(
                "SELECT SPLIT_PART(reason, ':', 1) AS code, COUNT(*) FROM dump_documents"
                " WHERE status = 'quarantined' GROUP BY code ORDER BY code"
            )
        )

    def examples(self) -> tuple[Quarantined, ...]:
        """Some documents in quarantine, in the order of `documents`."""
        rows = self._fetch(
            "SELECT source, reason FROM dump_documents WHERE status = 'quarantined' QUALIFY ROW_NUMBER() OVER"
            f" (PARTITION BY SPLIT_PART(reason, ':', 1) ORDER BY document_id, source) <= {EXAMPLES}"
            " ORDER BY document_id, source"
        )
        return tuple(Quarantined(source=source, reason=reason) for source, reason in rows)

    def _stream(self, table: Table) -> Iterator[pa.RecordBatch]:
        if table in {DOCUMENTS, UNPARSED}:
            key = ", ".join(f'"{name}"' for name in table.key)
            for batch in self.batches(f"SELECT * FROM dump_{table.name} ORDER BY {key}", _ROWS):
                yield pa.RecordBatch.from_arrays(
                    [batch[field.name].cast(field.type) for field in table.to_arrow()], schema=table.to_arrow()
                )
            return
        for batch in self._resolution.batches(table):
            if table is OBSERVATIONS:
                self.ambiguous_cells += pc.sum(pc.equal(batch["method"], "ambiguous")).as_py() or 0
            yield batch

    def _by_ranges(self, body: str, size: int) -> Iterator[pa.RecordBatch]:
        """Rows that have an `observation_id`, sorted by it."""
        key = OBSERVATIONS.key[0]
        found = int(self._fetch("SELECT COUNT(*) FROM dump_observations_found")[0][0])
        step = RANGES
        while step > 1 and found // (RANGES // step) > _SORTED_ROWS:
            step //= 2
        for first in range(0, RANGES, step):
            # No bound at either end: ids of derived facts are no hashes.
            bounds = [f"{key} >= '{lower_bound(first)}'"] if first else []
            bounds += [f"{key} < '{lower_bound(first + step)}'"] if first + step < RANGES else []
            where = " AND ".join(bounds) or "TRUE"
            # In one piece: rows taken from many chunks cost four times as much.
            rows = super().batches(f"SELECT * FROM ({body}) WHERE {where}", size).read_all().combine_chunks()
            order = pc.sort_indices(rows[key])
            for start in range(0, len(order), size):
                yield from rows.take(order.slice(start, size)).combine_chunks().to_batches()

    def _fetch(self, select: str) -> list[Any]:
        return self._connection.execute(select).fetchall()

    def _define(self, name: str, files: Sequence[Path], schema: pa.Schema) -> None:
        if files:
            paths = ", ".join(f"'{_literal(path)}'" for path in files)
            self._connection.execute(f"CREATE TEMP VIEW {name} AS SELECT * FROM read_parquet([{paths}])")
        else:
            self._connection.register(name, schema.empty_table())


def _literal(path: Path) -> str:
    """A path in SQL that means itself: DuckDB takes paths for patterns."""
    return "".join(f"[{char}]" if char in "*?[" else char for char in str(path)).replace("'", "''")
