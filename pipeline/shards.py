"""Records in, Arrow batches out: the one function that local workers and cluster engines call.

Steps 1 to 3 of the pipeline are a pure function of each record's bytes, so a shard depends on its records only, and shards
may be computed anywhere and in any order. Facts become columns once per batch, see :mod:`pipeline.columns`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

import pyarrow as pa

from pipeline.columns import Facts
from pipeline.decode import open_record
from pipeline.model import Document, Page, Problem, Record
from pipeline.page import parse_document
from pipeline.tables import DOCUMENTS, OBSERVATIONS, READINGS, UNPARSED
from pipeline.text import document_id
from pipeline.vocabulary import VocabularyError

SCHEMAS: dict[str, pa.Schema] = {
    table.name: table.to_arrow() for table in (DOCUMENTS, OBSERVATIONS, READINGS, UNPARSED)
}
"""The schemas of the four batches of a shard."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class Shard(NamedTuple):
    """What some records hold: one batch for each kind of row, with the schemas of :data:`SCHEMAS`."""

    documents: pa.RecordBatch
    observations: pa.RecordBatch
    readings: pa.RecordBatch
    unparsed: pa.RecordBatch


def process(records: Iterable[Record]) -> Shard:
    """Parse the records; a record that cannot be parsed is a quarantined document.

    Of documents with the same bytes only one has rows besides that in `documents`: a parsed one before others, then the
    first by its source. The same choice, made once more among shards, gives each content one set of rows.
    """
    builder = _ShardBuilder()
    for record in records:
        document = open_record(record)
        if isinstance(document, Problem):
            builder.quarantine(record, document)
        else:
            builder.add(document, read_page(document))
    return builder.finish()


def read_page(document: Document) -> Page:
    """The page that a document holds; a bug in a parser costs that one document."""
    try:
        return parse_document(document)
    except (MemoryError, VocabularyError):
        raise  # whoever limits the memory decides what becomes of the document; a wrong vocabulary is wrong for all
    except Exception as error:  # noqa: BLE001 - one bad document never stops the others
        return Page(
            document.text,
            "unknown",
            "unknown",
            Problem("parser_error", f"{type(error).__name__} in the parser: {error}"),
        )


def _reason(problem: Problem | None) -> str | None:
    """The words for `documents`, with escapes for what is no text, which libraries may quote from their input."""
    return problem and _CONTROL.sub(lambda match: ascii(match[0])[1:-1], str(problem))


def record_id(record: Record) -> str:
    """The id of a record's document; one without any bytes is told apart by its source."""
    return document_id(record.data or record.source.encode("utf-8", "surrogateescape"))


class _ShardBuilder:
    def __init__(self) -> None:
        self._documents: list[tuple[Any, ...]] = []
        self._pages: dict[str, tuple[tuple[bool, bool, str], Page]] = {}

    def quarantine(self, record: Record, problem: Problem) -> None:
        self._documents.append(
            (
                record_id(record), record.source, record.url, "unknown", "unknown", "quarantined", _reason(problem), None,
                record.fetched_at, 0, 0, 0, 0, 0, "",
            )
        )  # fmt: skip

    def add(self, document: Document, page: Page) -> None:
        unparsed_lines = len({row.line for row in page.unparsed})
        self._documents.append(
            (
                document.document_id, document.source, document.url, page.page_kind, page.text_form,
                "quarantined" if page.problem else "parsed", _reason(page.problem), page.updated_on,
                document.fetched_at, len(page.text), page.line_count, page.lines_extracted, page.lines_boilerplate,
                unparsed_lines, document.encoding,
            )
        )  # fmt: skip
        choice = (page.problem is not None, not page.text, document.source)
        chosen = self._pages.get(document.document_id)
        if chosen is None or choice < chosen[0]:
            self._pages[document.document_id] = choice, page

    def finish(self) -> Shard:
        pages = [(key, page) for key, (_, page) in sorted(self._pages.items())]
        unparsed = [
            (key, row.line, row.start, row.end, page.text[row.start : row.end], row.reason, row.skeleton)
            for key, page in pages
            for row in page.unparsed
        ]
        facts = Facts(pages)
        return Shard(
            _batch(self._documents, SCHEMAS["documents"]),
            facts.observations(),
            _batch(facts.readings(), SCHEMAS["readings"]),
            _batch(unparsed, SCHEMAS["unparsed"]),
        )


def _batch(rows: list[tuple[Any, ...]], schema: pa.Schema) -> pa.RecordBatch:
    columns = zip(*rows, strict=True) if rows else [()] * len(schema)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
