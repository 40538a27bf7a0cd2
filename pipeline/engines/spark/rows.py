"""All kinds of rows in one stream: what one pass over the pages gives, told apart by the column `kind`.

A union of all columns, most of them empty in any one row: Parquet takes next to nothing for those, and a second pass over
the pages would take everything.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pyarrow as pa

from pipeline.shards import SCHEMAS, Shard

if TYPE_CHECKING:
    from pyspark.sql.types import StructType

KIND = "kind"
BATCH = "batch"
"""Number of the shard that a row came from: a shard holds one set of rows for a content, whatever number of copies it met."""
INPUTS = pa.schema(
    [
        ("source", pa.string()),
        ("size", pa.int64()),
        ("sha256", pa.string()),
        ("records", pa.int64()),
        ("skipped", pa.int64()),
    ]
)
"""What a task read of one input: `size` in bytes and `sha256` where it read the whole file; records that it handed out, and
those that it passed over on purpose."""
ERRORS = pa.schema([("message", pa.string()), ("hint", pa.string())])
"""An error in the call that only a task could see."""
KINDS = SCHEMAS | {"inputs": INPUTS, "errors": ERRORS}


def _union() -> pa.Schema:
    columns: dict[str, pa.DataType] = {KIND: pa.string(), BATCH: pa.int64()}
    for schema in KINDS.values():
        for field in schema:
            assert columns.setdefault(field.name, field.type) == field.type, field.name
    return pa.schema(list(columns.items()))


UNION = _union()


def rows_of(shard: Shard, number: int) -> Iterator[pa.RecordBatch]:
    """The rows of a shard; `number` is the shard's own."""
    for kind in SCHEMAS:
        rows: pa.RecordBatch = getattr(shard, kind)
        if rows.num_rows:
            yield tagged(kind, rows, number)


def tagged(kind: str, rows: pa.RecordBatch, number: int = 0) -> pa.RecordBatch:
    """Rows of one kind in the schema :data:`UNION`."""
    given = {KIND: _repeated(kind, rows.num_rows, pa.string()), BATCH: _repeated(number, rows.num_rows, pa.int64())}
    given.update(zip(rows.schema.names, rows.columns, strict=True))
    columns = [given[field.name] if field.name in given else pa.nulls(rows.num_rows, field.type) for field in UNION]
    return pa.RecordBatch.from_arrays(columns, schema=UNION)


def _repeated(value: object, times: int, type_: pa.DataType) -> pa.Array:
    return pa.repeat(pa.scalar(value, type_), times)


def spark_schema(schema: pa.Schema) -> StructType:
    """The schema in Spark's types, every column and every item of a list nullable, as Spark's own files have them."""
    from pyspark.sql.pandas.types import from_arrow_schema

    types = [pa.list_(field.type.value_type) if pa.types.is_list(field.type) else field.type for field in schema]
    return from_arrow_schema(pa.schema(list(zip(schema.names, types, strict=True))))
