"""Tables as folders of Parquet parts, and what holds of them once they are written."""

# ruff: noqa: S608 - the SQL is put together from names of our own

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa

from pipeline.engines.spark.failures import translated
from pipeline.engines.spark.rows import spark_schema
from pipeline.engines.spark.storage import Storage
from pipeline.errors import BalanceError, OutputError
from pipeline.resolve.engine import RENAMED
from pipeline.store import ContractError
from pipeline.store.layout import table_file
from pipeline.tables import TABLES, Table

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession

    from pipeline.cluster.dump import Dump

_HINT = "this is a bug of the program: please report it with the log file"
_LINES = """
    SELECT d.source, d.lines_extracted, d.lines_boilerplate, d.lines_unparsed, d.line_count, COALESCE(u.n, 0) AS listed
    FROM written_documents d
    LEFT JOIN (SELECT document_id, COUNT(DISTINCT line) AS n FROM written_unparsed GROUP BY document_id) u
        ON u.document_id = d.document_id
    WHERE d.status <> 'duplicate' AND (
        d.lines_unparsed <> COALESCE(u.n, 0) OR LEAST(d.lines_extracted, d.lines_boilerplate, d.lines_unparsed) < 0
        OR d.lines_extracted + d.lines_boilerplate + d.lines_unparsed > d.line_count
    )
    ORDER BY d.source
    LIMIT 1
"""
_STRAYS = """
    SELECT u.document_id FROM written_unparsed u
    LEFT ANTI JOIN written_documents d ON d.document_id = u.document_id
    ORDER BY u.document_id LIMIT 1
"""


class WrittenTable(NamedTuple):
    """One table as it was written."""

    table: str
    rows: int
    parts: list[tuple[str, int]]
    """Name and size in bytes of each part, in the order of the rows."""


def write_tables(dump: Dump, folder: str) -> list[WrittenTable]:
    """Writes every table of the contract into `folder` and reads it back.

    Raises:
        ContractError: rows do not fit their table.
        BalanceError: documents or lines do not add up.
        OutputError: something could not be written.
    """
    written = []
    storage = Storage(dump.session, folder)
    for table in TABLES:
        name = table_file(table.name)
        with translated(f"{folder}/{name}: cannot write", OutputError):
            rows = conformed(dump.rows(table), table)
            rows.write.option("mapreduce.fileoutputcommitter.marksuccessfuljobs", "false").parquet(f"{folder}/{name}")
            back = dump.session.read.schema(spark_schema(table.to_arrow())).parquet(f"{folder}/{name}")
            back.createOrReplaceTempView(f"written_{table.name}")
            count = _check(dump.session, table)
        parts = [(file.relative, file.size) for file in storage.files(name) if file.relative.endswith(".parquet")]
        written.append(WrittenTable(table.name, count, sorted(parts)))
    _check_balance(dump)
    return written


def conformed(rows: DataFrame, table: Table) -> DataFrame:
    """The rows with exactly the columns, types and descriptions of the contract; an absent list is an empty one."""
    from pyspark.sql import functions as f

    def column(field: pa.Field) -> Column:
        found = f.col(RENAMED.get(field.name, field.name) if RENAMED.get(field.name) in rows.columns else field.name)
        if pa.types.is_list(field.type):
            found = f.coalesce(found, f.array())
        about = {"comment": described[field.name].description} | (
            {"unit": u} if (u := described[field.name].unit) else {}
        )
        return found.cast(types[field.name].dataType).alias(field.name, metadata=about)

    schema = table.to_arrow()
    types = spark_schema(schema)
    described = {column.name: column for column in table.columns}
    return rows.select([column(field) for field in schema])


def _check(session: SparkSession, table: Table) -> int:
    """Holds what was written against the contract; gives the number of rows."""
    required = [column for column in table.columns if not column.nullable]
    tests = {column.name: f"`{column.name}` IS NULL" for column in required}
    tests |= {
        f"{column.name}, which must be finite,": f"`{column.name}` IN ({_NOT_FINITE})"
        for column in table.columns
        if column.type == pa.float64()
    }
    counts = ", ".join(f"COUNT_IF({test})" for test in tests.values())
    count, *wrong = session.sql(f"SELECT COUNT(*), {counts} FROM written_{table.name}").collect()[0]
    for name, cells in zip(tests, wrong, strict=True):
        if cells:
            raise ContractError(f"{table.name}.{name} is wrong in {cells} of {count} rows", hint=_HINT)
    key = ", ".join(f"`{name}`" for name in table.key)
    again = session.sql(f"SELECT {key} FROM written_{table.name} GROUP BY {key} HAVING COUNT(*) > 1 LIMIT 1").collect()
    if again:
        raise ContractError(f"{table.name}: twice the key {list(again[0])}", hint=_HINT)
    return int(count)


_NOT_FINITE = ", ".join(f"CAST('{value}' AS DOUBLE)" for value in ("NaN", "Infinity", "-Infinity"))


def _check_balance(dump: Dump) -> None:
    """Nothing is lost: every document is listed once, every line that is no fact and no boilerplate too."""
    session = dump.session
    listed = session.sql("SELECT COUNT(*) FROM written_documents").collect()[0][0]
    if listed != dump.pages.seen:
        raise BalanceError(f"documents do not balance: seen {dump.pages.seen}, listed {listed}", hint=_HINT)
    for source, extracted, boilerplate, unparsed, total, found in session.sql(_LINES).collect():
        raise BalanceError(
            f"{source}: lines do not balance: {extracted} extracted + {boilerplate} boilerplate + {unparsed} unparsed"
            f" of {total}, and {found} listed as unparsed",
            hint=_HINT,
        )
    for (stray,) in session.sql(_STRAYS).collect():
        raise BalanceError(f"unparsed lines of an unknown document: {stray}", hint=_HINT)
