"""All documents of a run and their rows as Spark's relations: copies marked, and what follows from all of them together."""

# ruff: noqa: S608 - the SQL is put together from names of our own

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Any, cast

from pipeline import copies
from pipeline.engines.spark.failures import translated
from pipeline.engines.spark.rows import BATCH
from pipeline.errors import BalanceError
from pipeline.options import EXAMPLES, Quarantined
from pipeline.resolve.engine import Source, Step
from pipeline.resolve.resolution import OUTPUTS, Resolution
from pipeline.resolve.spark import SparkEngine
from pipeline.tables import DOCUMENTS, OBSERVATIONS, READINGS, UNPARSED, Table

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from pipeline.engines.spark.pages import Pages

STATUSES = ("parsed", "duplicate", "quarantined")
_KEYS = {OBSERVATIONS: "f.document_id", READINGS: "SUBSTR(f.observation_id, 1, 32)", UNPARSED: "f.document_id"}
"""Tables of rows that lead to a page, and the id of that page."""
_WHAT = "resolving"


class Dump(SparkEngine):
    """The rows of :class:`pipeline.engines.spark.pages.Pages`, and the resolver over them; a context manager.

    Intermediate relations are kept below `folder`. The relations that the resolver does not know are called `dump_...`.
    """

    def __init__(self, pages: Pages, folder: str) -> None:
        super().__init__(pages.session, folder)
        self.pages = pages
        with translated(_WHAT):
            pages.rows("documents").createOrReplaceTempView("dump_seen")
            self.run(Step("dump_kept", copies.kept("dump_seen", BATCH)))
            self.run(Step("dump_documents", copies.documents("dump_seen", "dump_kept")))
            self.run(Step("dump_strangers", _STRANGERS))
            has_strangers = bool(self._rows("SELECT 1 FROM dump_strangers LIMIT 1"))
            for table, key in _KEYS.items():
                rows = pages.rows(table.name)
                rows.createOrReplaceTempView(f"dump_{table.name}_found")
                select = f"SELECT f.* FROM dump_{table.name}_found f"
                if has_strangers:
                    select += f" LEFT ANTI JOIN dump_strangers s ON s.{BATCH} = f.{BATCH} AND s.document_id = {key}"
                self.session.sql(select).drop(BATCH).createOrReplaceTempView(f"dump_{table.name}")
        documents, observations, readings = (
            cast(Source, self.session.table(f"dump_{table.name}")) for table in (DOCUMENTS, OBSERVATIONS, READINGS)
        )
        self._resolution = Resolution(documents, observations, readings, self)

    def __enter__(self) -> Dump:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def resolve(self) -> None:
        """Finds what follows from all documents together."""
        with translated(_WHAT):
            self._resolution.__enter__()  # it is left by leaving the dump, which is its engine

    def rows(self, table: Table) -> DataFrame:
        """The rows of a published table in their order, with the names of the resolver's SQL."""
        if table in OUTPUTS:
            return self.session.sql(OUTPUTS[table])
        key = ", ".join(table.key)
        return self.session.sql(f"SELECT * FROM dump_{table.name} ORDER BY {key}")

    def counts(self) -> dict[str, int]:
        """Documents by what became of them.

        Raises:
            BalanceError: they are not as many as the readers gave.
        """
        found = dict(self._rows("SELECT status, COUNT(*) FROM dump_documents GROUP BY status"))
        if sum(found.values()) != self.pages.seen:
            raise BalanceError(f"documents do not balance: seen {self.pages.seen}, listed {found}")
        return {status: found.get(status, 0) for status in STATUSES}

    def unparsed_lines(self) -> int:
        """Number of lines in `unparsed`."""
        rows = self._rows("SELECT COALESCE(SUM(lines_unparsed), 0) FROM dump_documents WHERE status <> 'duplicate'")
        return int(rows[0][0])

    def ambiguous_cells(self) -> int:
        """Cells that stay open."""
        return int(
            self._rows(
                "SELECT COUNT(*) FROM dump_observations o LEFT ANTI JOIN resolved r ON r.observation_id = o.observation_id"
                " WHERE o.method = 'ambiguous' AND o.document_id IN (SELECT document_id FROM witness)"
            )[0][0]
        )

    def reasons(self) -> dict[str, int]:
        """Documents in quarantine by the code of their reason."""
        return dict(self._rows(f"SELECT {_CODE}, COUNT(*) FROM dump_documents {_QUARANTINED} GROUP BY 1 ORDER BY 1"))

    def examples(self) -> tuple[Quarantined, ...]:
        """Some documents in quarantine, by their sources."""
        rows = self._rows(
            f"""
            SELECT source, reason
            FROM (
                SELECT document_id, source, reason,
                       ROW_NUMBER() OVER (PARTITION BY {_CODE} ORDER BY source, document_id) AS place
                FROM dump_documents {_QUARANTINED}
            )
            WHERE place <= {EXAMPLES}
            ORDER BY source, document_id
            """
        )
        return tuple(Quarantined(source=source, reason=reason) for source, reason in rows)

    def _rows(self, select: str) -> list[tuple[Any, ...]]:
        with translated(_WHAT):
            return [tuple(row) for row in self.session.sql(select).collect()]


_CODE = "SUBSTRING_INDEX(reason, ':', 1)"
_QUARANTINED = "WHERE status = 'quarantined'"
_STRANGERS = f"""
    SELECT DISTINCT s.{BATCH}, s.document_id
    FROM dump_seen s JOIN dump_kept k ON k.document_id = s.document_id
    WHERE s.{BATCH} <> k.{BATCH}
"""
"""Contents whose rows are taken from another shard."""
