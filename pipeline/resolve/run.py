"""The resolver's story: Arrow tables in, the steps in their order, Arrow tables out."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

from pipeline import tables
from pipeline.resolve import (
    claims,
    comparisons,
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
from pipeline.resolve.engine import RENAMED, Engine, Step, rows

_CLAIMS: tuple[Step, ...] = (
    *witnesses.STEPS,
    claims.STATED,
    *trust.STEPS,
    *evidence.OPEN,
    *plausible.STEPS,
    *evidence.WEIGH,
)
_FACTS: tuple[Step, ...] = (
    *evidence.CHOOSE,
    claims.CLAIM,
    *metrics.ELECTION,
    *comparisons.STEPS,
    *derive.STEPS,
    metrics.METRIC,
    *skills.STEPS,
    *roles.STEPS,
    *rules.STEPS,
)
_LISTS = {
    "rejected": observed.REJECTED,
    "origin": derive.ORIGIN,
    "alias": roles.ALIAS,
    "flag": rules.FLAG,
}
_OUTPUTS: tuple[tuple[tables.Table, str], ...] = (
    (tables.ROLES, roles.OUTPUT),
    (tables.METRICS, metrics.OUTPUT),
    (tables.SKILLS, skills.OUTPUT),
    (tables.RESPONSIBILITIES, skills.RESPONSIBILITIES),
    (tables.COMPARISONS, comparisons.OUTPUT),
    (tables.OBSERVATIONS, observed.OUTPUT),
    (tables.CHECKS, rules.OUTPUT),
)


def run(
    documents: pa.Table, observations: pa.Table, readings: pa.Table, engine: Engine | None = None
) -> dict[str, pa.Table]:
    """See :func:`pipeline.resolve.resolve`."""
    if engine is None:
        from pipeline.resolve.duckdb import DuckdbEngine

        with DuckdbEngine() as own:
            return run(documents, observations, readings, own)
    for name, table in (("documents", documents), ("observations", observations), ("readings", readings)):
        engine.register(f"{name}_in", renamed(table))
    _run(engine, _CLAIMS)
    _drop_readings(engine)
    _run(engine, _FACTS)
    for name, select in _LISTS.items():
        engine.gather(name, select)
    return {table.name: conform(engine.query(select), table) for table, select in _OUTPUTS}


def _run(engine: Engine, steps: Iterable[Step]) -> None:
    for step in steps:
        engine.run(step)


def _drop_readings(engine: Engine) -> None:
    """Drop readings that trail, round by round, until none does."""
    left = rows(engine, "live")
    for _ in range(evidence.ROUNDS):
        _run(engine, evidence.ECHOES)
        _run(engine, evidence.DROP)
        before, left = left, rows(engine, "live")
        if left == before:
            break
    _run(engine, evidence.ECHOES)


def renamed(table: pa.Table) -> pa.Table:
    """The table with the columns' names of the SQL."""
    return table.rename_columns([RENAMED.get(name, name) for name in table.column_names])


def conform(result: pa.Table, table: tables.Table) -> pa.Table:
    """The result of a query in exactly the schema of `table`; an absent list is an empty one."""
    schema = table.to_arrow()
    columns = []
    for field in schema:
        column = result[RENAMED.get(field.name, field.name)].combine_chunks()
        if pa.types.is_list(field.type):
            column = _filled(column, field.type)
        columns.append(column.cast(field.type))
    return pa.Table.from_arrays(columns, schema=schema)


def _filled(column: pa.Array, type_: pa.DataType) -> pa.Array:
    """A list column with empty lists for nulls."""
    if pa.types.is_null(column.type):
        column = pa.nulls(len(column), type_)
    if not column.null_count:
        return column
    empty = pa.scalar([], type=column.type)
    return pc.if_else(pc.is_null(column), empty, column)
