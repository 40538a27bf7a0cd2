"""Parquet files, a few rows at a time: page checksums are verified where there are any, and the schema by hand.

Two things pyarrow does not say: a column that is asked for and absent gives rows without it, and a kilobyte of
dictionary may decode to gigabytes. So columns are looked up first, batches are small, and cells are counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from pipeline.model import Problem, Record
from pipeline.readers.content import Content, Context
from pipeline.readers.failures import GaveUpError, ReadError
from pipeline.readers.fields import FieldFinder, Fields, Path, is_address, no_column
from pipeline.readers.moments import moment

_BATCH_ROWS = 32
_ENCRYPTED = b"PARE"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = 86_400
_PER_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}


def read(content: Content, context: Context) -> Iterator[Record]:
    """One record a row; `#n` is the row's number even where rows before it could not be read.

    A file that cannot be opened or lacks the column is one record with a problem; so is each row group that breaks.
    """
    import pyarrow as pa
    from pyarrow import parquet

    try:
        file = content.seekable()
    except ReadError as failure:
        yield context.whole(b"", problem=failure.problem)
        return
    with file:
        if problem := _encrypted(file):
            yield context.whole(b"", problem=problem)
            return
        try:
            table = parquet.ParquetFile(file, page_checksum_verification=True, memory_map=False, pre_buffer=False)
            columns = Columns(table.schema_arrow, context)
        except (pa.ArrowException, OSError, MemoryError, ValueError) as error:
            yield context.whole(b"", problem=Problem("parquet_unreadable", _line(error)))
            return
        if not columns.fields.text:
            detail = f"{columns.missing} (in {table.metadata.num_rows:,} rows)"
            yield context.whole(b"", problem=Problem("schema", detail))
            return
        yield from _groups(table, columns, context)


def _groups(table: Any, columns: Columns, context: Context) -> Iterator[Record]:
    import pyarrow as pa

    first = 0
    for group in range(table.num_row_groups):
        context.number = first
        first += table.metadata.row_group(group).num_rows
        try:
            batches = table.iter_batches(_BATCH_ROWS, row_groups=[group], columns=columns.names, use_threads=False)
            for batch in batches:
                yield from columns.records(batch)
            if context.number != first:
                detail = f"row group {group} holds {context.number:,} rows up to its end, not {first:,}"
                yield context.record(b"", problem=Problem("parquet_unreadable", detail))
        except GaveUpError as failure:
            yield context.record(b"", problem=failure.problem)
            return
        except (pa.ArrowException, OSError, MemoryError, ValueError) as error:
            code = "checksum" if "CRC" in str(error) else "parquet_unreadable"
            rows = f"rows {context.number + 1:,} to {first:,} (row group {group})"
            yield context.record(b"", problem=Problem(code, f"{rows}: {_line(error)}"))


def _encrypted(file: Any) -> Problem | None:
    file.seek(0)
    head = file.read(4)
    file.seek(-min(4, len(head)), 2)
    tail = file.read(4)
    file.seek(0)
    if _ENCRYPTED in {head, tail}:
        return Problem("parquet_encrypted", "an encrypted Parquet file; decrypt it first")
    return None


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:300]


class Columns:
    """The columns of one file that matter, and how their cells become records."""

    def __init__(self, schema: Any, context: Context) -> None:
        self._context = context
        self._left = context.options.max_decoded_bytes
        self.missing = ""
        """Why there is no text, where there is none."""
        self.fields = self._find(schema)
        paths = [*self.fields.text, *self.fields.url, *self.fields.date, *self.fields.language]
        self.names = list(dict.fromkeys(".".join(path) for path in paths))

    def _find(self, schema: Any) -> Fields:
        types = dict(_leaves(schema))
        repeated = {name for name in schema.names if schema.names.count(name) > 1}
        given = self._context.options.text_column
        fields = FieldFinder(self._context.options, self._context.report).of_paths(
            path for path in types if path[0] not in repeated
        )
        text = tuple(path for path in fields.text if _is_text(types[path]))
        if not text:
            self.missing = no_column(schema.names, given, "column" if given else "column of text")
            if given and fields.text:
                self.missing = f"column {given!r} holds {types[fields.text[0]]}, not text"
                self._context.report.met.discard("text_column")
                self._context.report.lacks["text_column"] = self.missing
        return Fields(text, fields.html, fields.url, fields.date, fields.language)

    def records(self, batch: Any) -> Iterator[Record]:
        """A record for each row of a batch. GaveUpError when the file's cells are more than the limit."""
        context = self._context
        texts = [(path in self.fields.html, _cells(batch, path)) for path in self.fields.text]
        others = {path: _values(batch, path) for path in (*self.fields.url, *self.fields.date, *self.fields.language)}
        for row in range(batch.num_rows):
            if context.passes_over(_first(others, self.fields.language, row, bool)):
                continue
            yield self._record(texts, others, row)

    def _record(self, texts: list[tuple[bool, _Cells]], others: dict[Path, list[Any]], row: int) -> Record:
        context = self._context
        html, cells, data = self._text(texts, row)
        if data is None:
            return context.record(b"", problem=Problem("schema", f"row {context.number + 1:,}: the page is null"))
        self._left -= len(data)
        if self._left < 0:
            limit = context.options.max_decoded_bytes
            raise GaveUpError(
                "too_large", f"decodes to more than {limit:,} bytes, the limit; rows from here on are not read"
            )
        if len(data) > context.options.max_document_bytes:
            detail = f"{len(data):,} bytes; the limit for a document is {context.options.max_document_bytes:,}"
            return context.record(b"", problem=Problem("too_large", detail))
        if cells.utf8 and not _is_utf8(data):
            detail = f"row {context.number + 1:,}: not UTF-8, as its column of strings must be"
            return context.record(data, problem=Problem("encoding_unknown", detail))
        return context.record(
            data,
            media="html" if html else "",
            charset="utf-8" if cells.utf8 else None,
            url=_first(others, self.fields.url, row, is_address),
            fetched_at=next((time for path in self.fields.date if (time := moment(others[path][row]))), None),
        )

    def _text(self, texts: list[tuple[bool, _Cells]], row: int) -> tuple[bool, _Cells, bytes | None]:
        null = True
        for html, cells in texts:
            data = cells[row]
            if data:
                return html, cells, data
            null = null and data is None
        html, cells = texts[0]
        return html, cells, None if null else b""


class _Cells:
    """A column of text as bytes, taken out cell by cell: a dictionary's one cell may stand in a million rows."""

    def __init__(self, cells: Any, *, utf8: bool) -> None:
        self._cells = cells
        self.utf8 = utf8

    def __getitem__(self, row: int) -> bytes | None:
        cell: bytes | None = self._cells[row].as_py()
        return cell


def _cells(batch: Any, path: Path) -> _Cells:
    import pyarrow as pa

    column = _column(batch, path)
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    kind = column.type
    utf8 = bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))
    if pa.types.is_large_string(column.type) or pa.types.is_large_binary(column.type):
        return _Cells(column.cast(pa.large_binary()), utf8=utf8)
    return _Cells(column.cast(pa.binary()), utf8=utf8)


def _values(batch: Any, path: Path) -> list[Any]:
    """Cells of a column of addresses, dates or languages; what cannot be one is None."""
    import pyarrow as pa

    column = _column(batch, path)
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    kind = column.type
    if pa.types.is_timestamp(kind):
        # as numbers: a zone that this machine does not know must not matter, nor nanoseconds
        return [_time(cell.value, _PER_SECOND[kind.unit]) for cell in column]
    if _is_text(kind):
        return [
            None if cell is None else cell.decode("utf-8", "replace") for cell in column.cast(pa.binary()).to_pylist()
        ]
    if pa.types.is_date32(kind):
        # as numbers: days may be beyond the year 9999, where Python's dates end
        days = column.cast(pa.int32()).to_pylist()
        return [None if day is None else _time(day * _DAY, 1) for day in days]
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        values: list[Any] = column.to_pylist()
        return values
    return [None] * len(column)


def _time(ticks: int | None, per_second: int) -> datetime | None:
    if ticks is None:
        return None
    try:
        return _EPOCH + timedelta(microseconds=ticks * 1_000_000 // per_second)
    except OverflowError:
        return None


def _column(batch: Any, path: Path) -> Any:
    import pyarrow.compute as pc

    column = batch.column(path[0])
    return pc.struct_field(column, list(path[1:])) if len(path) > 1 else column


def _leaves(schema: Any) -> Iterator[tuple[Path, Any]]:
    """Path and type of each column, and of the columns in a struct of the first level."""
    import pyarrow as pa

    for field in schema:
        if pa.types.is_struct(field.type):
            for index in range(field.type.num_fields):
                inner = field.type.field(index)
                yield (field.name, inner.name), inner.type
        else:
            yield (field.name,), field.type


def _is_text(kind: Any) -> bool:
    import pyarrow as pa

    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    tests = (pa.types.is_string, pa.types.is_large_string, pa.types.is_binary, pa.types.is_large_binary)
    return any(test(kind) for test in tests) or _is_view(kind)


def _is_view(kind: Any) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_string_view(kind) or pa.types.is_binary_view(kind))


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _first(others: dict[Path, list[Any]], paths: tuple[Path, ...], row: int, accept: Any) -> Any:
    return next((others[path][row] for path in paths if accept(others[path][row])), None)
