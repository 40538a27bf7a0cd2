"""All kinds of rows in one stream: what one pass over the pages gives, told apart by the column `kind`.

A struct for each kind, of which a row fills one: to pass over an empty struct costs next to nothing, neither Spark nor
Parquet, and a second pass over the pages would cost everything.
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
        ("skipped", pa.list_(pa.string())),
        ("times", pa.list_(pa.int64())),
        ("met", pa.list_(pa.string())),
        ("lacks", pa.list_(pa.string())),
        ("there", pa.list_(pa.string())),
    ]
)
"""What a task read of one input: `size` in bytes and `sha256` where it read the whole file; records that it handed out; what
it passed over on purpose and how many `times`; the given columns that it met, those that it `lacks` and what is `there`."""
ERRORS = pa.schema([("message", pa.string()), ("hint", pa.string())])
"""An error in the call that only a task could see."""
KINDS = SCHEMAS | {"inputs": INPUTS, "errors": ERRORS}


_STRUCTS = {kind: pa.struct(list(schema)) for kind, schema in KINDS.items()}
UNION = pa.schema([(KIND, pa.string()), (BATCH, pa.int64()), *_STRUCTS.items()])


def rows_of(shard: Shard, number: int) -> Iterator[pa.RecordBatch]:
    """The rows of a shard; `number` is the shard's own."""
    for kind in SCHEMAS:
        rows: pa.RecordBatch = getattr(shard, kind)
        if rows.num_rows:
            yield tagged(kind, rows, number)


def tagged(kind: str, rows: pa.RecordBatch, number: int = 0) -> pa.RecordBatch:
    """Rows of one kind in the schema :data:`UNION`."""
    count = rows.num_rows
    cells = {other: pa.nulls(count, struct) for other, struct in _STRUCTS.items() if other != kind}
    cells[kind] = pa.StructArray.from_arrays(rows.columns, fields=list(_STRUCTS[kind]))
    columns = [_repeated(kind, count, pa.string()), _repeated(number, count, pa.int64())]
    return pa.RecordBatch.from_arrays([*columns, *(cells[kind] for kind in KINDS)], schema=UNION)


def _repeated(value: object, times: int, type_: pa.DataType) -> pa.Array:
    return pa.repeat(pa.scalar(value, type_), times)


def spark_schema(schema: pa.Schema) -> StructType:
    """The schema in Spark's types, every column and every item of a list nullable, as Spark's own files have them."""
    from pyspark.sql.pandas.types import from_arrow_schema

    return from_arrow_schema(pa.schema([(field.name, _nullable(field.type)) for field in schema]))


def _nullable(type_: pa.DataType) -> pa.DataType:
    if pa.types.is_struct(type_):
        return pa.struct([(field.name, _nullable(field.type)) for field in type_])
    return pa.list_(type_.value_type) if pa.types.is_list(type_) else type_
