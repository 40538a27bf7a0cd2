"""Whole files as rows of `path` and `content`, those included that Spark's own reader passes over in silence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.engines.spark.storage import Storage, key_of
from pipeline.readers.inputs import Input

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


def handed_rows(session: SparkSession, items: Iterable[Input], folder: str) -> tuple[DataFrame, dict[str, str]]:
    """A row for each file, and the name of each by the key of its `path`. What has to be copied first goes below `folder`."""
    sources: dict[str, str] = {}
    readable: list[Input] = []
    empty: list[Input] = []
    for number, item in enumerate(items):
        given = item if not item.source.rpartition("/")[2].startswith("_") else _copied(session, item, folder, number)
        sources[key_of(url_of(given))] = item.source
        (readable if item.size else empty).append(given)
    rows = session.createDataFrame([(url_of(item), b"") for item in empty], "path string, content binary")
    if readable:
        found = session.read.format("binaryFile").load(literal(readable)).select("path", "content")
        rows = rows.unionAll(found) if empty else found
    return rows, sources


def _copied(session: SparkSession, item: Input, folder: str, number: int) -> Input:
    """The file under a name that Spark does not take for one of its own."""
    name = f"{folder}/{number}-{item.source.rpartition('/')[2]}"
    Storage(session, item.path).copy(item.path, name)
    return replace(item, path=name)


def url_of(item: Input) -> str:
    """The path of an input as Spark's readers take it."""
    return item.path if "://" in item.path or item.path.startswith("file:") else f"file:{item.path}"


def literal(items: Iterable[Input]) -> list[str]:
    """Paths that mean themselves: Spark takes them for patterns."""
    return ["".join(f"\\{char}" if char in "{}[]*?\\" else char for char in url_of(item)) for item in items]
