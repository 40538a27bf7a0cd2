"""Small cases: runs of glued cells, role names, sentences. The data and its explanations are in `fixtures/cases/`."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.model import Document
from pipeline.page import parse_document, parse_text
from tests import adapters
from tests.pages import describe, differences, facts_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.model import Fact, Page

CASES = Path(__file__).parent / "fixtures" / "cases"

Case = dict[str, Any]


def _load(name: str) -> dict[str, Any]:
    with (CASES / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def _params(cases: list[Case]) -> list[Any]:
    return [pytest.param(case, id=" ".join(filter(None, (case.get("kind"), case["label"])))) for case in cases]


GLUED = _load("glued")["case"]
NAMES = _load("names")
SENTENCES = _load("sentences")
PAIRS = _load("pairs")["case"]
FAMILIES = _load("families")["case"]
AROUND = _load("around")["case"]
UNHEADED = _load("unheaded")["case"]
LINES = _load("lines")["case"]
CELLS = _load("cells")["case"]
UNLIKE = _load("unlike")["case"]
LISTS = _load("lists")["case"]


# --- glued runs


@pytest.mark.parametrize("case", _params(GLUED))
def test_answer_fits_its_run(case: Case) -> None:
    """A reading takes every character of its run and no other."""
    (answer,) = case.keys() & {"readings", "among", "contains"}
    for reading in case[answer]:
        assert case.get("gap", "").join(reading) == case["run"]
        assert len(reading) == case.get("columns", 2)


@pytest.mark.parametrize("case", _params(GLUED))
def test_glued_run(case: Case) -> None:
    readings = adapters.read_run(case["kind"], case["run"], case.get("columns", 2), case.get("gap", ""))
    assert len(readings) == len(set(readings)), "a reading is there twice"
    if "readings" in case:
        assert sorted(readings) == sorted(map(tuple, case["readings"]))
        return
    expected = set(map(tuple, case.get("among", case.get("contains"))))
    assert expected <= set(readings)
    if "among" in case:
        assert len(readings) > 1, "one reading would be published as a fact"


# --- role names


@pytest.mark.parametrize("case", _params(NAMES["case"]))
def test_name_of_a_role(case: Case) -> None:
    assert adapters.role_name(case["text"]) == case["name"]


@pytest.mark.parametrize("case", _params(NAMES["case"]))
def test_slug_of_a_role(case: Case) -> None:
    assert adapters.role_slug(case["text"]) == case["slug"]
    assert adapters.role_slug(case["name"]) == case["slug"]


@pytest.mark.parametrize("case", _params([case for case in NAMES["case"] if case["plural"]]))
def test_plural_of_a_role(case: Case) -> None:
    assert adapters.is_same_role(case["text"], case["plural"])
    assert adapters.singular(case["plural"]) == case["text"]


@pytest.mark.parametrize("case", _params(NAMES["mention"]))
def test_mentions_of_a_role(case: Case) -> None:
    assert adapters.is_same_role(case["one"], case["other"]) is case["same"]


# --- the two roles of "X and Y"


@pytest.mark.parametrize("case", _params(PAIRS))
def test_two_roles_with_and_between(case: Case) -> None:
    page = adapters.parse_text(case["text"].strip("\n"))
    named = {fact.role_id for fact in page.facts if fact.field == "name"}
    assert named == set(case["roles"])
    assert {fact.role_id for fact in page.facts} == named
    assert {fact.role_id: fact.value for fact in page.facts if fact.field == "salary_yearly"} == case["salaries"]


# --- families of pages


@pytest.mark.parametrize("case", _params(FAMILIES))
def test_family_of_a_page(case: Case) -> None:
    page = parse_document(Document("", "case.txt", case["text"], url=case.get("url")))
    assert page.page_kind == case["page_kind"]
    assert page.facts == ()
    assert page.problem is not None
    assert page.problem.code == "unknown_family"


# --- what stands around the content


@pytest.mark.parametrize("case", _params(AROUND))
def test_links_around_the_content(case: Case) -> None:
    table = ["CollectorUsher", "Yearly salary$34,872$31,000", "Average age4638"]
    page = adapters.parse_text("\n\n".join([*case["above"], "Collector vs usher", *table, *case["below"]]))
    assert [page.text[left.start : left.end] for left in page.unparsed] == case["unparsed"]
    assert {fact.role_id for fact in page.facts} == {"collector", "usher"}
    assert {fact.field for fact in page.facts} == {"salary_yearly", "age", "name"}


# --- lists of skills without headings


@pytest.mark.parametrize("case", _params(UNHEADED))
def test_skills_without_headings(case: Case) -> None:
    (a, b, c), (d, e, f) = case["collector"], case["usher"]
    tops = f"The top three skills for a collector include {a}, {b} and {c}. The most important skills for an usher are {d}, {e}, and {f}."
    lines = ["Collector vs usher", tops, "CollectorUsher\nYearly salary$34,872$31,000\nAverage age4638", *case["items"]]
    page = adapters.parse_text("\n\n".join(lines))
    listed = [fact for fact in page.facts if fact.field == "listed"]
    assert Counter(fact.role_id for fact in listed) == case["listed"]
    for role in case["listed"]:
        mine = [fact for fact in listed if fact.role_id == role]
        assert [fact.rank for fact in mine] == list(range(1, len(mine) + 1))
        assert [fact.text.lower() for fact in mine[:3]] == case[role]
    kept = [f"{fact.text}, {fact.value:g}%" for fact in listed]
    left = [page.text[row.start : row.end] for row in page.unparsed]
    assert sorted(kept + left) == sorted(case["items"])


# --- sentences


def _roles(case: Case) -> dict[str, dict[str, str]]:
    roles: dict[str, dict[str, str]] = case.get("roles", SENTENCES["roles"])
    return roles


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def _profile_frame(page: Mapping[str, str]) -> list[str]:
    name = page["name"]
    return [
        f"What does {page['article']} {name} do?",
        f"{_sentence_case(page['plural'])} do their work with care.",
        f"{_sentence_case(name)} responsibilities",
        f"Here are examples of responsibilities from real {name} resumes:",
        "- Prepare weekly reports.",
        f"{_sentence_case(name)} skills and personality traits",
    ]


def _framed(case: Case) -> tuple[str, int, int]:
    """A page that holds little else than the case's text, and where the text stands in it."""
    roles = _roles(case)
    page, peer = roles["page"], roles["peer"]
    text = case["text"].strip("\n")
    if case["frame"] == "comparison":
        title = f"{_sentence_case(page['name'])} vs {peer['name']}"
        both = f"{page['plural']} and {peer['plural']}"
        head = f"Post job\n\n{title}\n\nThe differences between {both} can be seen in a few details.\n\n"
        tail = f"\n\n{title} overview\n\n{page['name'].title()}{peer['name'].title()}\nHourly rate$20.00$10.00\n"
    else:
        lines = _profile_frame(page)
        if case["frame"] == "peer":
            lines.append(f"Compare different {page['plural']}")
            lines.append(f"{_sentence_case(page['name'])} vs. {_sentence_case(peer['name'])}")
            lines.append(f"{_sentence_case(peer['plural'])} do other work, and do it well.")
        head, tail = "\n".join(lines) + "\n", "\n"
    return head + text + tail, len(head), len(head) + len(text)


def _parsed(case: Case) -> tuple[Page, list[Fact], list[str]]:
    """The case's page, the facts that were read from its text, and what of it was left unparsed."""
    text, start, end = _framed(case)
    page = adapters.parse_text(text)
    # A role's names may be evidenced anywhere on the page.
    facts = [fact for fact in page.facts if start <= fact.start < end and fact.table != "roles"]
    return page, facts, [text[left.start : left.end] for left in page.unparsed if start <= left.start < end]


@pytest.mark.parametrize("case", _params(SENTENCES["case"]))
def test_answer_fits_its_sentence(case: Case) -> None:
    role_ids = {key: role["id"] for key, role in _roles(case).items()}
    for section in ("facts", "optional"):
        for fact in facts_of(case.get(section, {}), role_ids):
            assert any(words in case["text"] for words in fact.raws or (fact.text or "",)), fact


@pytest.mark.parametrize("case", _params(SENTENCES["case"]))
def test_sentence(case: Case) -> None:
    role_ids = {key: role["id"] for key, role in _roles(case).items()}
    page, facts, _ = _parsed(case)
    for field in case.get("open", ()):
        assert [fact for fact in facts if fact.field == field and not fact.readings] == []
        facts = [fact for fact in facts if fact.field != field]
    expected, optional = (list(facts_of(case.get(section, {}), role_ids)) for section in ("facts", "optional"))
    missing, extra = differences(expected, optional, facts, page.text)
    report = [f"missing {describe(fact, page.text)}" for fact in missing]
    report += [f"extra   {describe(fact, page.text)}" for fact in extra]
    assert report == []


@pytest.mark.parametrize("case", _params([case for case in SENTENCES["case"] if "open" not in case]))
def test_sentence_is_understood_or_kept(case: Case) -> None:
    """A known wording leaves nothing unparsed; an unknown one is there word for word."""
    _, _, unparsed = _parsed(case)
    assert unparsed == ([case["text"]] if case.get("unparsed") else [])


_FIGURE = re.compile(r"\$?[0-9][0-9.,]*%?")


@pytest.mark.parametrize(
    ("frame", "text"),
    [(case["frame"], case.get("known", "") + text) for case in UNLIKE for text in case["texts"]],
    ids=lambda value: value,
)
def test_sentence_that_says_something_else(frame: str, text: str) -> None:
    page, start, end = _framed({"frame": frame, "text": text})
    parsed = adapters.parse_text(page)
    said = [fact for fact in parsed.facts if start <= fact.start < end and fact.field not in {"name", "name_plural"}]
    assert [describe(fact, page) for fact in said] == []
    left = " ".join(page[row.start : row.end] for row in parsed.unparsed if start <= row.start < end)
    assert set(_FIGURE.findall(text)) <= set(_FIGURE.findall(left))


# --- drawn and broken lines


@pytest.mark.parametrize("case", _params(LINES))
def test_drawn_and_broken_lines(case: Case) -> None:
    page = parse_text(case["text"])
    said = {(fact.role_id, fact.field, _words(page, fact.start, fact.end)) for fact in page.facts if not fact.readings}
    assert {tuple(fact) for fact in case["facts"]} <= said
    open_cells = {(fact.role_id, fact.field): fact.readings for fact in page.facts if fact.readings}
    for role, field, truth in case["open"]:
        readings = open_cells[role, field]
        assert truth in [_words(page, reading.start, reading.end) for reading in readings]
    assert page.text_form == case.get("form", page.text_form)


# --- lists of a profile page


@pytest.mark.parametrize("case", _params(LISTS))
def test_lists_of_a_profile_page(case: Case) -> None:
    lines = [
        "What does a collector do?",
        "Collectors ask for money that is owed.",
        "Collector responsibilities",
        "Here are examples of responsibilities from real collector resumes:",
        *case["duties"],
        "Collector skills and personality traits",
        "We break down the percentage of Collectors that have these skills listed on their resume here:",
        *case["skills"],
        *case["below"],
    ]
    page = parse_text("\n".join(lines))
    says = [
        [
            fact.field,
            fact.text,
            -1 if fact.value is None else fact.value,
            page.text[slice(*fact.example)] if fact.example else "",
        ]
        for fact in page.facts
        if fact.table in {"responsibilities", "skills"}
    ]
    assert says == case["says"]
    assert [page.text[left.start : left.end] for left in page.unparsed] == case["unparsed"]


# --- cells kept apart


@pytest.mark.parametrize("parted", ["| {} | {} | {} |", "{}\t\t{}\t\t{}"], ids=["bars", "tabs"])
@pytest.mark.parametrize("case", _params(CELLS))
def test_cells_kept_apart(case: Case, parted: str) -> None:
    rows = [
        ["", "Collector", "Usher"],
        ["Yearly salary", "$34,872", "$31,000"],
        case["row"],
        ["Average age", "46", "38"],
    ]
    page = parse_text("\n\n".join(["Collector vs usher", "\n".join(parted.format(*row) for row in rows)]))
    metric = next(iter({fact.field for fact in page.facts if fact.table == "metrics"} - {"salary_yearly", "age"}), "")
    says = {
        fact.role_id: fact.text or (False if fact.value is None else fact.value)
        for fact in page.facts
        if fact.field == metric
    }
    assert [says.get(role, "") for role in ("collector", "usher")] == case["says"]
    left = [cell for cell, said in zip(case["row"][1:], case["says"], strict=True) if said == ""]
    assert [page.text[row.start : row.end] for row in page.unparsed] == left


def _words(page: Page, start: int, end: int) -> str:
    return " ".join(page.text[start:end].split())
