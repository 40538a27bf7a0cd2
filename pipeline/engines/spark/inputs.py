"""How each input file is read: in pieces by Spark, or as a whole by the readers that also run locally.

Large Parquet files and large plain JSON lines are read in pieces, by Spark, which knows how. Everything else is read file by
file: small files since that is quicker, compressed ones and WARC since they have no pieces, and whatever is not what its name
says since only the readers know what to make of it. Where Python can open a file, a task does so; where only Hadoop can,
Spark hands over its bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from pipeline.engines.spark.failures import translated
from pipeline.engines.spark.handed import url_of
from pipeline.engines.spark.storage import Storage
from pipeline.errors import UsageError
from pipeline.readers import CONTAINERS, list_inputs
from pipeline.readers.compression import codec_of
from pipeline.readers.inputs import Input, both_in_one, remote_input
from pipeline.readers.jsonl import not_lines

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_HEAD = 1 << 16
_PARQUET = (".parquet", ".pq")
_LINES = (".jsonl", ".ndjson", ".jsonlines")
_MAX_CONTENT = (1 << 31) - (1 << 20)
"""Bytes of a file that fit one row of Spark."""


@dataclass(slots=True)
class Plan:
    """The inputs of a run, by the way in which each is read; all in the order of their names."""

    opened: list[list[Input]] = field(default_factory=list)
    """Files that tasks open themselves, and inputs that are not read: one list for each task."""
    handed: list[Input] = field(default_factory=list)
    """Files whose bytes Spark hands to the tasks."""
    parquet: list[Input] = field(default_factory=list)
    """Files that Spark reads in pieces."""
    lines: list[Input] = field(default_factory=list)
    """Files of JSON lines that Spark reads in pieces."""

    def all(self) -> Iterator[Input]:
        """Every input once."""
        for group in self.opened:
            yield from group
        yield from (*self.handed, *self.parquet, *self.lines)


def plan_inputs(session: SparkSession, raw: str, out: str = "", whole: frozenset[str] = frozenset()) -> Plan:
    """What there is below `raw`, and how to read it; the folder `out`, where tables go, is passed over.

    Sources in `whole` are read as whole files whatever their size.

    Raises:
        UsageError: `raw` cannot be listed, or is `out`.
    """
    storage = Storage(session, raw)
    piece = _piece_bytes(session)
    plan = Plan()
    opened: list[Input] = []
    for item in _listed(storage, Storage(session, out) if out else None):
        kind = "" if item.problem or item.size <= piece or item.source in whole else _kind_in_pieces(storage, item)
        if kind:
            (plan.parquet if kind == "parquet" else plan.lines).append(item)
        elif item.problem or storage.local:
            opened.append(item)
        elif item.size > _MAX_CONTENT:
            raise UsageError(
                f"{item.source}: {item.size:,} bytes are too many for a file that must be read as a whole from {raw}",
                hint="mount the storage, so that the path is a local one on every machine; or split the file",
            )
        else:
            plan.handed.append(item)
    plan.opened = list(_grouped(opened, piece, session.sparkContext.defaultParallelism, _open_cost(session)))
    return plan


def _listed(storage: Storage, own: Storage | None) -> Iterator[Input]:
    if storage.local:
        return list_inputs(storage.local, own.local if own else None)
    left_out = f"{own.root.rstrip('/')}/" if own else "\0"
    if f"{storage.root.rstrip('/')}/" == left_out:
        raise both_in_one(storage.root)
    files = (file for file in storage.files() if not file.path.startswith(left_out))
    found = sorted(files, key=lambda file: file.relative.encode("utf-8", "surrogateescape").split(b"/"))
    if not found:
        raise UsageError(f"{storage.root}: an empty folder", hint="give the folder or file that holds the pages")
    return (remote_input(file.path, file.relative.encode("utf-8", "surrogateescape"), file.size) for file in found)


def _kind_in_pieces(storage: Storage, item: Input) -> str:
    """`parquet` or `lines` for a file that is by its name and its first bytes what Spark can read in pieces, else ""."""
    suffix = PurePosixPath(item.source.lower()).suffix
    name = item.source.rpartition("/")[2]
    if suffix not in (*_PARQUET, *_LINES) or name.startswith("_") or not _is_utf8(item.path):
        return ""  # Spark passes over names that begin with _
    head = storage.head(url_of(item), _HEAD)
    if suffix in _PARQUET:
        return "parquet" if head.startswith(b"PAR1") else ""
    is_other = codec_of(head) or any(head.startswith(magic) for container in CONTAINERS for magic in container.magic)
    return "" if is_other or not_lines(head.partition(b"\n")[0]) else "lines"


def _is_utf8(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _piece_bytes(session: SparkSession) -> int:
    return _bytes(session, "spark.sql.files.maxPartitionBytes")


def _open_cost(session: SparkSession) -> int:
    return _bytes(session, "spark.sql.files.openCostInBytes")


def _bytes(session: SparkSession, name: str) -> int:
    """A setting in bytes, as Spark itself reads it (`128m`)."""
    jvm: Any = session.sparkContext._jvm
    with translated(name, UsageError):
        return int(jvm.org.apache.spark.network.util.JavaUtils.byteStringAsBytes(session.conf.get(name)))


def _grouped(items: Iterable[Input], piece: int, cores: int, cost: int) -> Iterator[list[Input]]:
    """Inputs in lists of about the size that Spark would give a task; `cost` is what opening a file costs, in bytes."""
    found = list(items)
    total = sum(item.size + cost for item in found)
    target = min(piece, max(cost, total // max(cores, 1)))
    group: list[Input] = []
    filled = 0
    for item in found:
        if group and filled + item.size > target:
            yield group
            group, filled = [], 0
        group.append(item)
        filled += item.size + cost
    if group:
        yield group
