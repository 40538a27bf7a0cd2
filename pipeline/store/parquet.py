"""One table, one Parquet file: the same rows give the same bytes.

What could change the bytes is fixed: the size of row groups (whatever batches the rows come in), compression, page
checksums, the order of columns and metadata. The promise holds for one version of pyarrow.
"""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import OutputError
from pipeline.store.contract import KeyOrder, conform
from pipeline.store.durable import HashingFile, hash_file
from pipeline.tables import Table

ROW_GROUP = 122_880
"""Rows; the unit in which DuckDB scans."""

Rows: TypeAlias = "pa.Table | pa.RecordBatchReader"
"""All rows of a table, in memory or as a stream."""


class FileInfo(NamedTuple):
    """What the manifest says of one file."""

    name: str
    rows: int
    bytes: int
    sha256: str


class TableWriter:
    """Writes one table to a new file. The run's id, known only when all tables are written, goes in at the end."""

    def __init__(self, path: Path, table: Table) -> None:
        self.rows = 0
        self._table = table
        self._schema = table.to_arrow()
        self._order = KeyOrder(table)
        self._file = HashingFile(path)
        ordering = pq.SortingColumn.from_ordering(
            self._schema, [(name, "ascending") for name in table.key], null_placement="at_start"
        )
        self._writer = pq.ParquetWriter(
            pa.PythonFile(self._file, mode="w"),
            self._schema,
            compression="zstd",
            write_page_checksum=True,
            write_statistics=True,
            sorting_columns=ordering,
        )

    def __enter__(self) -> TableWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._file.closed:  # not finished: what there is goes away with its folder
            with contextlib.suppress(OSError, pa.ArrowException):
                self._writer.close()
            with contextlib.suppress(OSError):
                self._file.close()

    def write(self, rows: Rows) -> Iterator[pa.Table]:
        """Writes all rows and yields them, one row group after the other, checked against the contract."""
        for group in _ahead(self._checked(rows)):
            self._writer.write_table(group, row_group_size=ROW_GROUP)
            self.rows += group.num_rows
            yield group

    def _checked(self, rows: Rows) -> Iterator[pa.Table]:
        for group in _groups(rows):
            checked = conform(self._table, group)
            if checked.num_rows:
                self._order.check(checked)
                yield checked

    def body_digest(self) -> str:
        """SHA-256 of the file without its footer, which is to say of its rows."""
        return self._file.hexdigest()

    def finish(self, run_id: str) -> FileInfo:
        """Completes the file, waits until it is on the disk, and reads it back.

        Raises:
            OutputError: what stands on the disk is not what was written.
        """
        metadata = {**(self._schema.metadata or {}), b"run_id": run_id.encode()}
        # Arrow's readers take a table's metadata from the schema stored in the footer, others from the footer's own.
        stored = self._schema.with_metadata(metadata).serialize().to_pybytes()
        self._writer.add_key_value_metadata({"run_id": run_id, "ARROW:schema": base64.b64encode(stored).decode()})
        self._writer.close()
        self._file.sync()
        info = FileInfo(self._file.path.name, self.rows, self._file.size, self._file.hexdigest())
        self._file.close()
        self._verify(info, metadata)
        return info

    def _verify(self, info: FileInfo, metadata: dict[bytes, bytes]) -> None:
        path = self._file.path
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            sound = file.metadata.num_rows == info.rows and file.schema_arrow.equals(self._schema)
            sound = sound and file.schema_arrow.metadata == metadata
        if not sound or hash_file(path) != info.sha256:
            raise OutputError(
                f"{path}: reading it back gives something else than was written",
                hint="the disk or the memory is faulty: check them before the next run",
            )


def _ahead(groups: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """The same groups; each is made by another thread while the one before is used.

    All but the first: a query may sort for minutes before it gives any row, and a thread cannot be interrupted.
    """
    group = next(groups, None)
    with ThreadPoolExecutor(1, "rows") as maker:
        while group is not None:
            coming = maker.submit(next, groups, None)
            yield group
            group = coming.result()


def _groups(rows: Rows) -> Iterator[pa.Table]:
    """The rows in row groups: all full but the last, which may be empty."""
    if isinstance(rows, pa.Table):
        for start in range(0, max(rows.num_rows, 1), ROW_GROUP):
            yield rows.slice(start, ROW_GROUP)
        return
    waiting: list[pa.RecordBatch] = []
    count = 0
    for batch in rows:
        waiting.append(batch)
        count += batch.num_rows
        if count >= ROW_GROUP:
            table = pa.Table.from_batches(waiting, rows.schema)
            full = count - count % ROW_GROUP
            for start in range(0, full, ROW_GROUP):
                yield table.slice(start, ROW_GROUP)
            waiting = table.slice(full).to_batches()
            count -= full
    yield pa.Table.from_batches(waiting, rows.schema)


def read_table(path: Path | list[Path], columns: list[str] | None = None) -> Any:
    """A published table, one file or all its parts in order, as an Arrow table, its page checksums verified."""
    return pq.read_table(path, columns=columns, page_checksum_verification=True)
