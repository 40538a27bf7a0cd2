"""Nothing is lost: what was seen is in `documents`, and what was not parsed is in `unparsed`. Else nothing is published."""

from __future__ import annotations

from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.errors import BalanceError
from pipeline.tables import DOCUMENTS

_COLUMNS = ["document_id", "source", "status", "line_count", "lines_extracted", "lines_boilerplate", "lines_unparsed"]
_NO_DOCUMENTS = pa.schema([DOCUMENTS.to_arrow().field(name) for name in _COLUMNS]).empty_table()
_NO_LINES = pa.schema([("document_id", pa.string()), ("lines_sum", pa.int64())]).empty_table()
_HINT = "this is a bug of the program: please report it with the log file"


class DocumentCounts(NamedTuple):
    """Documents by what became of them."""

    parsed: int
    duplicate: int
    quarantined: int


class Ledger:
    """Adds up `documents` and `unparsed`, batch after batch, and compares them at the end."""

    def __init__(self) -> None:
        self._documents: list[pa.Table] = []
        self._listed: list[pa.Table] = []
        self._last: pa.Table | None = None

    def add_documents(self, rows: pa.Table) -> None:
        """Takes note of rows of `documents`."""
        self._documents.append(rows.select(_COLUMNS).replace_schema_metadata())

    def add_unparsed(self, rows: pa.Table) -> None:
        """Takes note of rows of `unparsed`, which come sorted by document and place; a line may have several rows."""
        lines = rows.select(["document_id", "line"])
        joined = pa.concat_tables([self._last, lines]) if self._last is not None else lines
        self._last = lines.slice(lines.num_rows - 1)
        skip = joined.num_rows - lines.num_rows
        before = joined.slice(0, joined.num_rows - 1)
        after = joined.slice(1)
        again = pc.and_(*(pc.equal(before.column(name), after.column(name)) for name in lines.column_names))
        fresh = pc.cast(pc.invert(again), pa.int64()).combine_chunks()
        if not skip:
            fresh = pa.concat_arrays([pa.array([1], pa.int64()), fresh])
        counted = pa.table({"document_id": lines.column("document_id"), "lines": fresh})
        self._listed.append(counted.group_by("document_id").aggregate([("lines", "sum")]))

    def check(self, seen: int) -> DocumentCounts:
        """Compares everything, with `seen` the number of documents that the readers gave.

        Raises:
            BalanceError: something is missing or there is too much of it.
        """
        documents = pa.concat_tables([_NO_DOCUMENTS, *self._documents])
        statuses = documents.column("status").to_pylist()
        counts = DocumentCounts(*(statuses.count(status) for status in DocumentCounts._fields))
        if not seen == sum(counts) == documents.num_rows:
            raise BalanceError(
                f"documents do not balance: seen {seen}, listed {documents.num_rows} = {counts.parsed} parsed "
                f"+ {counts.duplicate} duplicate + {counts.quarantined} quarantined",
                hint=_HINT,
            )
        self._check_lines(documents)
        return counts

    def _check_lines(self, documents: pa.Table) -> None:
        listed = _sum_lines(self._listed)
        strays = pc.invert(pc.is_in(listed.column("document_id"), value_set=documents.column("document_id")))
        if stray := listed.filter(strays).column("document_id").to_pylist():
            raise BalanceError(f"unparsed lines of {len(stray)} unknown documents, the first: {stray[0]}", hint=_HINT)
        # The lines of a duplicate are listed once, with the document that it duplicates; a document that was never decoded has
        # none, though the same bytes may have come whole as well.
        kinds = [documents.column(name) for name in _COLUMNS[-4:]]
        lines = pc.add(pc.add(kinds[0], kinds[1]), pc.add(kinds[2], kinds[3]))
        is_listed = pc.and_(pc.not_equal(documents.column("status"), "duplicate"), pc.not_equal(lines, 0))
        documents = documents.filter(is_listed)
        at = pc.index_in(documents.column("document_id"), value_set=listed.column("document_id"))
        found = pc.fill_null(pc.take(listed.column("lines_sum"), at), 0)
        unparsed = documents.column("lines_unparsed")
        kinds = [documents.column(name) for name in _COLUMNS[-3:]]
        total = pc.add(pc.add(kinds[0], kinds[1]), kinds[2])
        wrong = pc.or_(pc.not_equal(unparsed, found), pc.greater(total, documents.column("line_count")))
        for kind in kinds:
            wrong = pc.or_(wrong, pc.less(kind, 0))
        if pc.any(wrong).as_py():
            first = documents.append_column("listed", found).filter(wrong).slice(0, 1).to_pylist()[0]
            raise BalanceError(
                f"{first['source']}: lines do not balance: {first['lines_extracted']} extracted + "
                f"{first['lines_boilerplate']} boilerplate + {first['lines_unparsed']} unparsed of "
                f"{first['line_count']}, and {first['listed']} listed as unparsed "
                f"({pc.sum(wrong).as_py()} such documents)",
                hint=_HINT,
            )


def _sum_lines(parts: list[pa.Table]) -> pa.Table:
    """Lines per document, over all batches."""
    table = pa.concat_tables([_NO_LINES, *parts]).group_by("document_id").aggregate([("lines_sum", "sum")])
    return table.rename_columns({"lines_sum_sum": "lines_sum"})
