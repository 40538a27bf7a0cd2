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


class PageSet:
    """Some pages by their numbers, to be asked about the rows of one bundle at a time, whose numbers lie close together.

    (Arrow's `is_in` hashes the whole set each time: of a million pages, and asked for each window of each bundle, that was
    three quarters of the time to write their observations.)
    """

    def __init__(self, numbers: np.ndarray) -> None:
        self._numbers = np.sort(numbers)

    def mask(self, numbers: pa.ChunkedArray) -> pa.Array:
        """Which of the numbers are of these pages."""
        asked = numbers.to_numpy()
        if not len(asked):
            return pa.array([], pa.bool_())
        low, high = asked.min(), asked.max()
        first, end = np.searchsorted(self._numbers, (low, high + 1))
        is_held = np.zeros(high - low + 1, bool)
        is_held[self._numbers[first:end] - low] = True
        return pa.array(is_held[asked - low])


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
