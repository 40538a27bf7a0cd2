"""The resolver's engine on a cluster: Spark SQL, each kept relation a folder of Parquet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from pipeline.resolve.engine import Step

_REPLACE_ALL = """
    CREATE OR REPLACE TEMPORARY FUNCTION replace_all(t STRING, pattern STRING, replacement STRING) RETURNS STRING
    RETURN regexp_replace(t, pattern, replacement)
"""


class SparkEngine:
    """An :class:`pipeline.resolve.engine.Engine`; the session's time zone is UTC, and its views are the engine's.

    Relations are kept as Parquet files below `folder`, which driver and executors share: files survive the loss of an
    executor, and numbers that stand for keys are given once.
    """

    page = "document_id"

    def __init__(self, session: SparkSession, folder: str) -> None:
        self.session = session
        self._folder = folder.rstrip("/")
        self._kept = 0
        self.session.sql(_REPLACE_ALL)

    def register(self, name: str, source: DataFrame | pa.Table, columns: Mapping[str, str]) -> None:
        """Make a data frame, or a small Arrow table, known as `name`."""
        rows: Any = self.session.createDataFrame(source) if isinstance(source, pa.Table) else source
        rows.select([rows[old].alias(new) for new, old in columns.items()]).createOrReplaceTempView(name)

    def run(self, step: Step) -> None:
        """Compute the step's relation and keep it under its name."""
        select = (
            f"SELECT monotonically_increasing_id() + 1 AS {step.number}, * FROM ({step.select})"
            if step.number
            else step.select
        )
        rows = self.session.sql(select)
        (self._keep(step.name, rows) if step.kept else rows).createOrReplaceTempView(step.name)

    def forget(self, steps: Iterable[Step]) -> None:
        """Does nothing: what is kept are files of a folder that is removed in the end."""

    def gather(self, name: str, select: str) -> None:
        """From (`id`, `item`) make (`id`, `items`): the distinct items, sorted."""
        rows = self.session.sql(f"SELECT id, array_sort(collect_set(item)) AS items FROM ({select}) GROUP BY id")
        self._keep(name, rows).createOrReplaceTempView(name)

    def batches(self, name: str, select: str, size: int) -> pa.RecordBatchReader:
        """The rows of a query, all at once in the driver's memory: for counts and small dumps."""
        found = self.session.sql(select).toArrow()
        return pa.RecordBatchReader.from_batches(found.schema, found.to_batches(size))

    def close(self) -> None:
        """Forget the relations; the folder is the caller's."""

    def _keep(self, name: str, rows: DataFrame) -> DataFrame:
        self._kept += 1
        path = f"{self._folder}/{self._kept:03d}-{name}"
        rows.write.parquet(path)
        return self.session.read.schema(rows.schema).parquet(path)
