"""What runs in Spark's Python workers: records out of rows or files, and rows of all kinds out of records.

The functions that these give are for `mapInArrow`. Nothing is read twice, and a task holds some batches of bounded size.
"""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, TypeAlias

import pyarrow as pa

from pipeline.engines.batches import batches
from pipeline.engines.limits import Limits
from pipeline.engines.spark.rows import ERRORS, INPUTS, rows_of, tagged
from pipeline.engines.spark.storage import key_of
from pipeline.errors import UsageError
from pipeline.memory import no_collection
from pipeline.model import Record
from pipeline.readers import FileReport, ReadOptions, read_file
from pipeline.readers.content import Context
from pipeline.readers.inputs import Input
from pipeline.readers.lines import BOM, limited
from pipeline.shards import Shard, process

if TYPE_CHECKING:
    from pyspark import Broadcast

Batches: TypeAlias = Iterator[pa.RecordBatch]
Task: TypeAlias = Callable[[Batches], Batches]
UNLIMITED = 1 << 62


@dataclass(frozen=True, slots=True)
class Reading:
    """How tasks read and parse; goes to the workers with the task."""

    options: ReadOptions = field(default_factory=ReadOptions)
    limits: Limits = field(default_factory=Limits)
    isolated: bool = False
    """Parse in a process of its own from the first attempt, where Spark would not try a failed task again."""


def parse_opened(groups: Broadcast[list[list[Input]]], reading: Reading) -> Task:
    """For rows with `id`, the number of a list of inputs, which the task opens itself."""

    def records(rows: Batches, reports: list[FileReport]) -> Iterator[Record]:
        inputs = (item for batch in rows for number in batch["id"].to_pylist() for item in groups.value[number])
        return _opened(inputs, reading.options, reports)

    return _task(records, reading)


def parse_handed(sources: Broadcast[dict[str, str]], reading: Reading) -> Task:
    """For rows with `path` and `content`; `sources` has the name of each file by its address."""
    return _task(lambda rows, reports: _handed(rows, sources.value, reading.options, reports), reading)


def parse_lines(
    sources: Broadcast[dict[str, str]], before: Broadcast[dict[tuple[str, int], tuple[int, int]]], reading: Reading
) -> Task:
    """For rows with `value`, a line, and the `file` and `block` that it is of.

    `before` has the number of lines and of records before each block.
    """
    return _task(lambda rows, reports: _lines(rows, sources.value, before.value, reading.options, reports), reading)


def parse_parquet(sources: Broadcast[dict[str, str]], reading: Reading) -> Task:
    """For rows of Parquet files, with the `file` that they are of and their `row` in it."""
    return _task(lambda rows, reports: _parquet(rows, sources.value, reading.options, reports), reading)


def _task(records: Callable[[Batches, list[FileReport]], Iterator[Record]], reading: Reading) -> Task:
    """A task that parses what `records` makes of Spark's rows; it notes in its second argument what it read."""

    def task(rows: Batches) -> Batches:
        reports: list[FileReport] = []
        return _parsed(records(rows, reports), reports, reading)

    return task


def _parsed(records: Iterator[Record], reports: list[FileReport], reading: Reading) -> Batches:
    from pyspark import TaskContext

    context = TaskContext.get()
    assert context is not None
    isolated = reading.isolated or context.attemptNumber() > 0
    first = context.partitionId() << 32
    try:
        shards = _isolated(records, reading.limits) if isolated else _guarded(records, reading.limits)
        for number, shard in enumerate(shards, first):
            yield from rows_of(shard, number)
    except UsageError as error:
        yield tagged("errors", pa.RecordBatch.from_pydict({"message": [str(error)], "hint": [error.hint]}, ERRORS))
    if reports:
        yield tagged("inputs", _described(reports))


def _described(reports: Iterable[FileReport]) -> pa.RecordBatch:
    rows = [
        (
            r.source,
            r.size,
            r.sha256,
            r.records,
            [*r.skipped],
            [*r.skipped.values()],
            [*r.met],
            [*r.lacks],
            [*r.lacks.values()],
        )
        for r in reports
    ]
    return pa.RecordBatch.from_arrays(
        [pa.array(column, field.type) for column, field in zip(zip(*rows, strict=True), INPUTS, strict=True)],
        schema=INPUTS,
    )


def _guarded(records: Iterator[Record], limits: Limits) -> Iterator[Shard]:
    """Parses in this process. A record that takes too long ends the process, and so the attempt."""
    for batch in batches(records, limits):
        with _watched(), no_collection():
            shard = process(_watched_each(batch, limits.document_seconds))
        yield shard


def _watched_each(records: Iterable[Record], seconds: float) -> Iterator[Record]:
    for record in records:
        signal.setitimer(signal.ITIMER_PROF, seconds)
        yield record


@contextmanager
def _watched() -> Iterator[None]:
    # Nothing catches SIGPROF: it ends the process even where a library never comes back to Python.
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _isolated(records: Iterator[Record], limits: Limits) -> Iterator[Shard]:
    """Parses in a process of its own, so that a record that hangs, dies or takes too much memory costs only itself."""
    from pipeline.engines.local import LocalEngine
    from pipeline.engines.nursery import Nursery

    with Nursery(limits.document_memory) as nursery, LocalEngine(nursery, 1, limits) as engine:
        for parsed in engine.parse(records):
            yield parsed.shard


def _opened(inputs: Iterable[Input], options: ReadOptions, reports: list[FileReport]) -> Iterator[Record]:
    for item in inputs:
        if item.problem:
            yield Record(item.source, b"", problem=item.problem)
            reports.append(FileReport(item.source, item.size, records=1))
        else:
            yield from read_file(item.path, item.source, options, reports.append)


def _handed(
    rows: Batches, sources: Mapping[str, str], options: ReadOptions, reports: list[FileReport]
) -> Iterator[Record]:
    with tempfile.TemporaryDirectory(prefix="rolepages-") as folder:
        for batch in rows:
            for path, content in zip(batch["path"], batch["content"], strict=True):
                source = sources[key_of(path.as_py())]
                copy = Path(folder, "file" + "".join(PurePosixPath(source).suffixes[-2:]))
                with pa.OSFile(os.fspath(copy), "wb") as file:
                    file.write(content.as_buffer())
                yield from read_file(copy, source, options, reports.append)
                copy.unlink()


def _lines(
    rows: Batches,
    sources: Mapping[str, str],
    before: Mapping[tuple[str, int], tuple[int, int]],
    options: ReadOptions,
    reports: list[FileReport],
) -> Iterator[Record]:
    from pipeline.readers.jsonl import Rows

    place: tuple[str, int] | None = None
    for batch in rows:
        cells = batch["value"].cast(pa.binary())
        for value, file, block in zip(cells, batch["file"].to_pylist(), batch["block"].to_pylist(), strict=True):
            line = value.as_py()
            if (file, block) != place:
                place = file, block
                key = key_of(file, escaped=True)
                number, records = before[key, block]
                context = _context(sources[key], options, records, reports)
                reader = Rows(context)
                line = line.removeprefix(BOM) if block == 0 else line
            number += 1
            if record := _record(reader, context, number, line):
                context.report.records += 1
                yield record


def _record(reader: Any, context: Context, number: int, line: bytes) -> Record | None:
    _, line, problem = limited(number, [line], len(line), context.options.max_line_bytes)
    if problem:
        return context.record(line, problem=problem)
    found: Record | None = reader.record(number, line) if line and not line.isspace() else None
    return found


def _parquet(
    rows: Batches, sources: Mapping[str, str], options: ReadOptions, reports: list[FileReport]
) -> Iterator[Record]:
    from pipeline.readers.parquet import Columns

    options = replace(options, max_decoded_bytes=UNLIMITED)  # a limit for a file, of which this is a piece
    place, context = "", Context("", options, FileReport(""))
    for batch in rows:
        for start, end, file, first in _runs(batch):
            if file != place or context.number != first:
                place = file
                context = _context(sources[key_of(file, escaped=True)], options, first, reports)
                columns = Columns(batch.schema, context)
            for record in columns.records(batch.slice(start, end - start)):
                context.report.records += 1
                yield record


def _runs(batch: pa.RecordBatch) -> Iterator[tuple[int, int, str, int]]:
    """Start and end of each run of rows that follow each other in one file, the file, and the first row's place in it."""
    files, places = batch["file"].to_pylist(), batch["row"].to_pylist()
    start = 0
    for row in range(1, len(files) + 1):
        if row == len(files) or files[row] != files[start] or places[row] != places[start] + row - start:
            yield start, row, files[start], places[start]
            start = row


def _context(source: str, options: ReadOptions, number: int, reports: list[FileReport]) -> Context:
    reports.append(FileReport(source))
    return Context(source, options, reports[-1], number)
