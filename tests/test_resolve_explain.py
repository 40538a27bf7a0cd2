"""Explanations: every statement for and against, what was read otherwise, which rules fail."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pyarrow as pa
import pyarrow.dataset as ds
import pytest

from pipeline.errors import UsageError
from pipeline.resolve import resolve
from pipeline.resolve.explain import explain
from pipeline.resolve.explanation import render
from tests.resolve_pages import Row, dump, load


def published(pages: list[Row]) -> dict[str, pa.Table]:
    """The tables of a run over some pages."""
    documents, observations, readings = dump(pages).arrow()
    return {**resolve(documents, observations, readings), "documents": documents}


@pytest.fixture(scope="module")
def seeds() -> dict[str, pa.Table]:
    return published(load("seeds.toml"))


def test_a_stated_value(seeds: dict[str, pa.Table]) -> None:
    found = explain(seeds, "collector", "salary_yearly")
    assert found.value is not None
    assert (found.name, found.value.value, found.value.method) == ("Collector", 34_872, "stated")
    assert [(s.source, s.raw, s.verdict) for s in found.statements] == [
        ("000.txt", "34872", "for"),
        ("000.txt", "34872", "for"),
        ("003.txt", "34872", "for"),
    ]


def test_the_reading_that_was_taken_and_those_that_were_not(seeds: dict[str, pa.Table]) -> None:
    (cut, stated) = explain(seeds, "collections-coordinator", "best_paying_company").statements
    assert (cut.method, cut.raw, stated.method) == ("resolved", "University of California, Berkeley", "stated")
    assert cut.reasons == (
        "another page says so, too",
        'it leaves "InfosysPublicService" for accounts-receivable-specialist',
    )
    assert [(r.text, r.why) for r in cut.rejected] == [
        ("PublicServiceUniversity of California, Berkeley", "no other page says so"),
        ("ServiceUniversity of California, Berkeley", "no other page says so"),
    ]


def test_where_a_derived_value_comes_from(seeds: dict[str, pa.Table]) -> None:
    (derived,) = explain(seeds, "payment-processor", "salary_yearly").statements
    assert derived.raw is derived.line is None
    assert [(s.raw, s.why) for s in derived.derived_from] == [
        ("37938", "salary_yearly of collections-coordinator"),
        ("-3908", "difference in salary_yearly of payment-processor against collections-coordinator"),
    ]


def test_flags_and_rules(seeds: dict[str, pa.Table]) -> None:
    found = explain(seeds, "collector", "experience_years")
    assert found.value is not None
    assert found.value.flags == ("experience_in_months",)
    assert [(check.rule, check.source) for check in found.checks] == [
        ("experience_in_months", None),
        ("experience_in_months", "000.txt"),
        ("experience_in_months", "003.txt"),
    ]


@pytest.mark.parametrize("name", ["collector", "Collector", "COLLECTOR"])
def test_roles_go_by_any_name(seeds: dict[str, pa.Table], name: str) -> None:
    assert explain(seeds, name, "age").role_id == "collector"


def test_roles_go_by_their_plural(seeds: dict[str, pa.Table]) -> None:
    found = explain(seeds, "senior accounts receivable specialists", "age")
    assert found.role_id == "senior-accounts-receivable-specialist"


def test_why_statements_do_not_count() -> None:
    tables = published(
        [
            {"id": "01", "fetched": date(2023, 1, 1), "says": ["a age 40", "b age 40"]},
            {"id": "02", "fetched": date(2024, 1, 1), "says": ["a age 41", "c age 40"]},
            {"id": "03", "fetched": date(2024, 1, 1), "says": ["a age 200", "d age 40"]},
            {"id": "04", "fetched": date(2024, 1, 1), "says": ["a age -", "e age 40"]},
        ]
    )
    statements = explain(tables, "a", "age").statements
    assert [(s.source, s.verdict, s.why) for s in statements] == [
        ("02.txt", "for", ""),
        ("03.txt", "against", "not heard: its page breaks in_range"),
        ("01.txt", "against", "older than 2024-01-01"),
        ("04.txt", "silent", "the page says that it has no value"),
    ]
    assert statements[0].seen == date(2024, 1, 1)


def test_nothing_published_is_explained_too() -> None:
    tables = published([{"id": "01", "says": ["a age 40", "b age 40"]}, {"id": "02", "says": ["a age 41", "c age 40"]}])
    found = explain(tables, "a", "age")
    assert found.value is None
    assert {s.why for s in found.statements} == {"pages disagree, and none has the last word"}
    assert "nothing is published" in render(found)
    assert [check.rule for check in found.checks] == ["pages_agree"]


def test_an_open_cell_shows_its_readings() -> None:
    run = {
        "field": "job_count",
        "roles": ["a", "b"],
        "text": "4668,658",
        "cuts": [["4", "668,658"], ["46", "68,658"], ["466", "8,658"]],
    }
    (statement,) = explain(published([{"id": "01", "run": [run]}]), "b", "job_count").statements
    assert statement.verdict == "open"
    assert [r.text for r in statement.rejected] == ["668,658", "68,658", "8,658"]


@pytest.mark.parametrize(
    ("role", "metric", "category", "hint"),
    [
        ("astronaut", "age", "", "roles.parquet"),
        ("collector", "agee", "", "age"),
        ("collector", "gender_share", "Mail", "Female, Male"),
    ],
)
def test_unknown_words_are_told(seeds: dict[str, pa.Table], role: str, metric: str, category: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        explain(seeds, role, metric, category)
    assert hint in caught.value.hint


def test_tables_may_be_datasets(seeds: dict[str, pa.Table]) -> None:
    files = {name: ds.dataset(table) for name, table in seeds.items()}
    assert explain(files, "Collector", "age") == explain(seeds, "collector", "age")


def test_the_text_around_and_hostile_characters() -> None:
    pages = [
        {"id": "01", "source": "evil\u202e.txt", "fetched": datetime(2024, 1, 1, tzinfo=UTC), "says": ["a age 40"]}
    ]
    tables = published(pages)
    document_id = tables["documents"]["document_id"][0].as_py()
    found = explain(tables, "a", "age", text_of={document_id: "40.0\x1b[31m years\nnext"}.get)
    text = render(found, marks=("\x1b[1m", "\x1b[0m"))
    assert "\x1b[1m40.0\x1b[0mU+001B[31m years\n" in text
    assert "evilU+202E.txt" in text
    assert "next" not in text


def test_rendering_names_everything(seeds: dict[str, pa.Table]) -> None:
    text = render(explain(seeds, "collections-coordinator", "best_paying_company"))
    assert text.splitlines()[:2] == [
        "Collections Coordinator: best_paying_company",
        "  University of California, Berkeley",
    ]
    assert "  001.txt:1: resolved, confidence 0.99" in text
    assert "because another page says so, too" in text
    assert "not [ServiceUniversity of California, Berkeley]: no other page says so" in text
