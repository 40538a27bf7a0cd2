"""What the resolver asks of the machine that runs its SQL, and the form in which it hands over its steps.

The resolver is SQL text in the part of the language that DuckDB and Spark share: explicit casts, no nested types, a total
ORDER BY in every window whose order shows, sums of integers only (a sum of floats depends on its order). What the shared
part lacks is asked of the engine: one function in SQL, `replace_all(text, pattern, replacement)`, and
:meth:`Engine.gather` for the list columns. Three columns have names that SQL reserves; they go by RENAMED inside.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias

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
    number: str = ""
    """A column to add: a whole number, another for every row, in no certain order. Numbers stand for long keys; no result
    may depend on which row has which."""


Source: TypeAlias = "pa.Table | Sequence[str]"
"""An Arrow table, mapped from a file or in memory, or the paths of Parquet files."""


class Engine(Protocol):
    """Runs the resolver's SQL. An engine holds named relations and forgets them when it is closed."""

    @property
    def page(self) -> str:
        """The column of documents and observations that leads from one to the other: `document_id`, or a number for it.

        Observations that it leads to no document count for nothing.
        """

    def register(self, name: str, source: Source, columns: Mapping[str, str]) -> None:
        """Make a source known to the SQL as `name`, with `columns`: name in the SQL -> name in the source."""

    def run(self, step: Step) -> None:
        """Make the step's relation, replacing one of that name. Its query may read the relation that it replaces."""

    def forget(self, steps: Iterable[Step]) -> None:
        """Nothing will ask for the relations of these steps any more."""

    def gather(self, name: str, select: str) -> None:
        """From a query of (`id`, `item`) make the relation `name` of (`id`, `items`): the distinct items, sorted."""

    def batches(self, name: str, select: str, size: int) -> pa.RecordBatchReader:
        """The rows of a query, known as `name` to people, in its order, some `size` a batch. One stream at a time: read it to the end first."""

    def close(self) -> None:
        """Forget everything."""


def rows(engine: Engine, relation: str) -> int:
    """Number of rows of a relation."""
    found = engine.batches(relation, f"SELECT COUNT(*) AS n FROM {relation}", 1).read_all()
    return int(found["n"][0].as_py())
