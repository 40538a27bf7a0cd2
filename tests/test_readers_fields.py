"""JSON lines, their fields and their dates: what is read, what is not, and why."""

from __future__ import annotations

import io
import json
import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import UsageError
from pipeline.model import Record
from pipeline.readers import FileReport, ReadOptions, read

_FIXTURES = Path(__file__).parent / "fixtures/readers"
LINES: list[dict[str, Any]] = tomllib.loads((_FIXTURES / "json_lines.toml").read_text(encoding="utf-8"))["line"]
FIELDS: list[dict[str, Any]] = tomllib.loads((_FIXTURES / "fields.toml").read_text(encoding="utf-8"))["record"]
_GOOD = b'{"text": "good"}\n'


def _line(case: dict[str, Any]) -> bytes:
    if "hex" in case:
        return bytes.fromhex(case["hex"])
    line: str = case["line"].replace("@digits@", "9" * 5000).replace("@deep@", "[" * 100_000 + "]" * 100_000)
    return line.encode()


def _read(folder: Path, content: bytes, name: str = "dump.jsonl", **options: Any) -> list[Record]:
    (folder / name).write_bytes(content)
    return list(read(folder, ReadOptions(**options)))


@pytest.mark.parametrize("case", LINES, ids=lambda case: case["id"])
def test_line(case: dict[str, Any], tmp_path: Path) -> None:
    line = _line(case)
    before, middle, after = _read(tmp_path, _GOOD + line + b"\n" + _GOOD)
    assert (before.data, before.problem, after.data, after.problem) == (b"good", None, b"good", None)
    assert middle.source == "dump.jsonl#2"
    if "becomes" in case:
        assert middle.problem
        assert middle.problem.code == case["becomes"]
        assert middle.problem.detail.startswith("line 2: ")
        assert case.get("detail", "") in middle.problem.detail
        assert middle.data == line
    else:
        assert (middle.problem, middle.data.decode()) == (None, case["text"])


def test_all_bad_lines_in_one_file(tmp_path: Path) -> None:
    lines = [_line(case) for case in LINES]
    records = _read(tmp_path, b"\n".join(lines))
    codes = [record.problem.code if record.problem else None for record in records]
    assert codes == [case.get("becomes") for case in LINES]


@pytest.mark.parametrize("case", FIELDS, ids=lambda case: case["id"])
def test_fields_of_json(case: dict[str, Any], tmp_path: Path) -> None:
    (record,) = _read(tmp_path, case["json"].encode(), **case.get("options", {}))
    _check(case, record)


def _check(case: dict[str, Any], record: Record) -> None:
    media = case.get("media", "")
    assert record.problem is None
    assert record.data == (b"<p>the page" if media == "html" else b"the page")
    assert record.media == media
    assert record.charset == "utf-8"
    assert record.url == case.get("url")
    wanted: datetime | None = case.get("date")
    assert record.fetched_at == wanted
    assert record.fetched_at is None or record.fetched_at.tzinfo


@pytest.mark.parametrize("case", FIELDS, ids=lambda case: case["id"])
def test_fields_of_parquet(case: dict[str, Any], tmp_path: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    out = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist([json.loads(case["json"])]), out)
    (record,) = _read(tmp_path, out.getvalue(), "dump.parquet", **case.get("options", {}))
    _check(case, record)


def _columned(kind: str) -> bytes:
    """A file whose columns are `id`, a number, and `text`."""
    import pyarrow as pa
    from pyarrow import parquet

    out = io.BytesIO()
    parquet.write_table(pa.table({"id": [1], "text": ["a"]}), out)
    return {"jsonl": b'{"id": 1, "text": "a"}\n', "csv": b"id,text\n1,a\n", "parquet": out.getvalue()}[kind]


@pytest.mark.parametrize("what", ["text", "url", "date", "language"])
@pytest.mark.parametrize("kind", ["jsonl", "csv", "parquet"])
def test_a_given_column_that_no_input_has_is_one_clear_error(kind: str, what: str, tmp_path: Path) -> None:
    (tmp_path / f"dump.{kind}").write_bytes(_columned(kind))
    given: dict[str, Any] = {f"{what}_column": "body"}
    records = read(tmp_path, ReadOptions(**given))
    (record,) = records
    assert (record.problem is not None) == (what == "text")
    with pytest.raises(UsageError, match=r"dump\.\w+: no column 'body'; there are: 'id', 'text'") as raised:
        records.columns.check()
    assert f"--{what}-column" in raised.value.hint


@pytest.mark.parametrize("kind", ["jsonl", "csv", "parquet"])
def test_a_given_column_that_one_input_lacks_costs_that_input(kind: str, tmp_path: Path) -> None:
    (tmp_path / f"a.{kind}").write_bytes(_columned(kind))
    (tmp_path / "b.jsonl").write_bytes(b'{"body": "page"}\n')
    records = read(tmp_path, ReadOptions(text_column="body"))
    first, second = records
    assert first.problem
    assert (first.problem.code, second.data) == ("schema", b"page")
    assert re.search(r"no (field|column) 'body'; there are: 'id', 'text'", first.problem.detail)
    records.columns.check()


def test_a_given_column_of_numbers_holds_no_pages(tmp_path: Path) -> None:
    (tmp_path / "dump.parquet").write_bytes(_columned("parquet"))
    records = read(tmp_path, ReadOptions(text_column="id"))
    (record,) = records
    assert record.problem
    assert "column 'id' holds int64, not text" in record.problem.detail
    with pytest.raises(UsageError, match=r"dump\.parquet: column 'id' holds int64, not text"):
        records.columns.check()


def test_files_without_columns_need_no_column(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_bytes(b"page")
    records = read(tmp_path, ReadOptions(text_column="body"))
    assert [record.data for record in records] == [b"page"]
    records.columns.check()


_NEVER = ["9999-12-31", "0001-01-01", "1900-01-01T00:00:00Z", "99991231235959", "Fri, 31 Dec 9999 23:59:59 GMT"]


@pytest.mark.parametrize("date", [*map(json.dumps, _NEVER), "1" * 400, "-62135596800", "1e300", "253402300799"])
def test_what_stands_for_no_date_is_none(date: str, tmp_path: Path) -> None:
    """Databases write the first and the last day of their calendars for "unknown" and "never"."""
    (record,) = _read(tmp_path, f'{{"text": "a", "date": {date}}}\n'.encode())
    assert (record.problem, record.fetched_at) == (None, None)


def test_days_in_parquet(tmp_path: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    days = pa.array([19_000, 2**31 - 1, -(2**31), None, 2_932_896], pa.int32()).cast(pa.date32())
    out = io.BytesIO()
    parquet.write_table(pa.table({"text": ["a"] * 5, "date": days}), out)
    records = _read(tmp_path, out.getvalue(), "dump.parquet")
    assert [record.problem for record in records] == [None] * 5
    assert [record.fetched_at for record in records] == [datetime(2022, 1, 8, tzinfo=UTC), None, None, None, None]


def test_a_given_field_that_one_record_lacks_costs_that_record(tmp_path: Path) -> None:
    first, second = _read(tmp_path, b'{"body": "a"}\n{"id": 1}\n', text_column="body")
    assert first.data == b"a"
    assert second.problem
    assert second.problem.code == "schema"


def test_unwanted_languages_are_skipped_and_counted(tmp_path: Path) -> None:
    lines = b'{"text": "a", "language": "en"}\n{"text": "b", "lang": "de"}\n{"text": "c"}\n'
    (tmp_path / "dump.jsonl").write_bytes(lines)
    records = read(tmp_path, ReadOptions(languages=frozenset({"en"})))
    assert [(record.source, record.data) for record in records] == [("dump.jsonl#1", b"a"), ("dump.jsonl#3", b"c")]
    assert records.skipped == {"language de": 1}


@pytest.mark.parametrize("language", ["en", "EN", "en-US", "en_gb", "__label__en", "", None])
def test_a_language_is_known_by_its_code(language: str | None, tmp_path: Path) -> None:
    lines = json.dumps({"text": "a", "lang": language}).encode() + b'\n{"text": "b", "lang": "eng-x"}\n'
    records = _read(tmp_path, lines, languages=frozenset({"en"}))
    assert [record.data for record in records] == [b"a"]


def test_what_only_the_lenient_parser_reads_is_noted(tmp_path: Path) -> None:
    (tmp_path / "dump.jsonl").write_bytes(b'{"text": "a", "score": NaN}\n{"text": "a\\ud800"}\n')
    reports: list[FileReport] = []
    assert len(list(read(tmp_path, on_file=reports.append))) == 2
    assert dict(reports[0].notes) == {"JSON with NaN or lone surrogates": 2, "text with lone surrogates, now U+FFFD": 1}
