"""Records and shards on their way between processes: batches of bounded size, as Arrow IPC streams."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa

from pipeline.engines.channel import Part
from pipeline.engines.limits import Limits
from pipeline.model import Record, new_record
from pipeline.shards import Shard

RECORDS = pa.schema(
    [
        ("source", pa.string()),
        ("data", pa.large_binary()),
        ("media", pa.string()),
        ("charset", pa.string()),
        ("url", pa.string()),
        ("fetched_at", pa.timestamp("us", tz="UTC")),
    ]
)
"""A batch of records without a problem: the fields of :class:`pipeline.model.Record` in their order."""
_OVERHEAD = 256
"""Bytes that a record counts besides its data, so that a million empty ones are no single batch."""


def batches(records: Iterable[Record], limits: Limits) -> Iterator[list[Record]]:
    """The records in lists within the limits; a record that is larger than a batch is alone."""
    batch: list[Record] = []
    filled = 0
    for record in records:
        size = len(record.data) + _OVERHEAD
        if batch and (filled + size > limits.batch_bytes or len(batch) >= limits.batch_records):
            yield batch
            batch, filled = [], 0
        batch.append(record)
        filled += size
    if batch:
        yield batch


def encode_records(records: Iterable[Record]) -> pa.Buffer:
    """The records as one IPC stream."""
    columns: Iterable[tuple[Any, ...]] = zip(
        *((r.source, r.data, r.media, r.charset, r.url, r.fetched_at) for r in records), strict=True
    )
    arrays = [pa.array(column, field.type) for column, field in zip(columns, RECORDS, strict=True)]
    return _encode(pa.RecordBatch.from_arrays(arrays, schema=RECORDS))


def decode_records(stream: Part) -> Iterator[Record]:
    """The records that :func:`encode_records` was given."""
    for batch in pa.ipc.open_stream(stream):
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            yield new_record((*row, None))


def encode_shard(shard: Shard) -> list[pa.Buffer]:
    """The batches of a shard, an IPC stream each."""
    return [_encode(batch) for batch in shard]


def decode_shard(streams: Iterable[Part]) -> Shard:
    """The shard that :func:`encode_shard` was given; its columns lie in the streams, nothing is copied."""
    return Shard(*(pa.ipc.open_stream(stream).read_next_batch() for stream in streams))


def _encode(batch: pa.RecordBatch) -> pa.Buffer:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return sink.getvalue()
