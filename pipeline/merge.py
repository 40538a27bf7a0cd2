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
from pipeline.cache import PAGE, SEEN, PageSet, Window, row_files, windows
from pipeline.errors import OutputError
from pipeline.options import EXAMPLES, Quarantined
from pipeline.resolve.duckdb import DuckdbEngine
from pipeline.resolve.engine import Source
from pipeline.resolve.resolution import STEPS, Resolution
from pipeline.store.durable import writing
from pipeline.store.layout import literal
from pipeline.tables import DOCUMENTS, OBSERVATIONS, READINGS, TABLES, UNPARSED, Table

_ROWS = 65_536
"""Rows of a batch, and of a row group of the file of documents."""
_LEAST, _MOST = 1 << 17, 3 << 19
"""Rows that are sorted at once: 30 MB, and 520 MB. A million pages take 64 windows of 1.4 million rows."""


_RELATIONS = {
    "documents_in": "dump_documents JOIN (SELECT document_id, page FROM dump_kept) USING (document_id)",
    "observations_in": "dump_observations_found",
    "readings_in": "dump_readings",
}
_SCHEMA = OBSERVATIONS.to_arrow()
_KEY = OBSERVATIONS.key[0]
_REPEATED = ("document_id", "table", "role_id", "field", "category", "other_role_id", "unit", "method")
"""Columns of observations with texts of which there are few."""


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

    page = PAGE.name  # a number, and of a page that is passed over none that the resolver knows

    def __init__(self, seen: Path, bundles: Sequence[Path], *, threads: int, spill: Path) -> None:
        super().__init__(threads=threads, spill=str(spill))
        self._spill = spill
        self._threads = threads
        self._bundles = bundles
        self.ambiguous_cells = 0
        """Cells without a value that :meth:`tables` has given so far."""
        self._resolution = Resolution([], [], [], self)
        self._define("dump_seen", [seen], SEEN)
        self._connection.execute(f"CREATE TEMP TABLE dump_kept AS {copies.kept('dump_seen', 'page')}")
        self._connection.execute(f"CREATE TEMP VIEW dump_documents AS {copies.documents('dump_seen', 'dump_kept')}")
        for table in (OBSERVATIONS, READINGS, UNPARSED):
            self._define(f"dump_{table.name}_found", row_files(bundles, table.name), table.to_arrow().append(PAGE))
        for table in (READINGS, UNPARSED):
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
            if "too many open files" in reason.lower():
                hint = "allow the process more open files: ulimit -n 4096"
            raise OutputError(f"{self._spill}: {reason}", hint=hint) from error

    def register(self, name: str, source: Source, columns: Mapping[str, str]) -> None:
        """Gives the resolver the rows of this dump, whatever `source` is."""
        renamed = ", ".join(f'"{column}" AS "{new}"' for new, column in columns.items())
        self._connection.execute(f"CREATE TEMP VIEW {name} AS SELECT {renamed} FROM {_RELATIONS[name]}")

    def resolve(self) -> None:
        """Finds what follows from all documents together."""
        self._resolution.__enter__()  # it is left by leaving the dump, which is its engine

    def tables(self) -> dict[str, pa.RecordBatchReader]:
        """Every published table as a stream; read each to its end before the next."""
        return {
            table.name: pa.RecordBatchReader.from_batches(table.to_arrow(), self._stream(table)) for table in TABLES
        }

    def forget_tables(self) -> None:
        """Frees what only the tables needed, once they are written."""
        self.forget(STEPS)

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
        """Some documents in quarantine, by their sources."""
        rows = self._fetch(
            "SELECT source, reason FROM dump_documents WHERE status = 'quarantined' QUALIFY ROW_NUMBER() OVER"
            f" (PARTITION BY SPLIT_PART(reason, ':', 1) ORDER BY source, document_id) <= {EXAMPLES}"
            " ORDER BY source, document_id"
        )
        return tuple(Quarantined(source=source, reason=reason) for source, reason in rows)

    def _stream(self, table: Table) -> Iterator[pa.RecordBatch]:
        if table in {DOCUMENTS, UNPARSED}:
            key = ", ".join(f'"{name}"' for name in table.key)
            for batch in self.batches(table.name, f"SELECT * FROM dump_{table.name} ORDER BY {key}", _ROWS):
                yield pa.RecordBatch.from_arrays(
                    [batch[field.name].cast(field.type) for field in table.to_arrow()], schema=table.to_arrow()
                )
            return
        yield from self._observations() if table is OBSERVATIONS else self._resolution.batches(table)

    def _observations(self) -> Iterator[pa.RecordBatch]:
        """Most are published as they lie in the bundles, so that they need no SQL: they are sorted, and the others put in."""
        pages = "SELECT page FROM dump_kept WHERE document_id IN (SELECT document_id FROM witness)"
        kept = PageSet(self._connection.sql(pages).to_arrow_table()["page"].to_numpy())
        others = _Others(self._spill / "others.arrow", self._resolution.other_observations())
        self.make_room()  # a window of a million pages takes some 500 MB
        files = row_files(self._bundles, OBSERVATIONS.name)
        for window in windows(files, _KEY, _LEAST, _MOST, _REPEATED, threads=self._threads):
            found = others.below(window.end)
            self.ambiguous_cells += pc.sum(pc.equal(found["method"], "ambiguous")).as_py() or 0
            yield from _sorted(window, kept, found)

    def _fetch(self, select: str) -> list[Any]:
        return self._connection.execute(select).fetchall()

    def _define(self, name: str, files: Sequence[Path], schema: pa.Schema) -> None:
        if files:
            paths = ", ".join(f"'{_literal(path)}'" for path in files)
            self._connection.execute(f"CREATE TEMP VIEW {name} AS SELECT * FROM read_parquet([{paths}])")
        else:
            self._connection.register(name, schema.empty_table())


class _Others:
    """The observations that the resolver has changed or made, on their way to the windows that they belong to.

    A file holds them meanwhile: a query that sorts holds all of its memory until its last row is asked for.
    """

    def __init__(self, path: Path, batches: Iterator[pa.RecordBatch]) -> None:
        options = pa.ipc.IpcWriteOptions(compression="zstd")
        with (
            writing(path),
            pa.OSFile(str(path), "wb") as file,
            pa.ipc.new_stream(file, _SCHEMA, options=options) as stream,
        ):
            for batch in batches:
                stream.write_batch(batch)
        self._batches = pa.ipc.open_stream(pa.OSFile(str(path)))
        self._waiting = _SCHEMA.empty_table()

    def below(self, end: str) -> pa.Table:
        """The next rows, up to an id; "" for all."""
        found = [self._waiting]
        while not end or not found[-1].num_rows or found[-1][_KEY][-1].as_py() < end:
            batch = next(self._batches, None)
            if batch is None:
                break
            found.append(pa.Table.from_batches([batch]))
        rows = pa.concat_tables(found)
        below = pc.sum(pc.less(rows[_KEY], end)).as_py() or 0 if end else rows.num_rows
        self._waiting = rows.slice(below)
        return rows.slice(0, below)


def _sorted(window: Window, kept: PageSet, others: pa.Table) -> Iterator[pa.RecordBatch]:
    """The rows of a window that pages state and that belong to pages that are `kept`, and the `others`; uses the window up."""
    masks = [pc.and_(pc.equal(rows["method"], "stated"), kept.mask(rows[PAGE.name])) for rows in window.rows]
    is_wanted = pa.chunked_array(
        [*(chunk for mask in masks for chunk in mask.chunks), pa.repeat(pa.scalar(True), others.num_rows)]
    )
    parts = [rows.select(_SCHEMA.names) for rows in window.rows]
    window.rows.clear()
    parts.append(others.cast(parts[0].schema) if parts else others)
    rows = _in_one_piece(parts)
    order = pc.sort_indices(rows[_KEY])
    order = order.filter(is_wanted.combine_chunks().take(order))
    for start in range(0, len(order), _ROWS):
        yield from rows.take(order.slice(start, _ROWS)).cast(_SCHEMA).combine_chunks().to_batches()


def _in_one_piece(parts: list[pa.Table]) -> pa.Table:
    """The rows of all parts without chunks, from which rows are taken at a quarter of the cost.

    Empties the list: what is copied is let go column by column, so that memory never holds all rows twice.
    """
    rows = pa.concat_tables(parts)
    parts.clear()
    names, columns = rows.column_names, rows.columns
    del rows
    for place, column in enumerate(columns):
        columns[place] = column.combine_chunks()
    return pa.table(columns, names)


def _literal(path: Path) -> str:
    """A path in SQL that means itself."""
    return literal(path).replace("'", "''")
