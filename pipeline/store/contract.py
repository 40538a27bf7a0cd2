"""Holds rows against the contract of their table before anything is published."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.errors import EXIT_BUG, RolepagesError
from pipeline.tables import Table


class ContractError(RolepagesError):
    """Rows that do not fit their table: a bug, so nothing is published."""

    exit_code = EXIT_BUG


def conform(table: Table, rows: pa.Table) -> pa.Table:
    """The rows with exactly the contract's columns, types and metadata, each column in one chunk.

    Raises:
        ContractError: a column is missing or unknown, a type cannot be cast without loss, a required cell is empty, a number
            is not finite.
    """
    schema = table.to_arrow()
    names = table.column_names()
    if sorted(rows.column_names) != sorted(names):
        missing = sorted(set(names) - set(rows.column_names))
        extra = sorted(set(rows.column_names) - set(names))
        raise ContractError(f"{table.name}: columns missing: {missing}, unknown: {extra}, of {rows.num_columns} given")
    columns = []
    for field in schema:
        column = rows.column(field.name).combine_chunks()
        try:
            column = column if column.type == field.type else column.cast(field.type)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            raise ContractError(f"{table.name}.{field.name}: {column.type} is not {field.type}: {error}") from error
        _check_cells(table, field, column)
        if pa.types.is_floating(field.type):
            # Minus zero, which a difference seen from the other side may be, equals zero but has other bytes.
            column = pc.add(column, 0.0)
        columns.append(column)
    return pa.Table.from_arrays(columns, schema=schema)


def _check_cells(table: Table, field: pa.Field, column: pa.Array) -> None:
    where = f"{table.name}.{field.name}"
    if column.null_count and not field.nullable:
        raise ContractError(f"{where}: {column.null_count} of {len(column)} cells are empty, none may be")
    if pa.types.is_list(field.type) and pc.list_flatten(column).null_count:
        raise ContractError(f"{where}: a list holds an empty item")
    if pa.types.is_floating(field.type) and pc.all(pc.is_finite(column)).as_py() is False:
        raise ContractError(f"{where}: a number is infinite or not a number")


class KeyOrder:
    """Checks, batch after batch, that rows are sorted by their table's key and that no key comes twice.

    Text sorts by its code points, an empty cell before any other.
    """

    def __init__(self, table: Table) -> None:
        self._table = table
        self._last: pa.Table | None = None

    def check(self, rows: pa.Table) -> None:
        """Raises ContractError unless the keys rise strictly, also from the batch before."""
        keys = rows.select(self._table.key)
        if self._last is not None:
            keys = pa.concat_tables([self._last, keys])
        self._last = keys.slice(keys.num_rows - 1) if keys.num_rows else None
        rising = pc.fill_null(_rises(keys), False)
        if pc.all(rising).as_py() is False:
            at = pc.index(rising, value=False).as_py()
            pair = keys.slice(at, 2).to_pylist()
            problem = "twice the key" if pair[0] == pair[1] else "not sorted by its key: after"
            raise ContractError(f"{self._table.name}: {problem} {list(pair[0].values())}, {list(pair[1].values())}")


def _rises(keys: pa.Table) -> pa.ChunkedArray:
    """For each row but the first: whether its key comes after the key of the row before."""
    rising: pa.ChunkedArray | None = None
    for name in reversed(keys.column_names):
        column = keys.column(name)
        before, after = column.slice(0, max(len(column) - 1, 0)), column.slice(1)
        less, equal = pc.less(before, after), pc.equal(before, after)
        if column.null_count:
            empty_before, empty_after = pc.is_null(before), pc.is_null(after)
            less = pc.if_else(empty_after, False, pc.if_else(empty_before, True, less))
            equal = pc.if_else(pc.or_(empty_before, empty_after), pc.and_(empty_before, empty_after), equal)
        rising = less if rising is None else pc.or_(less, pc.and_(equal, rising))
    assert rising is not None, "every table has a key"
    return rising
