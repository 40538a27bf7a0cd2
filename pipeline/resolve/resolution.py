"""The resolver's story: what pages say goes in, the steps run in their order, tables come out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from types import TracebackType

import pyarrow as pa
import pyarrow.compute as pc

from pipeline import tables
from pipeline.resolve import (
    claims,
    derive,
    evidence,
    metrics,
    plausible,
    roles,
    rules,
    skills,
    trust,
    witnesses,
)
from pipeline.resolve import observations as observed
from pipeline.resolve.engine import RENAMED, Engine, Source, Step, rows

_CLAIMS: tuple[Step, ...] = (
    *witnesses.STEPS,
    *claims.BEFORE,
    *trust.STEPS,
    *evidence.OPEN,
    *plausible.STEPS,
    *evidence.WEIGH,
)
_FACTS: tuple[Step, ...] = (
    *evidence.CHOOSE,
    *claims.AFTER,
    *metrics.ELECTION,
    *derive.STEPS,
    metrics.FOUND,
    metrics.METRIC,
    *skills.STEPS,
    *roles.STEPS,
    *rules.STEPS,
)
STEPS: tuple[Step, ...] = (*_CLAIMS, *evidence.ECHOES, *evidence.DROP, *_FACTS)
"""Everything that is run, some of it several times."""
_LISTS = {
    "rejected": observed.REJECTED,
    "origin": derive.ORIGIN,
    "alias": roles.ALIAS,
    "flag": rules.FLAG,
}
OUTPUTS: dict[tables.Table, str] = {
    tables.ROLES: roles.OUTPUT,
    tables.METRICS: metrics.OUTPUT,
    tables.SKILLS: skills.OUTPUT,
    tables.RESPONSIBILITIES: skills.RESPONSIBILITIES,
    tables.COMPARISONS: metrics.COMPARISONS,
    tables.OBSERVATIONS: observed.OUTPUT,
    tables.CHECKS: rules.OUTPUT,
}
"""Each table that follows from all pages together, and the query that gives its rows in their order."""
BATCH = 65_536
"""Rows a batch."""


class Resolution:
    """All pages' facts put together; a context manager.

    Takes what the per-document step made, in the schemas of :mod:`pipeline.tables`: Arrow tables, mapped from files for
    dumps that memory does not hold, or the paths of Parquet files. Rows may come in any order; nothing depends on it. Documents whose status is not
    `parsed` contribute nothing. The work is done on entering; the tables can then be asked for one after the other.
    """

    def __init__(self, documents: Source, observations: Source, readings: Source, engine: Engine | None = None) -> None:
        self._sources = {tables.DOCUMENTS: documents, tables.OBSERVATIONS: observations, tables.READINGS: readings}
        if engine is None:
            from pipeline.resolve.duckdb import DuckdbEngine

            engine = DuckdbEngine()
        self._engine = engine

    def __enter__(self) -> Resolution:
        try:
            self._resolve()
        except BaseException:
            self._engine.close()
            raise
        return self

    def _resolve(self) -> None:
        for table, source in self._sources.items():
            columns = {RENAMED.get(name, name): name for name in table.column_names()}
            if table is not tables.READINGS:
                columns["page"] = self._engine.page
            self._engine.register(f"{table.name}_in", source, columns)
        self._run(_CLAIMS)
        self._drop_readings()
        self._run(_FACTS)
        for name, select in _LISTS.items():
            self._engine.gather(name, select)
        self._engine.forget(_over()[""])

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._engine.close()

    def batches(self, table: tables.Table) -> Iterator[pa.RecordBatch]:
        """The rows of one table, sorted by its key, batch by batch; read one table to its end before the next."""
        queries = roles.outputs(self._highest_role()) if table is tables.ROLES else [OUTPUTS[table]]
        for query in queries:
            for batch in self._engine.batches(table.name, query, BATCH):
                yield conform(batch, table)

    def other_observations(self) -> Iterator[pa.RecordBatch]:
        """The observations that are not published as a page states them, sorted; see :mod:`pipeline.resolve.observations`."""
        for batch in self._engine.batches(
            tables.OBSERVATIONS.name, f"{observed.OTHERS} ORDER BY observation_id", BATCH
        ):
            yield conform(batch, tables.OBSERVATIONS)

    def table(self, table: tables.Table) -> pa.Table:
        """The rows of one table, sorted by its key."""
        return pa.Table.from_batches(self.batches(table), schema=table.to_arrow())

    def tables(self) -> dict[str, pa.Table]:
        """All tables that follow from all pages together, by name."""
        return {table.name: self.table(table) for table in OUTPUTS}

    def _highest_role(self) -> int:
        found = self._engine.batches("role", "SELECT COALESCE(MAX(role), 0) AS highest FROM role", 1).read_all()
        return int(found["highest"][0].as_py())

    def _run(self, steps: Iterable[Step]) -> None:
        for step in steps:
            self._engine.run(step)
            self._engine.forget(_over().get(step.name, ()))

    def _drop_readings(self) -> None:
        """Drop readings that trail, round by round, until none does."""
        left = rows(self._engine, "live")
        for _ in range(evidence.ROUNDS):
            self._run(evidence.ECHOES)
            self._run(evidence.DROP)
            before, left = left, rows(self._engine, "live")
            if left == before:
                break
        self._run(evidence.ECHOES)


@cache
def _over() -> dict[str, list[Step]]:
    """By the name of each step the kept relations that nothing asks for after it; by "", those that only lists ask for.

    (Steps of the rounds have none: the next round may ask for what they read.)
    Together the relations of a million pages take 17 GB, most of them for a few steps; and even of what lies on disk a part
    is in memory.
    """
    views = {step.name: step.select for step in STEPS if not step.kept}
    kept = {step.name: step for step in STEPS if step.kept}

    def asked(*queries: str) -> set[str]:
        names = _named_in(*queries)
        found = set(names)
        while names := _named_in(*(views[name] for name in names & views.keys())) - found:
            found |= names
        return found & kept.keys()

    wanted = asked(*OUTPUTS.values(), observed.OTHERS)
    left = asked(*_LISTS.values()) - wanted
    over = {"": [kept[name] for name in sorted(left)]}
    wanted |= left
    # What the rounds need they need until the last of them ends, and what comes before the next step.
    again = asked(*(step.select for step in (*evidence.ECHOES, *evidence.DROP)), "live")
    for step in (*reversed(_FACTS), None, *reversed(_CLAIMS)):
        if step is None:
            over[_FACTS[0].name] += [kept[name] for name in sorted(again - wanted)]
            wanted |= again
            continue
        names = asked(step.select) | ({step.name} & kept.keys())
        over[step.name] = [kept[name] for name in sorted(names - wanted)]
        wanted |= names
    return over


def _named_in(*queries: str) -> set[str]:
    """Every word of queries; the names of relations are among them."""
    return {word for query in queries for word in re.findall(r"\w+", query)}


def conform(batch: pa.RecordBatch, table: tables.Table) -> pa.RecordBatch:
    """Rows of a query in exactly the schema of `table`; an absent list is an empty one."""
    schema = table.to_arrow()
    columns = []
    for field in schema:
        column = batch.column(RENAMED.get(field.name, field.name)).cast(field.type)
        if pa.types.is_list(field.type) and column.null_count:
            column = _filled(column)
        columns.append(column)
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _filled(lists: pa.ListArray) -> pa.ListArray:
    """Lists with empty ones for nulls."""
    lengths = pc.fill_null(pc.list_value_length(lists), 0)
    offsets = pa.concat_arrays([pa.array([0], pa.int32()), pc.cumulative_sum(lengths).cast(pa.int32())])
    return pa.ListArray.from_arrays(offsets, lists.flatten(), type=lists.type)
