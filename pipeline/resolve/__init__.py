"""Across documents: choose readings, derive facts, check them, and elect one value per cell.

>>> from pipeline.resolve import resolve  # doctest: +SKIP
>>> tables = resolve(documents, observations, readings)  # doctest: +SKIP
>>> tables["metrics"].num_rows  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from pipeline.resolve.engine import Engine


def resolve(
    documents: pa.Table, observations: pa.Table, readings: pa.Table, engine: Engine | None = None
) -> dict[str, pa.Table]:
    """The tables that follow from all documents together: every published table but `documents` and `unparsed`.

    Takes the tables of the per-document step in the schemas of :mod:`pipeline.tables`; rows may come in any order, the
    result does not depend on it. Each result has exactly its schema there and is sorted by its key. Documents whose
    status is not `parsed` contribute nothing. Without an `engine` DuckDB runs in process with its defaults.
    """
    from pipeline.resolve.run import run  # heavy: Arrow and DuckDB

    return run(documents, observations, readings, engine)
