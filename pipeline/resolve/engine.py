"""What the resolver asks of the machine that runs its SQL, and the form in which it hands over its steps.

The resolver is SQL text in the part of the language that DuckDB and Spark share: explicit casts, no nested types, a total
ORDER BY in every window whose order shows, sums of integers only (a sum of floats depends on its order). What the shared
part lacks is asked of the engine: one function in SQL, `replace_all(text, pattern, replacement)`, and
:meth:`Engine.gather` for the list columns. Three columns have names that SQL reserves; they go by RENAMED inside.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    import pyarrow as pa


RENAMED = {"table": "fact_table", "end": "stop", "position": "place"}
"""Column of the contract -> column inside the SQL."""


class Step(NamedTuple):
    """One relation of the resolver: its name, and the query that makes it from those before it."""

    name: str
    select: str
    kept: bool = True
    """Whether the rows are computed once and kept; else the query is run anew wherever the relation is read."""


class Engine(Protocol):
    """Runs the resolver's SQL. An engine holds named relations and forgets them when it is closed."""

    def register(self, name: str, table: pa.Table) -> None:
        """Make an Arrow table known to the SQL as `name`."""

    def run(self, step: Step) -> None:
        """Compute the step's relation once and keep it under its name, replacing one that is there."""

    def gather(self, name: str, select: str) -> None:
        """From a query of (`id`, `item`) make the relation `name` of (`id`, `items`): the distinct items, sorted."""

    def query(self, select: str) -> pa.Table:
        """The rows of a query, in its order, timestamps in UTC."""

    def drop(self, names: Iterable[str]) -> None:
        """Forget relations that no later step reads."""


def rows(engine: Engine, relation: str) -> int:
    """Number of rows of a relation."""
    return int(engine.query(f"SELECT COUNT(*) AS n FROM {relation}")["n"][0].as_py())
