import csv
import datetime as dt
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cli import main
from pipeline.cli.tabular import SHOWN, defuse, write_csv, write_json, write_table
from pipeline.store import open_tables
from pipeline.tables import TABLES
from tests.small_run import publish_variant


@pytest.fixture(scope="module")
def out(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("run's [a]*") / "out"
    publish_variant(folder)
    return folder


def ask(capfdbinary, out, *arguments: str) -> tuple[int, bytes, str]:
    code = main(["sql", *arguments, "--out", str(out)])
    said = capfdbinary.readouterr()
    return code, said.out, said.err.decode()


SALARIES = "select role_id, value from metrics where metric = 'salary_yearly' order by role_id"


def test_every_table_is_there_by_its_name(out, capfdbinary):
    for table in TABLES:
        code, said, _ = ask(capfdbinary, out, f'from "{table.name}" select count(*) as n', "--json")
        assert (code, json.loads(said)) == (0, [{"n": open_tables(out).arrow(table.name).num_rows}])


def test_a_table_for_people(out, capfdbinary):
    assert ask(capfdbinary, out, SALARIES)[1].decode().splitlines() == [
        "role_id  value",
        "-------  -----",
        "clerk    54494",
        "cook     34872",
    ]


def test_csv_json_and_parquet_hold_the_same_rows(out, capfdbinary, tmp_path):
    rows = [{"role_id": "clerk", "value": 54494.0}, {"role_id": "cook", "value": 34872.0}]
    assert json.loads(ask(capfdbinary, out, SALARIES, "--format", "json")[1]) == rows
    said = ask(capfdbinary, out, SALARIES, "--format", "csv")[1].decode()
    assert said == "role_id,value\r\nclerk,54494.0\r\ncook,34872.0\r\n"
    for name in ("a.parquet", "a.csv", "a.json"):
        assert ask(capfdbinary, out, SALARIES, "--to", str(tmp_path / name))[:2] == (0, b"")
    assert pq.read_table(tmp_path / "a.parquet").to_pylist() == json.loads((tmp_path / "a.json").read_text()) == rows
    assert (tmp_path / "a.csv").read_bytes() == said.encode()


def test_parquet_may_go_through_a_pipe(out, capfdbinary):
    said = ask(capfdbinary, out, SALARIES, "--format", "parquet")[1]
    assert pq.read_table(io.BytesIO(said)).num_rows == 2


def test_a_question_may_come_from_stdin(out, capfdbinary, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("select 1 as one"))
    assert json.loads(ask(capfdbinary, out, "-", "--json")[1]) == [{"one": 1}]


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("", "no question"),
        ("selec", "the question cannot be answered"),
        ("from nowhere", "the question cannot be answered"),
        ("select 1 as a, 2 as a", "several columns are called 'a'"),
    ],
)
def test_a_question_without_an_answer_is_a_usage_error(out, capfdbinary, query, problem):
    code, said, errors = ask(capfdbinary, out, query, "--json")
    assert (code, said) == (2, b"")
    assert errors.startswith(f"error: {problem}")
    assert len(errors.splitlines()) <= 2


def run_sql(out, stdout, *arguments: str) -> tuple[int, str]:
    """Exit code and messages of `rolepages sql` as a process; its stdout is closed where it is None."""
    command = [sys.executable, "-m", "pipeline", "sql", "from observations", "--out", str(out), *arguments]
    if stdout is None:
        command = ["sh", "-c", '"$0" "$@" >&-', *command]
    ran = subprocess.run(command, stdout=stdout, stderr=subprocess.PIPE, text=True, check=False, timeout=60)
    return ran.returncode, ran.stderr


@pytest.mark.parametrize("kind", ["table", "csv", "json", "parquet"])
def test_a_full_disk_is_one_clear_line_and_a_reader_that_is_not_there_no_error(out, kind):
    with Path("/dev/full").open("w") as full:
        code, errors = run_sql(out, full, "--format", kind)
    assert (code, errors) == (4, "error: standard output: cannot write: No space left on device\n")
    read, write = os.pipe()
    os.close(read)
    assert run_sql(out, write, "--format", kind) == (0, "")
    os.close(write)
    assert run_sql(out, None, "--format", kind) == (0, "")


def test_where_nothing_is_published_nothing_is_answered(tmp_path, capfdbinary):
    assert ask(capfdbinary, tmp_path, "select 1")[0] == 2


def test_what_cannot_be_written_is_an_output_error(out, capfdbinary, tmp_path):
    code, _, errors = ask(capfdbinary, out, SALARIES, "--to", str(tmp_path / "missing" / "a.csv"))
    assert code == 4
    assert errors.startswith(f"error: {tmp_path}/missing/a.csv: cannot write: No such file or directory")


MIDWAY = "select case when range < 90000 then range else error('no such number') end as n from range(100000)"


@pytest.mark.parametrize(
    ("query", "kind"),
    [("selec", "csv"), ("-- nothing", "csv"), ("select 1 as a, 2 as a", "json")]
    + [(MIDWAY, kind) for kind in ("table", "csv", "json", "parquet")],
)
def test_a_file_stays_as_it_was_when_the_question_has_no_answer(out, capfdbinary, tmp_path, query, kind):
    (tmp_path / "there").write_text("mine")
    for name in ("there", "new"):
        code, _, errors = ask(capfdbinary, out, query, "--to", str(tmp_path / name), "--format", kind)
        assert (code, len(errors.splitlines()) <= 2) == (2, True)
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {"there": "mine"}


def test_an_error_in_the_middle_of_an_answer_is_one_of_the_question(out, capfdbinary):
    code, _, errors = ask(capfdbinary, out, MIDWAY, "--format", "json")
    assert code == 2
    assert errors == "error: the question cannot be answered: Invalid Input Error: no such number\n"


def test_a_file_is_replaced_where_it_is_and_keeps_its_mode(out, capfdbinary, tmp_path):
    (tmp_path / "folder").mkdir()
    file = tmp_path / "folder" / "a.csv"
    file.write_text("old")
    file.chmod(0o604)
    (tmp_path / "link").symlink_to(file)
    assert ask(capfdbinary, out, SALARIES, "--to", str(tmp_path / "link"), "--format", "csv")[0] == 0
    assert (tmp_path / "link").is_symlink()
    assert file.read_text().startswith("role_id,value")
    assert file.stat().st_mode & 0o777 == 0o604
    assert [path.name for path in (tmp_path / "folder").iterdir()] == ["a.csv"]


def test_a_device_is_written_to_as_it_is(out, capfdbinary):
    said = ask(capfdbinary, out, SALARIES, "--to", "/dev/stdout", "--format", "csv")[1]
    assert said.startswith(b"role_id,value")
    assert ask(capfdbinary, out, SALARIES, "--to", "/dev/full", "--format", "csv")[0] == 4


def test_a_folder_is_no_file_to_write_to(out, capfdbinary, tmp_path):
    code, _, errors = ask(capfdbinary, out, SALARIES, "--to", str(tmp_path))
    assert (code, errors.startswith(f"error: {tmp_path}: cannot write: Is a directory")) == (4, True)


def test_the_views_are_those_of_one_run(out, capfdbinary):
    statements = ask(capfdbinary, out, "--views")[1].decode()
    with duckdb.connect() as connection:
        connection.execute(statements)
        assert connection.sql(SALARIES).fetchall() == [("clerk", 54494.0), ("cook", 34872.0)]
        assert {
            name for (name,) in connection.sql("select view_name from duckdb_views() where not internal").fetchall()
        } == {table.name for table in TABLES}
    assert ".runs" in statements


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_cell_is_a_formula(start):
    rows = pa.table({f"{start}name": [f"{start}HYPERLINK(1)", "fine", None], "n": [-1.5, 2.0, None]})
    file = io.BytesIO()
    write_csv(rows.to_reader(), file)
    listed = list(csv.reader(io.StringIO(file.getvalue().decode(), newline="")))
    assert listed == [[f"'{start}name", "n"], [f"'{start}HYPERLINK(1)", "-1.5"], ["fine", "2.0"], ["", ""]]


@given(st.one_of(st.text(), st.lists(st.text()), st.floats(), st.none(), st.integers()))
def test_defused_cells_begin_harmlessly_and_numbers_stay(value):
    cell = defuse(value)
    if isinstance(cell, str):
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
        if isinstance(value, str):
            assert cell in {value, f"'{value}"}
    else:
        assert cell is value


@given(st.lists(st.tuples(st.text(), st.none() | st.integers(-(2**63), 2**63 - 1), st.lists(st.text())), max_size=5))
def test_json_and_csv_read_back(rows):
    schema = pa.schema([("a", pa.string()), ("b", pa.int64()), ("c", pa.list_(pa.string()))])
    table = pa.Table.from_pylist([dict(zip("abc", row, strict=True)) for row in rows], schema)
    file = io.BytesIO()
    write_json(table.to_reader(), file)
    assert json.loads(file.getvalue()) == table.to_pylist()
    file = io.BytesIO()
    write_csv(table.to_reader(), file)
    listed = list(csv.reader(io.StringIO(file.getvalue().decode(), newline="")))[1:]
    assert [row[0].removeprefix("'") for row in listed] == [row[0].removeprefix("'") for row in rows]
    assert [row[1] for row in listed] == ["" if row[1] is None else str(row[1]) for row in rows]


HOSTILE = "a\x1b]0;title\x07\x9b2J\u202e\rb\n\xe9 \U000e0041"


def test_csv_and_json_on_a_terminal_have_nothing_that_acts_on_it():
    rows = pa.table({"\x9bname": [HOSTILE, None], "list": [[HOSTILE], []], "n": [1, 2]})
    file = io.BytesIO()
    write_csv(rows.to_reader(), file, watched=True)
    heading, first, last = file.getvalue().decode().removesuffix("\r\n").split("\r\n")
    assert (heading, last) == ("\\x9bname,list,n", ",[],2")
    assert first.startswith(r"a\x1b]0;title\x07\x9b2J\u202e\rb\né \U000e0041,")
    assert first.isprintable()
    file = io.BytesIO()
    write_json(rows.to_reader(), file, watched=True)
    said = file.getvalue().decode()
    assert said.replace("\n", "").isprintable()
    assert json.loads(said) == rows.to_pylist()


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_only_a_terminal_gets_escapes(out, capfdbinary, monkeypatch, kind):
    query = "select chr(155) || 'x' as a"
    raw = ask(capfdbinary, out, query, "--format", kind)[1]
    assert "\x9bx".encode() in raw
    monkeypatch.setattr("pipeline.cli.sql.is_terminal", lambda _: True)
    assert ask(capfdbinary, out, query, "--format", kind)[1].decode().replace("\r", "").replace("\n", "").isprintable()


def test_people_see_the_first_rows_and_nothing_that_acts_on_their_terminal():
    texts = ["\x1b[2J\u202e", "x" * 500, None, "ok"] * SHOWN
    file = io.BytesIO()
    write_table(pa.table({"\x1b]0;t\x07": texts, "day": [dt.date(2025, 1, 8)] * len(texts)}).to_reader(), file)
    lines = file.getvalue().decode().splitlines()
    assert len(lines) == SHOWN + 3
    assert all(line.isprintable() for line in lines)
    assert lines[0].startswith("\\x1b]0;t\\x07")
    assert lines[2].startswith("\\x1b[2J\\u202e ")
    assert max(map(len, lines)) < 90
    assert lines[-1].startswith(f"... and {3 * SHOWN:,} more rows")
