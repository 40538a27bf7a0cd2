"""Readers: a dump, whatever it is kept in, becomes a stream of records; what cannot be read is a record with a problem.

:func:`list_inputs` says what files there are, :func:`read_file` reads one of them, :func:`read` all. A new kind of
container is a module with a function `read(content, context)` and a row in :data:`CONTAINERS`.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from importlib import import_module
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from pipeline.model import Problem, Record
from pipeline.readers.compression import CODECS, codec_of, first_bytes
from pipeline.readers.content import Content, Context
from pipeline.readers.failures import GaveUpError
from pipeline.readers.files import OpenFile, open_input, unopened
from pipeline.readers.inputs import Input, bytes_of, list_inputs, source_at, source_of
from pipeline.readers.options import ReadOptions
from pipeline.readers.report import FileReport, GivenColumns

__all__ = [
    "CONTAINERS",
    "Container",
    "FileReport",
    "Input",
    "ReadOptions",
    "Records",
    "bytes_of",
    "find",
    "list_inputs",
    "read",
    "read_file",
    "source_at",
    "source_of",
]

OnFile = Callable[[FileReport], None]
_HEAD = 64
_AHEAD = 100_000
"""Inputs whose sizes are known before the first is read; a dump of more files has no known size: a list of them is memory."""


class Container(NamedTuple):
    """One kind of container: how its files begin, what they are called, and the function that reads them."""

    name: str
    magic: tuple[bytes, ...]
    suffixes: tuple[str, ...]
    reader: str
    """`module:function` below this package; imported when the first such file is read."""


CONTAINERS = (
    Container("parquet", (b"PAR1", b"PARE"), (".parquet", ".pq"), "parquet:read"),
    Container("warc", (b"WARC/0.", b"WARC/1."), (".warc", ".wet", ".wat"), "warc:read"),
    Container("arc", (b"filedesc:",), (".arc",), "arc:read"),
    Container("jsonl", (), (".jsonl", ".ndjson", ".jsonlines", ".json"), "jsonl:read"),
    Container("csv", (), (".csv", ".tsv"), "delimited:read"),
    Container("text", (), (".txt", ".text"), "plain:read_text"),
    Container("markdown", (), (".md", ".markdown"), "plain:read_markdown"),
    Container("html", (), (".html", ".htm", ".xhtml"), "plain:read_html"),
    Container("xml", (), (".xml",), "plain:read_xml"),
)
"""Every kind of container; what a file begins with counts before its name, and the first that fits is taken."""


class Records(Iterator[Record]):
    """The records of a dump in order, and what was passed over on purpose so far."""

    def __init__(
        self, root: str | Path, options: ReadOptions, on_file: OnFile | None, own: str | Path | None = None
    ) -> None:
        self.skipped: Counter[str] = Counter()
        """What was skipped -> how often, for the files that are finished."""
        self.columns = GivenColumns()
        """Which of the columns that were given are in the files that are finished."""
        inputs = list_inputs(root, own)
        ahead = list(islice(inputs, _AHEAD))
        self.bytes_total = sum(item.size for item in ahead) if len(ahead) < _AHEAD else 0
        """Bytes of all inputs as they lie on the disk; 0 where that is not known."""
        self._on_file = on_file
        self._bytes_finished = 0
        self._current: FileReport | None = None
        self._records = self._read(chain(ahead, inputs), options)

    def __next__(self) -> Record:
        return next(self._records)

    @property
    def bytes_done(self) -> int:
        """Bytes of the inputs that have been read, or passed over, so far."""
        return self._bytes_finished + (self._current.position if self._current else 0)

    def close(self) -> None:
        """Close the file that is being read."""
        self._records.close()

    def _read(self, inputs: Iterator[Input], options: ReadOptions) -> Generator[Record]:
        for item in inputs:
            if item.problem:
                yield Record(item.source, b"", problem=item.problem)
                self._finished(FileReport(item.source, item.size, problems=Counter([item.problem.code]), records=1))
            else:
                self._current = FileReport(item.source)
                yield from _read_file(item.path, options, self._current)
                self._finished(self._current)

    def _finished(self, report: FileReport) -> None:
        self._bytes_finished += report.size
        self._current = None
        self.skipped += report.skipped
        if report.met or report.lacks:
            self.columns.add(report.source, report.met, report.lacks)
        if self._on_file:
            self._on_file(report)


def read(
    root: str | Path,
    options: ReadOptions | None = None,
    on_file: OnFile | None = None,
    own: str | Path | None = None,
) -> Records:
    """All records below `root`: a folder, a file, or a URL that fsspec knows; but for the folder `own`, where tables go.

    `on_file` gets the report of each input after its last record. UsageError when the root is missing; nothing is
    raised later, whatever the files hold.
    """
    return Records(root, options or ReadOptions(), on_file, own)


def read_file(
    path: str | Path, source: str, options: ReadOptions | None = None, on_file: OnFile | None = None
) -> Iterator[Record]:
    """The records of one file, named `source` or `source#n`; a worker's share of what :func:`read` does."""
    report = FileReport(source)
    yield from _read_file(path, options or ReadOptions(), report)
    if on_file:
        on_file(report)


def _read_file(path: str | Path, options: ReadOptions, report: FileReport) -> Iterator[Record]:
    context = Context(report.source, options, report)
    for record in _records(os.fspath(path), context):
        report.records += 1
        if record.problem:
            report.problems[record.problem.code] += 1
        yield record


def find(root: str | Path, source: str, options: ReadOptions | None = None) -> Record | None:
    """The record with a given source, None when there is none; a container is read up to it."""
    name = source
    for item in list_inputs(root):
        if item.source != source and not source.startswith(item.source + "#"):
            continue
        name = item.source
        if item.problem:
            return Record(name, b"", problem=item.problem)
        for record in read_file(item.path, name, options):
            if record.source == source:
                return record
    return None


def _records(path: str, context: Context) -> Iterator[Record]:
    try:
        file = open_input(path, context.options.max_file_bytes)
    except GaveUpError as failure:
        yield context.whole(b"", problem=failure.problem)
        return
    except OSError as error:
        yield context.whole(b"", problem=unopened(error))
        return
    with file:
        context.report.size = file.size
        yield from _opened(file, path.rpartition("/")[2].lower(), context)


def _opened(file: OpenFile, name: str, context: Context) -> Iterator[Record]:
    """Reads, then compares the file with itself: what a file gave that changed meanwhile cannot be trusted."""
    report = context.report
    try:
        for record in _contained(file, name, context):
            report.position = file.position
            if record.source == context.source and not record.problem and file.changed():
                yield record._replace(problem=_CHANGED)
                report.changed = True
            else:
                yield record
        # a Parquet file without rows is what Spark writes for an empty partition, and nothing is missing
        if not (report.records or report.skipped or report.container == "parquet"):
            yield context.whole(b"", problem=Problem("empty", "holds no records"))
        if not report.problems["too_large"] or report.compression:
            report.sha256 = file.fingerprint()
            report.changed = report.changed or file.changed()
        if report.changed and not report.problems[_CHANGED.code]:
            yield context.record(b"", problem=_CHANGED)
    except OSError as error:
        yield context.record(b"", problem=Problem("unreadable", f"{error.strerror or error}"))


_CHANGED = Problem("changed_during_read", "the file changed while it was read; run again when it is complete")


def _contained(file: OpenFile, name: str, context: Context) -> Iterator[Record]:
    head = file.at(0, _HEAD)
    codec = codec_of(head)
    content = Content(file, codec, context.options, context.report)
    if codec:
        context.report.compression = codec.name
        head = first_bytes(file, codec, context.options)
        if inner := codec_of(head):
            problem = Problem("compressed", f"{inner.name} in {codec.name}; undo one of them")
            yield context.whole(b"", problem=problem)
            return
    container = _container(_inner_name(name), head)
    if container is None:
        yield context.whole(b"", problem=Problem("unsupported", "by its name and its first bytes no kind of dump"))
        return
    context.report.container = container.name
    module, _, function = container.reader.partition(":")
    yield from getattr(import_module(f"{__name__}.{module}"), function)(content, context)


def _inner_name(name: str) -> str:
    for codec in CODECS:
        for suffix in codec.suffixes:
            name = name.removesuffix(suffix)
    return name


def _container(name: str, head: bytes) -> Container | None:
    for container in CONTAINERS:
        if container.magic and head.startswith(container.magic):
            return container
    suffix = "." + name.rpartition(".")[2]
    return next((container for container in CONTAINERS if suffix in container.suffixes), None)
