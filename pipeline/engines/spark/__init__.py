"""The engine of a cluster: steps 1 to 3 on Apache Spark, by the very function that the local workers call.

    session = SparkSession.builder.getOrCreate()
    pages = parse(session, "s3a://dump/2025/", "s3a://scratch/run-1")
    pages.rows("observations")

One pass over the pages writes the rows of all kinds; they are read from there as often as needed. Nothing is imported from
Spark before it is used. The whole story, resolution and publication included, is :func:`pipeline.cluster.extract`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.engines.spark.session import open_session

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from pipeline.engines.spark.pages import Pages
    from pipeline.engines.spark.tasks import Reading

__all__ = ["open_session", "parse"]


def parse(session: SparkSession, raw: str, folder: str, reading: Reading | None = None) -> Pages:
    """Reads and parses all that is below `raw`; see :func:`pipeline.engines.spark.pages.parse`."""
    from pipeline.engines.spark.pages import parse as parse_pages

    return parse_pages(session, raw, folder, reading)
