"""What the pages say together: the tables that the resolver makes of the five real pages."""

from __future__ import annotations

import pyarrow as pa
import pytest

from pipeline import tables
from pipeline.resolve import resolve, roles
from tests.resolve_pages import dump, load


@pytest.fixture(scope="module")
def seeds() -> dict[str, pa.Table]:
    return resolve(*dump(load("seeds.toml")).arrow())


def metric(found: dict[str, pa.Table], role: str, name: str, category: str = "") -> dict[str, object] | None:
    """One row of `metrics`, or None."""
    rows = [
        row
        for row in found["metrics"].to_pylist()
        if (row["role_id"], row["metric"], row["category"]) == (role, name, category)
    ]
    assert len(rows) <= 1
    return rows[0] if rows else None


@pytest.mark.parametrize(
    "table", [t for t in tables.TABLES if t.name not in ("documents", "unparsed")], ids=lambda t: t.name
)
def test_schemas_and_keys(seeds: dict[str, pa.Table], table: tables.Table) -> None:
    result = seeds[table.name]
    assert result.schema.equals(table.to_arrow(), check_metadata=True)
    result.validate(full=True)
    for column in table.columns:
        assert column.nullable or result[column.name].null_count == 0, column.name
    keys = [tuple(row[name] or "" for name in table.key) for row in result.select(list(table.key)).to_pylist()]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("role", "salary"),
    [("account-specialist", 42_586), ("payment-processor", 34_030), ("accounts-receivable-analyst", 43_692)],
)
def test_salaries_that_no_page_states(seeds: dict[str, pa.Table], role: str, salary: float) -> None:
    row = metric(seeds, role, "salary_yearly")
    assert row is not None
    assert (row["value"], row["method"]) == (salary, "derived")
    derived = [o for o in seeds["observations"].to_pylist() if o["role_id"] == role and o["method"] == "derived"]
    assert len(derived) == 1
    assert len(derived[0]["derived_from"]) == 2


def test_nothing_derived_beside_a_statement(seeds: dict[str, pa.Table]) -> None:
    salaries = [o for o in seeds["observations"].to_pylist() if o["table"] == "metrics"]
    derived = {(o["role_id"], o["field"]) for o in salaries if o["method"] == "derived"}
    stated = {(o["role_id"], o["field"]) for o in salaries if o["method"] == "stated"}
    assert not derived & stated


def test_all_flags_of_the_seeds(seeds: dict[str, pa.Table]) -> None:
    flags = {(row["role_id"], row["metric"], *row["flags"]) for row in seeds["metrics"].to_pylist() if row["flags"]}
    assert flags == {
        (role, "experience_years", "experience_in_months")
        for role in (
            "senior-accounts-receivable-specialist",
            "collector",
            "accounts-receivable-specialist",
            "collections-coordinator",
        )
    }


def test_no_value_makes_no_row(seeds: dict[str, pa.Table]) -> None:
    assert metric(seeds, "collector", "job_satisfaction") is None
    assert metric(seeds, "accounts-receivable-specialist", "job_satisfaction") is not None


def test_direction_without_amount_makes_no_row(seeds: dict[str, pa.Table]) -> None:
    pairs = {(row["role_id"], row["other_role_id"], row["measure"]) for row in seeds["comparisons"].to_pylist()}
    assert ("collections-coordinator", "senior-accounts-receivable-specialist", "salary_yearly") not in pairs


@pytest.mark.parametrize(
    ("role", "company"),
    [
        ("accounts-receivable-specialist", "InfosysPublicService"),
        ("collections-coordinator", "University of California, Berkeley"),
    ],
)
def test_companies_that_one_page_leaves_open(seeds: dict[str, pa.Table], role: str, company: str) -> None:
    row = metric(seeds, role, "best_paying_company")
    assert row is not None
    assert row["text"] == company
    cells = [o for o in seeds["observations"].to_pylist() if o["role_id"] == role and o["method"] == "resolved"]
    assert [cell["raw"] for cell in cells] == [company]
    assert all(cell["end"] - cell["start"] == len(cell["raw"]) for cell in cells)
    assert len(cells[0]["alternatives"]) == 2


def test_roles_by_parts_are_all_roles(monkeypatch: pytest.MonkeyPatch, seeds: dict[str, pa.Table]) -> None:
    monkeypatch.setattr(roles, "_PART", 3)
    found = resolve(*dump(load("seeds.toml")).arrow())
    assert found["roles"].num_rows > 3
    assert found["roles"].equals(seeds["roles"])
