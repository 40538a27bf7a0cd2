"""Two pages in the text forms of many tools: each text alone gives what it still holds, and nothing wrong."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from pipeline import parse_text
from pipeline.model import Record
from pipeline.resolve import resolve
from pipeline.shards import process
from tests.forms_matrix import BEGIN, DOCUMENT, END, FormCase, form_cases, matrix
from tests.pages import describe, differences

CASES = form_cases()
RAW = Path(__file__).parent.parent / "raw"


@pytest.mark.parametrize("case", CASES, ids=str)
def test_text_alone_gives_what_it_holds(case: FormCase) -> None:
    page = case.parsed
    assert page.page_kind == case.page.page_kind
    left = [fact for fact in page.facts if not fact.readings]
    missing, extra = differences(case.facts, case.page.optional, left, page.text)
    report = [f"missing {describe(fact, page.text)}" for fact in missing]
    report += [f"extra   {describe(fact, page.text)}" for fact in extra]
    assert report == []
    assert page.updated_on == case.page.updated_on


@pytest.mark.parametrize("case", CASES, ids=str)
def test_text_leaves_open_what_it_must_and_no_more(case: FormCase) -> None:
    truth = {(fact.role_id, fact.field): fact.text for fact in case.open_facts}
    found = {(fact.role_id, fact.field): fact for fact in case.parsed.facts if fact.readings}
    assert found.keys() == truth.keys()
    for key, fact in found.items():
        assert truth[key] in [reading.text for reading in fact.readings]
        assert fact.value is None
        assert fact.text is None


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_line_of_a_text_is_accounted_for(case: FormCase) -> None:
    page = case.parsed
    filled = sum(bool(line.strip()) for line in page.text.split("\n"))
    assert page.lines_extracted + page.lines_boilerplate + len({left.line for left in page.unparsed}) == filled


@pytest.mark.parametrize("case", CASES, ids=str)
def test_links_around_the_content_are_boilerplate(case: FormCase) -> None:
    page = case.parsed
    left = [page.text[row.start : row.end] for row in page.unparsed]
    links = (
        "Browse Alpha",
        "Resume River",
        "Accept all",
        "Related jobs",
        "Line Cook Jobs",
        "Collector Jobs",
        "All rights reserved",
    )
    assert [text for text in left if any(link in text for link in links)] == []


@pytest.mark.parametrize("sign", [" │ ", "│", " · ", " • ", " / ", " ~ ", "=>", "  ▪  "])
def test_cells_parted_by_a_sign_of_no_known_tool(sign: str) -> None:
    case = next(case for case in CASES if case.name == "resiliparse2.0-main.comparison")
    text = case.data.decode().replace("\n\t\t", "\n").replace("\t\t", sign)
    missing, extra = differences(case.facts, case.page.optional, parse_text(text).facts, text)
    assert [describe(fact, text) for fact in (*missing, *extra)] == []


def _resolved(*records: Record) -> dict[str, pa.Table]:
    documents, observations, readings = (pa.Table.from_batches([batch]) for batch in process(records)[:3])
    return resolve(documents, observations, readings)


@pytest.mark.parametrize("case", [case for case in CASES if case.open], ids=str)
def test_nothing_stays_open_beside_the_real_pages(case: FormCase) -> None:
    records = [Record(path.name, path.read_bytes(), media="text") for path in sorted(RAW.glob("*.txt"))]
    tables = _resolved(*records, Record(case.name, case.data, media=case.media))
    observations = tables["observations"].to_pylist()
    assert [row for row in observations if row["method"] == "ambiguous"] == []
    published = {(row["role_id"], row["metric"]): row["text"] for row in tables["metrics"].to_pylist()}
    for fact in case.open_facts:
        assert published[fact.role_id, fact.field] == fact.text


def test_table_in_the_docs_is_that_of_the_answers() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    found = BEGIN + text.partition(BEGIN)[2].partition(END)[0] + END
    assert found == matrix(), "docs/forms.md: run `python -m tests.forms_matrix`"
