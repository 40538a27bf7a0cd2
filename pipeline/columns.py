"""The facts of many pages as columns, each made in one go: a page has a hundred facts, and a fact two dozen cells."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from html import unescape
from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.model import Fact, Page
from pipeline.tables import OBSERVATIONS

_SCHEMA = OBSERVATIONS.to_arrow()
_LISTS = _SCHEMA.field("alternatives").type
_FILLED = ("table", "role_id", "field", "category", "other_role_id", "unit")
"""Columns of words that have no nulls."""


class Facts:
    """The facts of pages, which come with their document ids, in order."""

    def __init__(self, pages: Sequence[tuple[str, Page]]) -> None:
        self._pages = pages
        self._counts = np.fromiter((len(page.facts) for _, page in pages), np.int64, len(pages))
        self._page_of = np.repeat(np.arange(len(pages)), self._counts)
        firsts = np.cumsum(self._counts) - self._counts
        self._numbers = np.arange(len(self._page_of)) - np.repeat(firsts, self._counts)
        facts = chain.from_iterable([page.facts for _, page in pages])
        columns: Iterable[Sequence[Any]] = zip(*facts, strict=True) if len(self._page_of) else [()] * len(Fact._fields)
        self._columns = dict(zip(Fact._fields, columns, strict=True))
        self._open = [row for row, readings in enumerate(self._columns["readings"]) if readings]

    def observations(self) -> pa.RecordBatch:
        """The rows of `observations`, ordered by their ids where the documents are."""
        size = len(self._page_of)
        columns = self._columns
        documents = pa.array([key for key, _ in self._pages], pa.string()).take(pa.array(self._page_of))
        starts, ends = (_numbers("q", columns[name], size) for name in ("start", "end"))
        texts = _Texts([page.text for _, page in self._pages], self._page_of)
        arrays: dict[str, Any] = {
            "observation_id": _join(documents, self._numbers),
            "document_id": documents,
            **{name: _words(columns[name]) for name in _FILLED},
            "method": self._methods(),
            "confidence": pa.array(_numbers("d", columns["confidence"], size)),
            "alternatives": self._alternatives(),
            "derived_from": _lists(np.zeros(size, np.int32), []),
            "line": texts.lines(starts),
            "start": pa.array(starts),
            "end": pa.array(ends),
            "raw": texts.words(starts, ends),
            **self._examples(),
        }
        cells = [_array(arrays.get(field.name, columns.get(field.name)), field.type) for field in _SCHEMA]
        return pa.RecordBatch.from_arrays(cells, schema=_SCHEMA)

    def readings(self) -> list[tuple[Any, ...]]:
        """The rows of `readings`."""
        rows: list[tuple[Any, ...]] = []
        for row in self._open:
            key = self._pages[self._page_of[row]][0]
            observation_id = f"{key}-{self._numbers[row]:04d}"
            run_id = f"{key}-{self._columns['start'][row]}-{self._columns['end'][row]}"
            rows += [
                (observation_id, run_id, number, reading.value, reading.text, reading.start, reading.end)
                for number, reading in enumerate(self._columns["readings"][row])
            ]
        return rows

    def _methods(self) -> pa.Array:
        is_open = np.zeros(len(self._page_of), bool)
        is_open[self._open] = True
        return pc.if_else(pa.array(is_open), "ambiguous", "stated")

    def _alternatives(self) -> pa.Array:
        lengths = np.zeros(len(self._page_of), np.int32)
        words: list[str] = []
        for row in self._open:
            readings = self._columns["readings"][row]
            lengths[row] = len(readings)
            text = self._pages[self._page_of[row]][1].text
            words += [text[reading.start : reading.end] for reading in readings]
        return _lists(lengths, words)

    def _examples(self) -> dict[str, pa.Array]:
        spans = self._columns["example"]
        rows = [row for row, span in enumerate(spans) if span]
        texts: list[str] = []
        for row in rows:
            start, end = spans[row]
            words = self._pages[self._page_of[row]][1].text[start:end]
            texts.append(" ".join((unescape(words) if "&" in words else words).split()))
        size = len(spans)
        return {
            "example": _sparse(rows, pa.array(texts, pa.string()), size),
            "example_start": _sparse(rows, pa.array([spans[row][0] for row in rows], pa.int64()), size),
            "example_end": _sparse(rows, pa.array([spans[row][1] for row in rows], pa.int64()), size),
        }


class _Texts:
    """The texts of pages as one, and `page_of` for each fact: offsets into a page become offsets into the bytes of all."""

    def __init__(self, texts: Sequence[str], page_of: np.ndarray) -> None:
        joined = "\n".join(texts)
        self._bytes = np.frombuffer(joined.encode(), np.uint8)
        # Bytes that go on with a character, by the number of characters before them.
        more = np.zeros(0, np.int64) if joined.isascii() else np.flatnonzero(self._bytes.view(np.int8) < -0x40)
        self._more = more - np.arange(len(more))
        sizes = np.fromiter(map(len, texts), np.int64, len(texts)) + 1
        self._pages = np.cumsum(sizes) - sizes
        self._page_of = page_of

    def lines(self, starts: np.ndarray) -> pa.Array:
        """Line numbers: the line ends before each fact among those of all pages, less those before its page."""
        line_ends = np.flatnonzero(self._bytes == ord("\n"))
        before = np.searchsorted(line_ends, self._in_bytes(self._pages))
        lines = np.searchsorted(line_ends, self._in_bytes(starts + self._pages[self._page_of]))
        return pa.array(lines - before[self._page_of] + 1)

    def words(self, starts: np.ndarray, ends: np.ndarray) -> pa.Array:
        """What stands between offsets, copied byte by byte: to cut each out of its page takes three times as long."""
        firsts = self._pages[self._page_of]
        begins = self._in_bytes(starts + firsts)
        lengths = self._in_bytes(ends + firsts) - begins
        offsets = np.zeros(len(lengths) + 1, np.int32)
        np.cumsum(lengths, out=offsets[1:])
        places = np.repeat(begins - offsets[:-1], lengths) + np.arange(offsets[-1])
        return pa.StringArray.from_buffers(len(lengths), pa.py_buffer(offsets), pa.py_buffer(self._bytes[places]))

    def _in_bytes(self, offsets: np.ndarray) -> np.ndarray:
        return offsets + np.searchsorted(self._more, offsets, "right")


def _words(cells: Sequence[str]) -> pa.Array:
    """A column of words, none of them null: encoded in one go where they are ASCII."""
    words = "".join(cells)
    if not words.isascii():
        return pa.array(cells, pa.string())
    ends = np.zeros(len(cells) + 1, np.int32)
    np.cumsum(_numbers("i", map(len, cells), len(cells)), out=ends[1:])
    return pa.StringArray.from_buffers(len(cells), pa.py_buffer(ends), pa.py_buffer(words.encode()))


def _numbers(code: str, cells: Iterable[float], size: int) -> np.ndarray:
    """Numbers, none of them null, of a type by its code in :mod:`struct`, which is faster than NumPy here."""
    return np.frombuffer(struct.pack(f"{size}{code}", *cells), code)


def _sparse(rows: list[int], cells: pa.Array, size: int) -> pa.Array:
    """A column of `size` cells that are null but in the given rows."""
    places = np.zeros(size, np.int32)
    is_null = np.ones(size, bool)
    places[rows] = np.arange(len(rows))
    is_null[rows] = False
    return cells.take(pa.array(places, mask=is_null))


def _join(documents: pa.Array, numbers: np.ndarray) -> pa.Array:
    """Ids such as `document_id-0007`."""
    words = pa.array([f"{number:04d}" for number in range(int(numbers.max(initial=-1)) + 1)], pa.string())
    return pc.binary_join_element_wise(documents, words.take(pa.array(numbers)), "-")


def _lists(lengths: np.ndarray, items: list[str]) -> pa.Array:
    offsets = np.zeros(len(lengths) + 1, np.int32)
    np.cumsum(lengths, out=offsets[1:])
    return pa.ListArray.from_arrays(pa.array(offsets), pa.array(items, pa.string()), type=_LISTS)


def _array(cells: Any, type_: pa.DataType) -> pa.Array:
    return cells if isinstance(cells, pa.Array) else pa.array(cells, type_)
