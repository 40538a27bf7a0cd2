"""Explanations: every statement for and against, what was read otherwise, which rules fail."""

from __future__ import annotations

from collections.abc import Collection
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
    found = explain(tables, "a", "age", texts_of=lambda _: {document_id: "40.0\x1b[31m years\nnext"})
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


# --- many statements --------------------------------------------------------------------------------------------------


def crowd(count: int) -> dict[str, pa.Table]:
    """So many pages that say 40 of a role, each with a run of cells that another settles, and half as many older ones that say 41."""
    cuts = [["12", "345"], ["123", "45"], ["1", "2345"]]
    run = {"field": "job_count", "roles": ["a", "b"], "text": "12345", "cuts": cuts}
    new = {"fetched": date(2024, 1, 1), "says": ["a age 40", "b age 40"], "run": [run]}
    old = {"fetched": date(2023, 1, 1), "says": ["a age 41", "c age 40"]}
    pages = [{"id": f"1{number:04}", **new} for number in range(count)]
    pages += [{"id": f"2{number:04}", **old} for number in range(count // 2)]
    return published([*pages, {"id": "30000", "says": ["a job_count 12", "b job_count 345"]}])


class Counted:
    """Tables that count how often they are read."""

    def __init__(self, table: pa.Table) -> None:
        self.table = ds.dataset(table)
        self.reads = 0

    def to_table(self, **arguments: object) -> pa.Table:
        """As that of a dataset."""
        self.reads += 1
        return self.table.to_table(**arguments)


@pytest.mark.parametrize("metric", ["age", "job_count"])
def test_tables_are_read_a_few_times_however_many_pages_speak_of_the_cell(metric: str) -> None:
    reads = []
    for count in (4, 40):
        tables = {name: Counted(table) for name, table in crowd(count).items()}
        found = explain(tables, "a", metric)  # type: ignore[arg-type]
        assert len(found.statements) >= count
        if metric == "job_count":
            assert {s.method for s in found.statements} == {"stated", "resolved"}
        reads.append({name: table.reads for name, table in tables.items()})
    assert reads[0] == reads[1]
    assert max(reads[1].values()) < 10


def test_what_is_not_listed_is_counted() -> None:
    tables = crowd(40)
    everything = explain(tables, "a", "age")
    assert everything.counts == {"for": 40, "against": 20, "open": 0, "silent": 0}
    found = explain(tables, "a", "age", most=3)
    assert found.counts == everything.counts
    assert [s.source for s in found.statements] == [
        s.source for s in (*everything.statements[:3], *everything.statements[40:43])
    ]
    text = render(found)
    assert "Pages that say so (40)\n" in text
    assert "  ... and 37 more; --all lists them\n" in text
    assert "  ... and 17 more; --all lists them\n" in text
    assert "more; --all" not in render(everything)


def test_readings_and_rules_that_are_not_listed_are_counted(seeds: dict[str, pa.Table]) -> None:
    (statement, *_) = explain(seeds, "collections-coordinator", "best_paying_company", most=1).statements
    assert (len(statement.rejected), statement.rejected_count) == (1, 2)
    found = explain(seeds, "collector", "experience_years", most=1)
    assert (len(found.checks), found.check_count) == (1, 3)
    assert render(found).endswith("  ... and 2 more; --all lists them\n")


def test_texts_are_asked_for_once_and_of_what_is_listed_only() -> None:
    asked: list[set[str]] = []

    def texts_of(ids: Collection[str]) -> dict[str, str]:
        asked.append(set(ids))
        return {}

    found = explain(crowd(40), "a", "age", texts_of=texts_of, most=3)
    (ids,) = asked
    assert len(ids) == len(found.statements) == 6
