"""Across documents: choose readings, derive facts, check them, and elect one value per cell.

>>> from pipeline.resolve import resolve  # doctest: +SKIP
>>> tables = resolve(documents, observations, readings)  # doctest: +SKIP
>>> tables["metrics"].num_rows  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from pipeline.resolve.engine import Engine, Source


def resolve(
    documents: Source, observations: Source, readings: Source, engine: Engine | None = None
) -> dict[str, pa.Table]:
    """The tables that follow from all documents together: every published table but `documents` and `unparsed`, by name.

    Each has exactly its schema of :mod:`pipeline.tables` and is sorted by its key. For dumps that memory does not hold see
    :class:`pipeline.resolve.resolution.Resolution`, which this function runs. Without an `engine` DuckDB runs in process.
    """
    from pipeline.resolve.resolution import Resolution  # heavy: Arrow and DuckDB

    with Resolution(documents, observations, readings, engine) as resolution:
        return resolution.tables()
