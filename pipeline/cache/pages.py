"""Rows and the pages that they belong to: numbers that join them, and ranges of document ids that cut them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.shards import SCHEMAS

PAGE = pa.field("page", pa.int64())
"""Leads from a row to its document: one number for all rows that were parsed from one content in one go.

Unique over all bundles."""
SEEN = SCHEMAS["documents"].append(PAGE)
"""A row of `documents`, and the number that its rows have, if it has any."""
RANGES = 64
"""Document ids are hashes: their first two digits cut any set of them into as many ranges of the same size."""
_WIDTH = 256 // RANGES


class Slices(NamedTuple):
    """A batch of rows sorted by document id, and where each range of ids starts in it."""

    batch: pa.RecordBatch
    starts: Sequence[int]

    def range(self, first: int, last: int) -> pa.RecordBatch:
        """The rows of the ranges from `first` to `last`, which is excluded."""
        return self.batch.slice(self.starts[first], self.starts[last] - self.starts[first])


def whole(batch: pa.RecordBatch) -> Slices:
    """A batch that is not cut."""
    return Slices(batch, [0, *[batch.num_rows] * RANGES])


def lower_bound(number: int) -> str:
    """The smallest string that a document id of a range begins with."""
    return f"{number * _WIDTH:02x}"


class Pages:
    """Numbers the documents of one shard from `first`; `owners` are those that have rows."""

    def __init__(self, documents: pa.RecordBatch, owners: Sequence[int], first: int) -> None:
        self._documents = documents
        ids = documents["document_id"].take(pa.array(owners, pa.int64()))
        self._ids = ids.take(pc.sort_indices(ids))
        self._ranges = np.array([int(key[:2], 16) // _WIDTH for key in self._ids.to_pylist()], np.int64)
        self._first = first

    def documents(self) -> pa.RecordBatch:
        """The documents with their numbers, in the schema :data:`SEEN`."""
        return self._documents.append_column(PAGE, self._numbers(self._documents["document_id"])[1])

    def sliced(self, rows: pa.RecordBatch) -> Slices:
        """Rows with the numbers of their pages; the rows come sorted by document."""
        if "document_id" in rows.schema.names:
            ids = rows["document_id"]
        else:
            ids = pc.utf8_slice_codeunits(rows["observation_id"], 0, 32)
        places, numbers = self._numbers(ids)
        starts = np.searchsorted(self._ranges[places], np.arange(RANGES + 1))
        return Slices(rows.append_column(PAGE, numbers), starts.tolist())

    def _numbers(self, ids: pa.Array) -> tuple[np.ndarray, pa.Array]:
        places = pc.index_in(ids, value_set=self._ids).to_numpy()
        return places, pa.array(places.astype(np.int64) + self._first)
