"""The facts of many pages as columns, each made in one go: a page has a hundred facts, and a fact two dozen cells."""

from __future__ import annotations

from collections.abc import Sequence
from html import unescape
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.model import Fact, Page
from pipeline.tables import OBSERVATIONS

_SCHEMA = OBSERVATIONS.to_arrow()
_LISTS = _SCHEMA.field("alternatives").type


class Facts:
    """The facts of pages, which come with their document ids, in order."""

    def __init__(self, pages: Sequence[tuple[str, Page]]) -> None:
        self._pages = pages
        self._counts = np.fromiter((len(page.facts) for _, page in pages), np.int64, len(pages))
        self._page_of = np.repeat(np.arange(len(pages)), self._counts)
        firsts = np.cumsum(self._counts) - self._counts
        self._numbers = np.arange(len(self._page_of)) - np.repeat(firsts, self._counts)
        self._columns: dict[str, list[Any]] = {name: [] for name in Fact._fields}
        add = [column.extend for column in self._columns.values()]
        for _, page in pages:
            for extend, cells in zip(add, zip(*page.facts, strict=True), strict=False):
                extend(cells)
        self._open = [row for row, readings in enumerate(self._columns["readings"]) if readings]

    def observations(self) -> pa.RecordBatch:
        """The rows of `observations`, ordered by their ids where the documents are."""
        size = len(self._page_of)
        documents = pa.array([key for key, _ in self._pages], pa.string()).take(pa.array(self._page_of))
        arrays: dict[str, Any] = {
            "observation_id": _join(documents, self._numbers),
            "document_id": documents,
            "method": self._methods(),
            "alternatives": self._alternatives(),
            "derived_from": _lists(np.zeros(size, np.int32), []),
            "line": self._lines(),
            "raw": [page.text[fact[9] : fact[10]] for _, page in self._pages for fact in page.facts],
            **self._examples(),
        }
        columns = [_array(arrays.get(field.name, self._columns.get(field.name)), field.type) for field in _SCHEMA]
        return pa.RecordBatch.from_arrays(columns, schema=_SCHEMA)

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

    def _lines(self) -> pa.Array:
        """Line numbers: where each fact starts among the line ends of all pages, as if the pages were one text."""
        texts = [page.text for _, page in self._pages]
        lengths = np.fromiter(map(len, "\n".join(texts).split("\n")), np.int64)
        line_starts = np.cumsum(lengths + 1) - lengths - 1
        sizes = np.fromiter(map(len, texts), np.int64, len(texts)) + 1
        page_starts = np.cumsum(sizes) - sizes
        first_lines = np.searchsorted(line_starts, page_starts, "right")
        starts = np.array(self._columns["start"], np.int64) + page_starts[self._page_of]
        return pa.array(np.searchsorted(line_starts, starts, "right") - first_lines[self._page_of] + 1)

    def _examples(self) -> dict[str, list[Any]]:
        size = len(self._page_of)
        texts, starts, ends = ([None] * size for _ in range(3))  # type: list[Any], list[Any], list[Any]
        for row, span in enumerate(self._columns["example"]):
            if span:
                starts[row], ends[row] = span
                words = self._pages[self._page_of[row]][1].text[span[0] : span[1]]
                texts[row] = " ".join((unescape(words) if "&" in words else words).split())
        return {"example": texts, "example_start": starts, "example_end": ends}


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
