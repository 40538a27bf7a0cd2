"""Containers, whole and broken: each case says which pages come out unchanged, and what becomes of the rest."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from pipeline.model import Record
from pipeline.readers import FileReport, ReadOptions, read
from tests.readers_recipes import FETCHED, numbers, page, url, written

CASES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "fixtures/readers/containers.toml").read_text(encoding="utf-8")
)["case"]
_PAGES = {page(number).encode(): number for number in range(1, 201)}


def _fates(records: list[Record]) -> list[int | str]:
    """For each record the page that it is byte for byte, the code of its problem, or `?`."""
    return [record.problem.code if record.problem else _PAGES.get(record.data, "?") for record in records]


def _expected(case: dict[str, Any], fates: list[int | str]) -> list[int | str]:
    wanted: list[int | str] = []
    for token in case["records"].split():
        if token == "1-k":
            low, high = case["k"]
            length = sum(isinstance(fate, int) for fate in fates[: len(fates)])
            length = next((at for at, fate in enumerate(fates) if not isinstance(fate, int)), length)
            assert low <= length <= high
            wanted += range(1, length + 1)
        elif token == "*":
            at = len(wanted)
            assert fates[at] in case["any"]
            wanted.append(fates[at])
        elif token[0].isdigit():
            wanted += numbers(token)
        else:
            wanted.append(token)
    return wanted


def _read(folder: Path, case: dict[str, Any]) -> tuple[list[Record], FileReport]:
    written(folder, case["file"], case["make"])
    reports: list[FileReport] = []
    records = list(read(folder, ReadOptions(**case.get("options", {})), reports.append))
    assert len(reports) == 1
    return records, reports[0]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_container(case: dict[str, Any], tmp_path: Path) -> None:
    records, report = _read(tmp_path, case)
    fates = _fates(records)
    if "records" in case:
        assert fates == _expected(case, fates)
    for key, encoding in (("texts", "utf-8"), ("hex", None)):
        if key in case:
            wanted = [text.encode() if encoding else bytes.fromhex(text) for text in case[key]]
            assert [(record.problem, record.data) for record in records] == [(None, data) for data in wanted]
    _check_names(case, records)
    _check_facts(case, records)
    _check_report(case, records, report)


def _check_names(case: dict[str, Any], records: list[Record]) -> None:
    """Each record leads back to its place; a record of the whole file has the file's name."""
    names = [record.source for record in records]
    if names == [case["file"]]:
        return
    taken = case.get("numbers") or [int(name.rpartition("#")[2]) for name in names]
    assert names == [f"{case['file']}#{number}" for number in taken]
    assert taken == sorted(set(taken))
    if not case.get("skipped") and not case["file"].endswith("parquet"):
        assert taken == list(range(1, len(names) + 1))


def _check_facts(case: dict[str, Any], records: list[Record]) -> None:
    good = [record for record in records if not record.problem]
    if case.get("facts"):
        assert [record.url for record in good] == [url(_PAGES[record.data]) for record in good]
        assert {record.fetched_at for record in good} == {FETCHED}
    for key in ("media", "charset", "url"):
        if key in case:
            assert {getattr(record, key) for record in good} == {case[key]}
    if "detail" in case:
        first = next(record.problem for record in records if record.problem)
        assert case["detail"] in first.detail


def _check_report(case: dict[str, Any], records: list[Record], report: FileReport) -> None:
    assert report.records == len(records)
    assert report.problems.total() == sum(record.problem is not None for record in records)
    assert dict(report.skipped) == case.get("skipped", {})
    assert not report.changed
    if "checksum" in case:
        assert report.checksum == case["checksum"]
