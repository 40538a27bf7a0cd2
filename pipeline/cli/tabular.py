"""Rows as CSV, JSON, Parquet, or a table for people."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import IO, TYPE_CHECKING, Any

from pipeline.errors import UsageError
from pipeline.logs import printable, printable_json

if TYPE_CHECKING:
    import pyarrow as pa

SHOWN = 100
"""Rows that people get to see."""
_WIDEST = 60
"""Characters of a cell that people get to see."""


def defuse(value: object) -> object:
    """A cell that no spreadsheet takes for a formula: text that begins like one gets an apostrophe before it.

    The rule is that of OWASP, "CSV Injection": `=`, `+`, `-`, `@`, tab and carriage return. Numbers stay as they are.
    """
    if isinstance(value, list | dict):
        value = json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r", "\n")):
        return f"'{value}"
    return value


def write_csv(rows: pa.RecordBatchReader, file: IO[bytes], *, watched: bool = False) -> None:
    """CSV (RFC 4180) with a heading, UTF-8, formulas defused; empty cells are empty.

    Where it is `watched`, on a terminal, nothing in a cell acts on that.
    """
    show: Callable[[object], object] = _shown if watched else defuse
    text = io.TextIOWrapper(file, "utf-8", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([show(name) for name in rows.schema.names])
    for columns in _columns(rows):
        writer.writerows([show(cell) for cell in row] for row in zip(*columns, strict=True))
    text.detach()


def _shown(value: object) -> object:
    cell = defuse(value)
    return printable(cell) if isinstance(cell, str) else cell


def write_json(rows: pa.RecordBatchReader, file: IO[bytes], *, watched: bool = False) -> None:
    """A JSON array with one object for each row; on a terminal, where it is `watched`, nothing in it acts on that."""
    import orjson

    names = rows.schema.names
    if twice := [name for name, count in Counter(names).items() if count > 1]:
        raise UsageError(f"several columns are called {twice[0]!r}", hint='give them names: select a as "b"')
    separator = b"[\n"
    for columns in _columns(rows):
        for row in zip(*columns, strict=True):
            said = orjson.dumps(dict(zip(names, row, strict=True)), default=str)
            file.write(separator + (printable_json(said.decode()).encode() if watched else said))
            separator = b",\n"
    file.write(b"\n]\n" if separator == b",\n" else b"[]\n")


def write_parquet(rows: pa.RecordBatchReader, file: IO[bytes]) -> None:
    """A Parquet file with page checksums."""
    import pyarrow.parquet as pq

    with pq.ParquetWriter(file, rows.schema, compression="zstd", write_page_checksum=True) as writer:
        for batch in rows:
            writer.write_batch(batch)


def write_table(rows: pa.RecordBatchReader, file: IO[bytes]) -> None:
    """A table for people: the first rows, cells cut, and nothing in them that could act on a terminal."""
    import pyarrow as pa

    names = [printable(name) for name in rows.schema.names]
    is_number = [pa.types.is_integer(kind) or pa.types.is_floating(kind) for kind in rows.schema.types]
    listed: list[list[str]] = []
    left = 0
    for columns in _columns(rows):
        found = list(zip(*columns, strict=True))
        room = SHOWN - len(listed)
        listed += [[_cell(cell) for cell in row] for row in found[:room]]
        left += max(0, len(found) - room)
    widths = [max(map(len, column)) for column in zip(names, *listed, strict=True)]
    lines = [_line(names, widths, is_number), "  ".join("-" * width for width in widths)]
    lines += [_line(row, widths, is_number) for row in listed]
    if left:
        lines.append(f"... and {left:,} more rows; --format csv, json or parquet gives all")
    file.write("".join(f"{line.rstrip()}\n" for line in lines).encode("utf-8", "backslashreplace"))


def _line(row: Iterable[str], widths: list[int], is_number: list[bool]) -> str:
    cells = zip(row, widths, is_number, strict=True)
    return "  ".join(cell.rjust(width) if number else cell.ljust(width) for cell, width, number in cells)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.10g}"
    text = printable(
        json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, list | dict) else str(value)
    )
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"


def _columns(rows: pa.RecordBatchReader) -> Iterator[list[list[Any]]]:
    """The rows, batch after batch, as columns of Python values; columns may share a name."""
    for batch in rows:
        yield [column.to_pylist() for column in batch.columns]
