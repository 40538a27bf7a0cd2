"""`rolepages sql`: questions to the published tables."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from pipeline.cli.parameters import json_option, out_option
from pipeline.cli.terminal import give, giving, is_terminal
from pipeline.errors import UsageError

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    Writer = Callable[[pa.RecordBatchReader, IO[bytes]], None]

_EPILOG = """\b
Examples:
  rolepages sql "select name, document_count from roles order by 2 desc" --out out/
  rolepages sql "from metrics where metric = 'salary_yearly'" --format csv --to salaries.csv
  rolepages sql - --format json < question.sql
  duckdb -init <(rolepages sql --views)

The tables are documents, roles, metrics, skills, responsibilities, comparisons, observations, checks and unparsed, all of one
run; the dialect is DuckDB's. In CSV, text that a spreadsheet would run as a formula begins with an apostrophe.
"""
_FORMATS = ("table", "csv", "json", "parquet")


@click.command("sql", epilog=_EPILOG, short_help="Ask the tables a question in SQL.")
@click.argument("query", default="")
@out_option()
@click.option("--format", "kind", type=click.Choice(_FORMATS), help="By default what FILE's name says, else a table.")
@json_option("The same as --format json.")
@click.option("--to", "target", metavar="FILE", type=click.Path(path_type=Path), help="Write to a file.")
@click.option("--views", is_flag=True, help="Print the statements that make the tables views in a database of yours.")
def command(*, query: str, out: Path, kind: str | None, as_json: bool, target: Path | None, views: bool) -> int:
    """Print what QUERY, a question in SQL, finds in the tables; `-` reads it from stdin."""
    from pipeline.report.database import connect
    from pipeline.store import open_tables

    folder = open_tables(out).folder
    if views:
        give(_view_statements(folder.resolve()))
        return 0
    question = sys.stdin.read() if query == "-" else query
    if not question.strip():
        raise UsageError("no question", hint='rolepages sql "select * from roles"')
    kind = "json" if as_json else kind or _kind_of(target)
    if kind == "parquet" and target is None and is_terminal(sys.stdout):
        raise UsageError("Parquet is not for terminals", hint="write to a file: --to FILE")
    with connect(folder) as connection:
        import duckdb

        try:
            with _open(target) as file:
                write = _writer(kind, watched=target is None and is_terminal(sys.stdout))
                write(_ask(connection, question), file)
        except duckdb.Error as error:
            raise _unanswered(error) from error
    return 0


def _ask(connection: duckdb.DuckDBPyConnection, question: str) -> pa.RecordBatchReader:
    import pyarrow as pa

    found = connection.sql(question)
    if found is None:
        raise UsageError("the question has no answer", hint="begin with select or from")
    rows = found.to_arrow_reader(10_000)
    return pa.RecordBatchReader.from_batches(rows.schema, _told_apart(rows))


def _told_apart(rows: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    """The rows; an error in the middle of the answer, which Arrow gives as OSError, is none of writing them."""
    try:
        yield from rows
    except OSError as error:
        raise _unanswered(error) from error


def _unanswered(error: Exception) -> UsageError:
    return UsageError(f"the question cannot be answered: {str(error).strip().partition(chr(10))[0]}")


def _kind_of(target: Path | None) -> str:
    suffix = target.suffix.removeprefix(".").lower() if target else ""
    return suffix if suffix in _FORMATS else "table"


def _writer(kind: str, *, watched: bool) -> Writer:
    from pipeline.cli import tabular

    writers: dict[str, Writer] = {
        "table": tabular.write_table,
        "csv": partial(tabular.write_csv, watched=watched),
        "json": partial(tabular.write_json, watched=watched),
        "parquet": tabular.write_parquet,
    }
    return writers[kind]


@contextmanager
def _open(target: Path | None) -> Iterator[IO[bytes]]:
    """The file, or stdout: a reader of it that has gone away is no error."""
    from pipeline.store.durable import replacing

    if target is not None:
        with replacing(target) as file:
            yield file
        return
    if sys.stdout is None:  # closed by who called: as for other results, that is no error
        yield io.BytesIO()
        return
    with giving():
        sys.stdout.flush()
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()


def _view_statements(folder: Path) -> str:
    from pipeline.store.layout import literal, table_parts
    from pipeline.tables import TABLES

    def quoted(path: Path) -> str:
        return "'" + literal(path).replace("'", "''") + "'"

    statement = "CREATE OR REPLACE VIEW {} AS SELECT * FROM read_parquet([{}]);"
    parts = {table.name: ", ".join(map(quoted, table_parts(folder, table.name))) for table in TABLES}
    return "\n".join(statement.format(name, paths) for name, paths in parts.items())
