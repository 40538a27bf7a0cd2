"""JSON lines, their fields and their dates: what is read, what is not, and why."""

from __future__ import annotations

import io
import json
import tomllib
from datetime import datetime
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


@pytest.mark.parametrize("kind", ["jsonl", "csv", "parquet"])
def test_a_given_column_that_is_missing_is_one_clear_error(kind: str, tmp_path: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    out = io.BytesIO()
    parquet.write_table(pa.table({"id": [1], "text": ["a"]}), out)
    content = {"jsonl": b'{"id": 1, "text": "a"}\n', "csv": b"id,text\n1,a\n", "parquet": out.getvalue()}[kind]
    with pytest.raises(UsageError, match=r"dump\.\w+: no (field|column) 'body'; there are: 'id', 'text'") as raised:
        _read(tmp_path, content, f"dump.{kind}", text_column="body")
    assert "--text-column" in raised.value.hint


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


def test_what_only_the_lenient_parser_reads_is_noted(tmp_path: Path) -> None:
    (tmp_path / "dump.jsonl").write_bytes(b'{"text": "a", "score": NaN}\n{"text": "a\\ud800"}\n')
    reports: list[FileReport] = []
    assert len(list(read(tmp_path, on_file=reports.append))) == 2
    assert dict(reports[0].notes) == {"JSON with NaN or lone surrogates": 2, "text with lone surrogates, now U+FFFD": 1}
