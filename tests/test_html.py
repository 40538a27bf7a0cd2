"""HTML: what markup says as text and rows, what no reader sees, encodings, and pages made up at random."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.pagegen import (
    FORMS,
    ProfileOptions,
    World,
    comparison_page,
    expected,
    html,
    left_over,
    mismatches,
    profile_page,
)
from pipeline import parse_html
from pipeline.cli.main import main
from pipeline.decode import open_record
from pipeline.model import Document, Problem, Record

CASES = Path(__file__).parent / "fixtures" / "html"
HTML_FORMS = tuple(name for name in FORMS if name.startswith("html"))


def cases(name: str) -> list:
    data = tomllib.loads((CASES / f"{name}.toml").read_text("utf-8"))
    return [pytest.param(case, id=case["id"]) for case in data["case"]]


def opened(data: bytes | str, **known) -> Document:
    document = open_record(Record("page.html", data.encode() if isinstance(data, str) else data, "html", **known))
    assert isinstance(document, Document), document
    return document


def cells(document: Document) -> list[list[str]]:
    return [
        [document.text[start:end] for start, end in block.cells]
        for block in document.shape.blocks
        if block.kind == "row" and len(block.cells) > 1
    ]


# --- markup --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", cases("pages"))
def test_canonical_text(case) -> None:
    document = opened(case["html"])
    assert document.text == case["text"]
    assert cells(document) == case.get("rows", cells(document))
    check_blocks(document)


def check_blocks(document: Document) -> None:
    """Blocks cover every line that is not blank, once, in order."""
    lines = {number for number, line in enumerate(document.text.split("\n"), 1) if line.strip()}
    blocks = document.shape.blocks
    assert sorted(block.line for block in blocks) == sorted(lines)
    for block in blocks:
        assert document.text.count("\n", 0, block.start) + 1 == block.line
        said = document.text[block.start : block.end]
        assert said == said.strip() != ""
        assert "\n" not in said


@pytest.mark.parametrize("html", tomllib.loads((CASES / "hidden.toml").read_text("utf-8"))["html"])
@pytest.mark.parametrize("place", ["head", "body", "cell"])
def test_hidden_text_is_not_there(html, place) -> None:
    page = {
        "head": f"<html><head>{html}</head><body><p>seen</p>",
        "body": f"<!doctype html><body><div>{html}<p>seen</p>",
        "cell": f"<table><tr><td>{html}</td><td><p>seen</p></td></tr></table>",
    }[place]
    if place == "head" and html.startswith(
        ("<div", "<p", "<table", "<select", "<object", "<svg", "<iframe", "<textarea", "<img")
    ):
        pytest.skip("such an element in the head begins the body")
    assert opened(page).text.strip() == "seen"


def test_page_around_a_noscript_in_the_head() -> None:
    page = "<head><noscript><p>Average salary $11,111</p></noscript><title>t</title></head><body><p>seen</p><noscript>x</noscript>"
    assert opened(page).text == "seen"


# --- encodings, address, date --------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", cases("charsets"))
def test_encoding(case) -> None:
    text = case.get("text", "café – “crème brûlée”")
    data = (case["before"] + text + "</p>").encode(case["codec"])
    document = opened(data, charset=case.get("header"))
    assert document.text.split("\n")[-1] == text
    assert document.encoding == case["encoding"]


def test_one_broken_byte_does_not_change_the_encoding() -> None:
    document = opened("<meta charset=utf-8><p>naïve café".encode() + b" isn\x92t</p>")
    assert (document.text, document.encoding) == ("naïve café isn’t", "mixed")


@pytest.mark.parametrize(
    ("head", "url"),
    [
        ('<link rel="canonical" href="https://careers.example/x/">', "https://careers.example/x/"),
        ('<LINK HREF=" http://a.example/?a=1&amp;b " REL="alternate Canonical">', "http://a.example/?a=1&b"),
        ('<link rel="canonical" href="/x/">', None),
        ('<link rel="canonical" href="javascript:alert(1)">', None),
        ('<link rel="stylesheet" href="https://careers.example/x.css">', None),
    ],
)
def test_canonical_address(head, url) -> None:
    assert opened(head + "<p>x").url == url
    assert opened(head + "<p>x", url="https://given.example/").url == "https://given.example/"


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ('<meta property="article:modified_time" content="2025-01-08T10:00:00+00:00">', date(2025, 1, 8)),
        ('<meta http-equiv="Last-Modified" content="Wed, 08 Jan 2025 10:00:00 GMT">', date(2025, 1, 8)),
        ('<meta itemprop="dateModified" content="soon">', None),
        ('<meta name="date" content="2025-01-08">', None),
    ],
)
def test_date_of_last_change(head, day) -> None:
    assert opened(head + "<p>x").updated_on == day


@pytest.mark.parametrize(
    "start", ["<!DOCTYPE html>", "<html>", "\n<!-- saved from url=(0014)about:internet -->\n<HTML>"]
)
def test_html_by_its_beginning(start) -> None:
    document = open_record(Record("page.txt", f"{start}<p>a</p><p>b</p>".encode()))
    assert document.text == "a\nb"


def test_text_is_not_html_because_it_holds_tags() -> None:
    text = "Collector vs usher\n\nThe <b> tag and an <html> tag."
    assert open_record(Record("page.txt", text.encode())).text == text


# --- pages that are none -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "code"),
    [
        ("<p>before</p><!-- <p>behind</p>", "html_unclosed"),
        ("<p>before</p><script>var a = 1; <p>behind</p>", "html_unclosed"),
        ("<p>before</p><style><p>behind</p>", "html_unclosed"),
        ("<p>before</p><textarea><p>behind</p>", "html_unclosed"),
        ("<p>before</p><select><option>1<p>behind</p>", "html_unclosed"),
        ("<title><p>behind</p>", "html_unclosed"),
        ('<p>before</p><a href="x><p>behind</p>', "html_unclosed"),
        ("<p>before<plaintext><p>behind</p>", "html_unclosed"),
        ("<html><head></head><body><script>x</script></body></html>", "no_content"),
        ("<frameset><frame src=x></frameset>", "html_unclosed"),
        ("<!-- nothing -->", "no_content"),
        ("<div>" * 60_000 + "x", "html_too_deep"),
        ("<p " + " ".join(f"a{number}=1" for number in range(40_000)) + ">x", "too_large"),
    ],
)
def test_quarantine(html, code) -> None:
    problem = open_record(Record("page.html", html.encode(), "html"))
    assert isinstance(problem, Problem)
    assert problem.code == code
    assert parse_html(html).problem == problem


@pytest.mark.parametrize(
    "html", ["<div>" * 3_000 + "x", "<ul><li>" * 3_000 + "x", "<table><tr><td>" * 2_000 + "x", "<b>" * 5_000 + "x"]
)
def test_deep_pages_are_read(html) -> None:
    assert opened(html).text.endswith("x")


# --- pages made up at random ---------------------------------------------------------------------------------------


def check(page, form: str) -> None:
    rendered = FORMS[form].render(page)
    parsed = parse_html(rendered)
    problems = [*mismatches(parsed, expected(page, FORMS[form])), *left_over(parsed)]
    problems += [
        f"open: {fact.field} of {fact.role_id}" for fact in parsed.facts if fact.readings and fact.table == "metrics"
    ]
    if problems:
        pytest.fail("\n".join([*problems[:20], "", parsed.text]), pytrace=False)


@pytest.mark.parametrize("form", HTML_FORMS)
@settings(max_examples=15)
@given(seed=st.integers(0, 10_000))
def test_generated_pages_give_every_fact_and_nothing_open(form, seed) -> None:
    first, second, *peers = World(seed=seed, size=6).roles
    check(comparison_page(first, second), form)
    check(profile_page(first, tuple(peers), ProfileOptions.random(Random(seed))), form)


def test_evidence_is_what_rolepages_text_prints(tmp_path, capsys) -> None:
    first, second = World(seed=5, size=2).roles
    (tmp_path / "page.html").write_text(
        html(comparison_page(first, second), is_indented=True, has_hidden=True), "utf-8"
    )
    assert main(["text", "page.html", "--raw", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    page = parse_html((tmp_path / "page.html").read_bytes())
    assert printed == page.text + "\n"
    facts = [fact for fact in page.facts if fact.table == "metrics" and fact.unit in ("USD/year", "USD/hour", "jobs")]
    facts = [fact for fact in facts if fact.value is not None]
    assert facts
    for fact in facts:
        assert f"{abs(fact.value):.10g}" in printed[fact.start : fact.end].replace(",", "")
