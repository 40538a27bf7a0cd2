"""Whole pages against answers that people wrote: one question a page and field, and what must hold on every page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.parsers import look_alikes
from tests.pages import (
    Expected,
    OpenRun,
    PageCase,
    describe,
    differences,
    line_of,
    page_cases,
    parse,
    section_of,
)

if TYPE_CHECKING:
    from pipeline.model import Fact

CASES = page_cases()
PARSED = [case for case in CASES if case.origin != "negative"]
NEGATIVE = [case for case in CASES if case.origin == "negative"]

every_page = pytest.mark.parametrize("case", CASES, ids=str)
every_parsed_page = pytest.mark.parametrize("case", PARSED, ids=str)


def _report(missing: Iterable[Expected], extra: Iterable[Fact], text: str) -> str:
    lines = [f"  missing {describe(fact, text)}" for fact in missing]
    lines += [f"  extra   {describe(fact, text)}" for fact in extra]
    return "\n" + "\n".join(lines)


def _spans(facts: Iterable[Fact]) -> list[tuple[int, int]]:
    return [(fact.start, fact.end) for fact in facts]


# --- the answers themselves, which are written by hand too


@every_page
def test_answer_fits_its_page(case: PageCase) -> None:
    """Every quotation in an answer stands on the line that the answer names."""
    lines = case.lines
    for fact in [*case.facts, *case.optional]:
        if fact.line is None:
            words = fact.raws[0].casefold()
            assert words in case.text.casefold(), f"{words!r} is not on the page"
            continue
        for raw in fact.raws or (fact.text or "",):
            assert raw in lines[fact.line - 1], f"{raw!r} is not on line {fact.line}: {lines[fact.line - 1]!r}"
        if fact.example is not None:
            assert fact.example in case.text
    for run in case.open_runs:
        assert run.run in lines[run.line - 1]
        assert all("".join(reading) == run.run for reading in run.readings)
    for line, start in [*case.unparsed, *case.optional_unparsed]:
        assert lines[line - 1].strip().startswith(start)


# --- field by field


@every_page
def test_page_kind(case: PageCase) -> None:
    page = parse(case.name)
    if case.page_kind:
        assert page.page_kind == case.page_kind
    assert page.page_kind not in case.page_kind_not


@every_parsed_page
def test_is_parsed(case: PageCase) -> None:
    assert parse(case.name).problem is None


@every_parsed_page
def test_text_form(case: PageCase) -> None:
    assert parse(case.name).text_form == case.text_form


@every_parsed_page
def test_updated_on(case: PageCase) -> None:
    assert parse(case.name).updated_on == case.updated_on


@pytest.mark.parametrize(
    ("case", "section"),
    [pytest.param(case, section, id=f"{case}-{section}") for case in PARSED for section in case.sections],
)
def test_section(case: PageCase, section: str) -> None:
    expected = [fact for fact in case.facts if fact.section == section]
    optional = [fact for fact in case.optional if fact.section == section]
    found = [fact for fact in parse(case.name).facts if section_of(fact) == section]
    missing, extra = differences(expected, optional, found, case.text)
    assert [*missing, *extra] == [], _report(missing, extra, case.text)


@every_page
def test_nothing_in_other_sections(case: PageCase) -> None:
    asked = {"ambiguous", *case.sections}
    optional = [fact for fact in case.optional if fact.section not in asked]
    found = [fact for fact in parse(case.name).facts if section_of(fact) not in asked]
    _, extra = differences([], optional, found, case.text)
    assert not extra, _report([], extra, case.text)


@every_page
def test_ambiguous(case: PageCase) -> None:
    """A cell of a run that the page leaves open is null, shows the whole run, and has all its readings."""
    text = case.text
    facts = [fact for fact in parse(case.name).facts if fact.readings]
    runs: defaultdict[tuple[int, str], list[Fact]] = defaultdict(list)
    for fact in facts:
        runs[line_of(text, fact.start), fact.field].append(fact)
        assert fact.value is None
        assert fact.text is None
    assert sorted(runs) == sorted((run.line, run.metric) for run in case.open_runs)
    for run in case.open_runs:
        _check_run(run, runs[run.line, run.metric], text)


def _check_run(run: OpenRun, cells: list[Fact], text: str) -> None:
    by_role = {fact.role_id: fact for fact in cells}
    assert len(by_role) == len(cells)
    assert sorted(by_role) == sorted(run.role_ids)
    assert {text[fact.start : fact.end] for fact in cells} == {run.run}
    ordered = [by_role[role_id].readings for role_id in run.role_ids]
    joint = list(zip(*ordered, strict=True))
    found = [tuple(text[reading.start : reading.end] for reading in readings) for readings in joint]
    assert len(found) == len(set(found))
    assert set(found) == run.readings


@every_parsed_page
def test_unparsed(case: PageCase) -> None:
    """Exactly the lines that a reader would leave open too."""
    found = [(left.line, case.text[left.start : left.end].strip()) for left in parse(case.name).unparsed]
    known = dict([*case.unparsed, *case.optional_unparsed])
    extra = [(line, text) for line, text in found if not text.startswith(known.get(line, "\n"))]
    missing = [(line, start) for line, start in case.unparsed if not dict(found).get(line, "").startswith(start)]
    assert [*missing, *extra] == [], f"missing {missing}, extra {extra}"


# --- on every page


@every_page
def test_spans_are_valid(case: PageCase) -> None:
    page = parse(case.name)
    assert page.text == case.text
    spans = _spans(page.facts) + [fact.example for fact in page.facts if fact.example]
    spans += [(left.start, left.end) for left in page.unparsed]
    for start, end in spans:
        assert 0 <= start < end <= len(case.text)
        assert case.text[start:end] == case.text[start:end].strip()
    for fact in page.facts:
        for reading in fact.readings:
            assert fact.start <= reading.start < reading.end <= fact.end
    for left in page.unparsed:
        assert left.line == line_of(case.text, left.start)


@every_parsed_page
def test_cells_of_a_row_do_not_overlap(case: PageCase) -> None:
    """No character of a table row speaks for two roles, nor for two values of one."""
    rows: dict[int, list[Fact]] = {line: [] for line in case.cell_lines}
    for fact in parse(case.name).facts:
        if fact.table == "metrics" and not fact.readings:
            rows.get(line_of(case.text, fact.start), []).append(fact)
    for facts in rows.values():
        for one, other in combinations(facts, 2):
            # One `-` may say that a range has neither a low nor a high end.
            is_same_null = one.role_id == other.role_id and one.value is None and one.text is None
            assert is_same_null or one.end <= other.start or other.end <= one.start, (one, other)
        order = [case.columns.index(fact.role_id) for fact in sorted(facts, key=lambda fact: fact.start)]
        assert order == sorted(order), "a cell of the second column stands before one of the first"


@every_page
def test_lines_balance(case: PageCase) -> None:
    """Every line that is not blank is a fact's, known boilerplate or unparsed, and one of them only."""
    page = parse(case.name)
    unparsed = len({left.line for left in page.unparsed})
    not_blank = sum(bool(line.strip()) for line in case.lines)
    assert page.lines_extracted + page.lines_boilerplate + unparsed == not_blank


@every_parsed_page
def test_no_fact_is_left_unparsed(case: PageCase) -> None:
    left = [case.text[left.start : left.end] for left in parse(case.name).unparsed]
    assert [text for text in left if any(sign in text for sign in '$%"')] == []


@pytest.mark.parametrize("case", NEGATIVE, ids=str)
def test_look_alike_yields_no_fact(case: PageCase) -> None:
    page = parse(case.name)
    assert page.facts == (), _report([], page.facts, case.text)


ADDRESSES = st.lists(
    st.sampled_from(
        "https:// x.example / cook -jobs -JOBS /skills/ /Answers /how-to-become- /trends /? # \u017f \u212a".split()
    ),
    max_size=7,
).map("".join)


@given(ADDRESSES.map(lambda rest: f"https://x.example/{rest}") | ADDRESSES)
def test_no_address_of_a_family_is_passed_over(url: str) -> None:
    match = look_alikes._addresses().match(url)
    assert (look_alikes.look_alike_at(url) is not None) == (match is not None)
