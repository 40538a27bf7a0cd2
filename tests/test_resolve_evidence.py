"""What pages say together, case by case: which value, which reading, what follows."""

from __future__ import annotations

import shlex
from typing import Any

import pyarrow as pa
import pytest

from pipeline.resolve import resolve
from tests.resolve_pages import Row, dump, load

CASES = load("evidence.toml", "case")


def said(row: Row) -> str | float | None:
    """What a row says."""
    return row["text"] if row["value"] is None else row["value"]


def wanted(value: str) -> Any:
    """A value as a case writes it."""
    try:
        return float(value)
    except ValueError:
        return None if value == "none" else value


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_case(case: Row) -> None:
    tables = resolve(*dump(case["page"]).arrow())
    rows = {(row["role_id"], row["metric"], row["category"]): row for row in tables["metrics"].to_pylist()}
    for line in case.get("value", ()):
        role, metric, value, *category = shlex.split(line)
        row = rows.get((role, metric, "".join(category)))
        assert (said(row) if row else None) == wanted(value), line
        if row:
            assert row["method"] == case.get("method", row["method"])
            assert case.get("at_least", 0.0) <= row["confidence"], line
    _confidence_below(case, rows)
    if "open" in case:
        assert sum(row["method"] == "ambiguous" for row in tables["observations"].to_pylist()) == case["open"]
    _evidence_holds(tables)


def _confidence_below(case: Row, rows: dict[tuple[str, str, str], Row]) -> None:
    if "below" in case:
        role, metric, _, *category = shlex.split(case["value"][0])
        assert rows[role, metric, "".join(category)]["confidence"] < case["below"]


def _evidence_holds(tables: dict[str, pa.Table]) -> None:
    """What holds of every observation, whatever became of it."""
    ids = set(tables["observations"]["observation_id"].to_pylist())
    for row in tables["observations"].to_pylist():
        if row["method"] == "derived":
            assert row["derived_from"]
            assert ids.issuperset(row["derived_from"])
            assert row["raw"] is row["start"] is row["end"] is row["line"] is None
        else:
            assert row["end"] - row["start"] == len(row["raw"])
        if row["method"] == "ambiguous":
            assert row["value"] is row["text"] is None
        if row["method"] == "resolved":
            assert row["raw"] not in row["alternatives"]
            assert 0.9 <= row["confidence"] < 1
    assert all(0 < row["confidence"] <= 1 for row in tables["metrics"].to_pylist())


def test_cells_that_are_cut_narrow_their_span() -> None:
    (case,) = (case for case in CASES if case["label"] == "another page states one of the cells")
    tables = resolve(*dump(case["page"]).arrow())
    raws = [row["raw"] for row in tables["observations"].to_pylist() if row["method"] == "resolved"]
    assert raws == ["466", "8,658"]


def test_skills_are_resolved_as_skills() -> None:
    (case,) = (case for case in CASES if case["label"].startswith("a role's skills"))
    tables = resolve(*dump(case["page"]).arrow())
    rows = [(row["skill"], row["relation"], row["rank"]) for row in tables["skills"].to_pylist()]
    assert ("Food And Beverage", "top", 1) in rows
    assert ("Patients", "top", 2) in rows


def test_contradictions_are_listed() -> None:
    (case,) = (case for case in CASES if case["label"].startswith("two pages without a date"))
    (row,) = resolve(*dump(case["page"]).arrow())["checks"].to_pylist()
    assert (row["rule"], row["role_id"], row["metric"], row["document_id"]) == (
        "pages_agree",
        "a",
        "salary_yearly",
        None,
    )
    assert row["found"] == "40000 on 1 page; 45000 on 1 page"
