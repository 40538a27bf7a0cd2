"""Rows of many bundles, window after window of ids: what memory holds at once depends on the window, not on the dump.

A bundle's files are cut into row groups by ranges of ids (see :mod:`pipeline.cache.bundle`). A row group is read when the first
window comes that it has rows of; what lies beyond the window waits for the next. Where the ranges of all bundles together are
too much for memory, nothing waits: row groups are read for each of their windows again.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.cache.pages import RANGES

_DIGITS = 4
"""Hexadecimal digits of the ids that windows are cut at: they begin with a hash, so that all are of one size."""
_PLACES = 16**_DIGITS
_MOST = 1 << 12
"""Windows; each opens the files that have rows of it."""


class Window(NamedTuple):
    """The rows with ids below `end`, and not below the end of the window before; "" ends nothing."""

    end: str
    rows: list[pa.Table]
    """In no order."""


class _File:
    """A file of rows. It is opened anew for every window, since bundles may be more than files that a process may open."""

    def __init__(self, path: Path, key: str, repeated: Sequence[str]) -> None:
        self._path = path
        self._key = key
        self._repeated = list(repeated)
        metadata = pq.read_metadata(path)
        self.rows: int = metadata.num_rows
        column = metadata.schema.names.index(key)
        self._groups = [number for number in range(metadata.num_row_groups) if metadata.row_group(number).num_rows]
        found = [metadata.row_group(number).column(column).statistics for number in self._groups]
        self._first = [statistics.min for statistics in found]
        self._last = [statistics.max for statistics in found]
        self._next = 0
        self._waiting: pa.Table | None = None

    def below(self, end: str) -> pa.Table | None:
        """The rows with keys below `end` that were not given yet; what was read and not given waits."""
        read = self._read(end)
        parts = [rows for rows in (self._waiting, read) if rows is not None]
        self._waiting = None
        if not parts:
            return None
        rows = pa.concat_tables(parts)
        if not end:
            return rows
        is_sorted = read is None  # they were when they came
        below = _count_below(rows[self._key], end, is_sorted=is_sorted)
        if below < rows.num_rows:
            if not is_sorted:
                rows = rows.take(pc.sort_indices(rows[self._key]))
            self._waiting = rows.slice(below)
        return rows.slice(0, below)

    def between(self, begin: str, end: str) -> pa.Table | None:
        """The rows with keys from `begin` to below `end`; what was read besides will be read again."""
        rows = self._read(end)
        if rows is None:
            return None
        keys = rows[self._key]
        mask = pc.and_(pc.greater_equal(keys, begin), pc.less(keys, end)) if end else pc.greater_equal(keys, begin)
        while end and self._next and self._last[self._next - 1] >= end:
            self._next -= 1
        return rows.filter(mask)

    def _read(self, end: str) -> pa.Table | None:
        """The next row groups with rows below `end`."""
        start = self._next
        while self._next < len(self._first) and (not end or self._first[self._next] < end):
            self._next += 1
        if start == self._next:
            return None
        with pq.ParquetFile(self._path, read_dictionary=self._repeated) as file:
            return file.read_row_groups(self._groups[start : self._next], use_threads=False)


def _count_below(keys: pa.ChunkedArray, end: str, *, is_sorted: bool) -> int:
    if is_sorted:
        return bisect_left(range(len(keys)), end, key=lambda row: keys[row].as_py())
    return int(pc.sum(pc.less(keys, end)).as_py() or 0)


def windows(
    files: Sequence[Path], key: str, least: int, most: int, repeated: Sequence[str] = (), *, threads: int = 1
) -> Iterator[Window]:
    """The rows of all files in windows of some `least` rows, cut at document ids; wider ones rather than narrower ranges than
    those that the files are cut into, up to `most` rows. That takes twice as long where the files have more.

    `key` is a column of texts that begin with the id of a document. Columns of `repeated` texts come as dictionaries, as they
    lie in the files: to copy them is then to copy numbers. A window's rows are let go when the next one is asked for: slices of
    what was read hold all of it, and as much may be read again. Files are read by so many `threads` at once.
    """
    found = [_File(path, key, repeated) for path in files]
    total = sum(file.rows for file in found)
    count = 1
    while (count < RANGES and total > count * least) or (count < _MOST and total > count * most):
        count *= 2
    step = _PLACES // count
    ends = [*(f"{number:0{_DIGITS}x}" for number in range(step, _PLACES, step)), ""]
    are_read_again = count > RANGES
    with ThreadPoolExecutor(threads, "window") as pool:
        for begin, end in pairwise(["", *ends]):
            parts = pool.map(
                lambda file, begin=begin, end=end: file.between(begin, end) if are_read_again else file.below(end),
                found,
            )
            window = Window(end, [rows for rows in parts if rows is not None])
            yield window
            window.rows.clear()
