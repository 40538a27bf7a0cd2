"""Shards become one dump: documents in order, one set of rows for each content, copies marked as duplicates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.shards import SCHEMAS, Shard


class Merged(NamedTuple):
    """The rows of a whole dump, with the schemas of :data:`pipeline.shards.SCHEMAS`."""

    documents: pa.Table
    """Sorted by document_id and source."""
    observations: pa.Table
    readings: pa.Table
    unparsed: pa.Table
    """Sorted by document_id and start."""

    @property
    def parsed(self) -> int:
        """Number of parsed documents."""
        return int(pc.sum(pc.equal(self.documents["status"], "parsed")).as_py() or 0)

    def quarantined(self) -> pa.Table:
        """The documents in quarantine."""
        return self.documents.filter(pc.equal(self.documents["status"], "quarantined"))

    def reasons(self) -> dict[str, int]:
        """Documents in quarantine by the code of their reason."""
        return dict(Counter(reason.partition(":")[0] for reason in self.quarantined()["reason"].to_pylist()))

    def examples(self, limit: int) -> Iterator[tuple[str, str]]:
        """Source and reason of documents in quarantine, at most `limit` for each code."""
        seen: Counter[str] = Counter()
        rows = self.quarantined()
        for source, reason in zip(rows["source"].to_pylist(), rows["reason"].to_pylist(), strict=True):
            code = reason.partition(":")[0]
            seen[code] += 1
            if seen[code] <= limit:
                yield source, reason


def merge(shards: Iterable[Shard]) -> Merged:
    """One dump out of its shards; the result depends neither on their order nor on what was parsed with what.

    Of documents with the same bytes one is kept: a parsed one before others, then the first by its source. The others are
    `duplicate`, and their rows are dropped. Documents that nothing was decoded of are left as they are: what the readers
    say about each is all there is to know.
    """
    parts = list(shards)
    documents = _mark_duplicates(_numbered([shard.documents for shard in parts]))
    strangers = _strangers(documents, len(parts))
    rows = [
        _concat(name, [_without(getattr(shard, name), keys) for shard, keys in zip(parts, strangers, strict=True)])
        for name in ("observations", "readings", "unparsed")
    ]
    unparsed = rows[2].sort_by([("document_id", "ascending"), ("start", "ascending")])
    return Merged(documents.drop_columns("shard"), rows[0], rows[1], unparsed)


def _concat(name: str, batches: Iterable[pa.RecordBatch]) -> pa.Table:
    return pa.Table.from_batches(batches, SCHEMAS[name])


def _numbered(batches: Sequence[pa.RecordBatch]) -> pa.Table:
    """The documents of all shards, with the number of each one's shard."""
    table = _concat("documents", batches)
    numbers = [pa.array([number]).take(pa.array([0] * len(batch))) for number, batch in enumerate(batches)]
    return table.append_column("shard", pa.chunked_array(numbers, pa.int64()))


def _mark_duplicates(documents: pa.Table) -> pa.Table:
    """The documents sorted by key, copies marked."""
    unread = pc.equal(documents["line_count"], 0)
    unparsed = pc.not_equal(documents["status"], "parsed")
    documents = documents.append_column("unread", unread).append_column("unparsed", unparsed)
    by_choice = [(name, "ascending") for name in ("document_id", "unparsed", "unread", "source")]
    documents = documents.sort_by(by_choice)
    ids, sources, empty = _columns(documents, "document_id", "source", "unread")
    statuses, reasons = _columns(documents, "status", "reason")
    first = 0
    for row in range(1, len(ids)):
        if ids[row] != ids[first]:
            first = row
        elif not empty[first]:
            statuses[row], reasons[row] = "duplicate", f"duplicate_of: same bytes as {sources[first]}"
    for name, column in (("status", statuses), ("reason", reasons)):
        place = documents.schema.get_field_index(name)
        documents = documents.set_column(place, documents.schema.field(name), pa.array(column, pa.string()))
    return documents.drop_columns(["unread", "unparsed"]).sort_by(
        [("document_id", "ascending"), ("source", "ascending")]
    )


def _strangers(documents: pa.Table, shards: int) -> list[list[str]]:
    """For each shard, the contents whose rows are taken from another shard.

    A shard holds one set of rows for each content, that of the document that is kept if it is among the shard's.
    """
    is_copy = pc.equal(documents["status"], "duplicate")
    copies = documents.filter(is_copy)
    kept = documents.filter(pc.and_not(pc.is_in(documents["document_id"], value_set=copies["document_id"]), is_copy))
    home = dict(zip(*_columns(kept, "document_id", "shard"), strict=True))
    strangers: list[set[str]] = [set() for _ in range(shards)]
    for key, shard in zip(*_columns(copies, "document_id", "shard"), strict=True):
        if home[key] != shard:
            strangers[shard].add(key)
    return [sorted(keys) for keys in strangers]


def _without(batch: pa.RecordBatch, keys: Sequence[str]) -> pa.RecordBatch:
    """The rows but those of some documents."""
    if not keys:
        return batch
    name = "document_id" if "document_id" in batch.schema.names else "observation_id"
    column = pc.utf8_slice_codeunits(batch.column(name), 0, 32)
    return batch.filter(pc.invert(pc.is_in(column, value_set=pa.array(keys))))


def _columns(table: pa.Table, *names: str) -> list[list[object]]:
    return [table[name].to_pylist() for name in names]
