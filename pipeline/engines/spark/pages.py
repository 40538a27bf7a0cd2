"""One pass over the pages: rows of all kinds, written once, and held against what was there to read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa

from pipeline.engines.spark import tasks
from pipeline.engines.spark.failures import SparkError, translated
from pipeline.engines.spark.handed import handed_rows, literal, url_of
from pipeline.engines.spark.inputs import Plan, plan_inputs
from pipeline.engines.spark.rows import BATCH, KIND, KINDS, UNION, spark_schema
from pipeline.engines.spark.session import own_session, quiet_warnings, tries_again
from pipeline.engines.spark.storage import Storage, key_of
from pipeline.engines.spark.tasks import Reading
from pipeline.errors import BalanceError, UsageError
from pipeline.readers.inputs import Input
from pipeline.readers.report import GivenColumns

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_BLANK = "[^ \t\n\r\x0b\x0c]"


class InputRead(NamedTuple):
    """What was read of one input."""

    source: str
    size: int
    """Bytes as stored."""
    sha256: str | None
    """Of the bytes as stored; None where the file was read in pieces, or not at all."""
    records: int
    """Records that the readers gave."""


@dataclass(frozen=True)
class Pages:
    """The rows of all pages, as files."""

    session: SparkSession
    """The session to read them with."""
    folder: str
    inputs: list[InputRead]
    skipped: Counter[str]
    """Records that were passed over on purpose, by what they are."""
    warnings: tuple[str, ...] = ()

    @property
    def seen(self) -> int:
        """Number of records that the readers gave, counted apart from the rows of `documents`."""
        return sum(item.records for item in self.inputs)

    def rows(self, kind: str) -> DataFrame:
        """The rows of one kind of :data:`pipeline.engines.spark.rows.KINDS`, with the number of the shard of each."""
        schema = pa.schema([(BATCH, pa.int64()), (kind, pa.struct(list(KINDS[kind])))])
        place = f"{KIND}={kind}"
        if Storage(self.session, self.folder).exists(place):
            rows = self.session.read.schema(spark_schema(schema)).parquet(f"{self.folder}/{place}")
        else:
            rows = self.session.createDataFrame([], spark_schema(schema))
        return rows.select(f"{kind}.*", BATCH)


def parse(session: SparkSession, raw: str, folder: str, reading: Reading | None = None, out: str = "") -> Pages:
    """Reads and parses all that is below `raw`, a folder or a file on any file system that Spark knows, but for `out`.

    The rows go to a new folder below `folder`, which driver and executors share.

    Raises:
        UsageError: `raw` cannot be listed, or is the folder `out`.
        BalanceError: something that was listed was not read, or read twice.
        SparkError: Spark gave up.
    """
    reading = reading or Reading()
    if not tries_again(session):
        reading = replace(reading, isolated=True)
    own = own_session(session)
    whole: frozenset[str] = frozenset()
    warnings: list[str] = []
    with quiet_warnings():
        while True:
            plan = plan_inputs(own, raw, out, whole)
            place = f"{folder.rstrip('/')}/pages-{len(warnings) + 1}"
            try:
                with translated(raw):
                    expected = _write(own, plan, place, reading)
                break
            except SparkError as error:
                refused = _refused(plan, error)
                if not refused:
                    raise
                whole |= refused
                warnings.append(f"{error}: read as whole files: {', '.join(sorted(refused)[:3])}"[:1000])
        pages = Pages(own, place, [], Counter(), tuple(warnings))
        with translated(raw):
            pages.inputs.extend(_read(pages, plan, expected))
    return pages


def _refused(plan: Plan, error: SparkError) -> frozenset[str]:
    """The sources that Spark was to read in pieces and could not."""
    pieces = [*plan.parquet, *plan.lines]
    cause = f"{error} {error.__cause__} {getattr(error.__cause__, 'java_exception', '')}"
    named = frozenset(item.source for item in pieces if key_of(url_of(item)) in _unescaped(cause))
    return named or frozenset(item.source for item in plan.parquet if "schema" in cause.lower())


def _unescaped(text: str) -> str:
    return key_of(text, escaped=True).replace("file:///", "file:/")


def _write(session: SparkSession, plan: Plan, place: str, reading: Reading) -> dict[str, int]:
    """Parses all inputs; gives the number of records to expect of those that are read in pieces."""
    frames: list[DataFrame] = []
    schema = spark_schema(UNION)
    send = session.sparkContext.broadcast
    if plan.opened:
        count = len(plan.opened)
        rows = session.range(0, count, 1, count)
        frames.append(rows.mapInArrow(tasks.parse_opened(send(plan.opened), reading), schema))
    if plan.handed:
        rows, sources = handed_rows(session, plan.handed, f"{place}-copies")
        frames.append(rows.mapInArrow(tasks.parse_handed(send(sources), reading), schema))
    expected: dict[str, int] = {}
    if plan.lines:
        before, counts = _count_lines(session, plan.lines)
        expected |= counts
        rows = _line_rows(session, plan.lines)
        frames.append(rows.mapInArrow(tasks.parse_lines(send(_sources(plan.lines)), send(before), reading), schema))
    if plan.parquet:
        rows, counts = _parquet_rows(session, plan.parquet, reading)
        expected |= counts
        frames.append(rows.mapInArrow(tasks.parse_parquet(send(_sources(plan.parquet)), reading), schema))
    if not frames:
        frames.append(session.createDataFrame([], schema))
    everything = frames[0]
    for frame in frames[1:]:
        everything = everything.unionAll(frame)
    everything.write.partitionBy(KIND).parquet(place)
    return expected


def _sources(items: Iterable[Input]) -> dict[str, str]:
    return {key_of(url_of(item)): item.source for item in items}


def _line_rows(session: SparkSession, items: list[Input]) -> DataFrame:
    lines = session.read.option("lineSep", "\n").text(literal(items))
    return lines.selectExpr("value", "_metadata.file_path AS file", "_metadata.file_block_start AS block")


def _count_lines(
    session: SparkSession, items: list[Input]
) -> tuple[dict[tuple[str, int], tuple[int, int]], dict[str, int]]:
    """Lines and records before each block, and records of each source: a line has a number in its file, not in its block."""
    from pyspark.sql import functions as f

    rows = _line_rows(session, items).groupBy("file", "block")
    counts = rows.agg(f.count("*").alias("lines"), f.count_if(f.col("value").rlike(_BLANK)).alias("records")).collect()
    sources = _sources(items)
    before: dict[tuple[str, int], tuple[int, int]] = {}
    total: dict[str, tuple[int, int]] = dict.fromkeys(sources, (0, 0))
    for file, block, lines, records in sorted(counts):
        key = key_of(file, escaped=True)
        before[key, block] = total[key]
        total[key] = total[key][0] + lines, total[key][1] + records
    return before, {sources[key]: records for key, (_, records) in total.items()}


def _parquet_rows(session: SparkSession, items: list[Input], reading: Reading) -> tuple[DataFrame, dict[str, int]]:
    """The columns that matter, and rows of each source.

    Raises:
        SparkError: the files have no common schema, or none with a text.
    """
    from pyspark.sql import functions as f
    from pyspark.sql.pandas.types import to_arrow_schema

    from pipeline.readers.content import Context
    from pipeline.readers.parquet import Columns
    from pipeline.readers.report import FileReport

    found = session.read.option("mergeSchema", "true").parquet(*literal(items))
    columns = Columns(to_arrow_schema(found.schema), Context(items[0].source, reading.options, FileReport("")))
    if not columns.fields.text:
        raise SparkError("no schema with a text in common")
    wanted: dict[str, list[str]] = {}
    for name in columns.names:
        top, _, inner = name.partition(".")
        wanted.setdefault(top, []).extend([inner] if inner else [])
    cells: list[Any] = [
        f.struct(*(f.col(f"`{top}`.`{name}`").alias(name) for name in inner)).alias(top) if inner else f.col(f"`{top}`")
        for top, inner in wanted.items()
    ]
    place = [f.col("_metadata.file_path").alias("file"), f.col("_metadata.row_index").alias("row")]
    counts = found.groupBy(f.col("_metadata.file_path")).count().collect()
    sources = _sources(items)
    rows = dict.fromkeys(sources.values(), 0) | {sources[key_of(file, escaped=True)]: n for file, n in counts}
    return found.select(*cells, *place), rows


def _read(pages: Pages, plan: Plan, expected: dict[str, int]) -> list[InputRead]:
    """What the tasks say that they have read, held against what there was."""
    for message, hint in pages.rows("errors").select("message", "hint").limit(1).collect():
        raise UsageError(message, hint=hint)
    listed = {item.source: item for item in plan.all()}
    reports: dict[str, InputRead] = {}
    passed: dict[str, int] = {}
    columns = GivenColumns()
    for row in pages.rows("inputs").toArrow().to_pylist():
        source = row["source"]
        before = reports.get(source)
        if source not in listed or (before and source not in expected):
            raise BalanceError(f"{source}: was read twice, or not listed")
        size = listed[source].size if source in expected else row["size"]
        reports[source] = InputRead(source, size, row["sha256"], row["records"] + (before.records if before else 0))
        passed[source] = passed.get(source, 0) + row["records"] + sum(row["times"])
        pages.skipped.update(dict(zip(row["skipped"], row["times"], strict=True)))
        columns.add(source, row["met"], dict(zip(row["lacks"], row["there"], strict=True)))
    columns.check()
    for source, count in expected.items():
        if count and passed.get(source, 0) != count:
            raise BalanceError(f"{source}: holds {count} records, and {passed.get(source, 0)} were read")
        reports.setdefault(source, InputRead(source, listed[source].size, None, 0))
    if missing := listed.keys() - reports.keys():
        raise BalanceError(f"{min(missing)}: was not read, nor were {len(missing) - 1} more")
    return [reports[source] for source in sorted(reports)]
