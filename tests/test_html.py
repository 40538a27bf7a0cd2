"""HTML: what markup says as text and rows, what no reader sees, encodings, and pages made up at random."""

from __future__ import annotations

import re
import time
import tomllib
from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

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
from pipeline.html.code import without_code
from pipeline.model import Document, Page, Problem, Record
from pipeline.text import fold

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


FORM_PAGES = CASES.parent / "forms"


def stated(page: Page) -> set[tuple]:
    """What the page's facts say, wherever they stand."""
    assert not any(fact.readings for fact in page.facts)
    return {
        (fact.table, fact.role_id, fact.field, fact.category, fact.other_role_id, fact.value, fold(fact.text or ""))
        for fact in page.facts
    }


def remarked(page: str, case: dict) -> str:
    start = page.index("<main")
    main = page[start : page.index("</main>")]
    finds, replacements = ([value] if isinstance(value, str) else value for value in (case["find"], case["replace"]))
    changed = main
    for find, replacement in zip(finds, replacements, strict=True):
        changed, count = re.subn(find, replacement, changed, flags=re.DOTALL)
        assert count, find
    return page.replace(main, changed)


@pytest.mark.parametrize("case", cases("remarked"))
def test_facts_of_a_page_marked_up_otherwise(case) -> None:
    page = (FORM_PAGES / f"page.{case.get('page', 'comparison')}.html").read_text("utf-8")
    facts, found = stated(parse_html(page)), stated(parse_html(remarked(page, case)))
    assert found - facts == set()
    assert {fact[2] for fact in facts - found} == set(case.get("lost", []))


HIDDEN = tomllib.loads((CASES / "hidden.toml").read_text("utf-8"))["html"]
NOT_IN_HEAD = ("<div", "<p", "<table", "<select", "<object", "<svg", "<iframe", "<textarea", "<img")
"""Such an element in the head begins the body."""


@pytest.mark.parametrize(
    ("place", "html"),
    [
        (place, html)
        for html in HIDDEN
        for place in ("head", "body", "cell")
        if place != "head" or not html.startswith(NOT_IN_HEAD)
    ],
)
def test_hidden_text_is_not_there(place, html) -> None:
    page = {
        "head": f"<html><head>{html}</head><body><p>seen</p>",
        "body": f"<!doctype html><body><div>{html}<p>seen</p>",
        "cell": f"<table><tr><td>{html}</td><td><p>seen</p></td></tr></table>",
    }[place]
    assert opened(page).text.strip() == "seen"


def test_page_around_a_noscript_in_the_head() -> None:
    page = "<head><noscript><p>Average salary $11,111</p></noscript><title>t</title></head><body><p>seen</p><noscript>x</noscript>"
    assert opened(page).text == "seen"


in_heads = st.sampled_from([
    "<!doctype html>", "<html>", "<head>", "</head>", "<meta charset=utf-8>", '<meta a="b>">', '<meta a=b" c="d>', "<link rel='x' href=y />",
    "<title>t</title>", "<title>t<b></title>", "<script>", "<script async src='x'>", "</script>", "</script >", "</script x>",
    "<script/>", "<script>a<b</script>", '<script>"<!-- ";</script>', "<script><!-- <script> </script> --></script>",
    '<script>"</style>"</script>', "<SCRIPT>{}</SCRIPT>", "<style>", "</style>", "<style>a{b:c}</style>", "<style>a<!-- </style>",
    "<style><script></style>", "<noscript>", "</noscript>", "<template>", "</template>", "<!-- c -->", "<!-->", "<!--->", "<!-- a--b -->",
    "<!-- x --!> y -->", "<!--[if IE]> <p>x</p> <![endif]-->", " ", "\n", "\x0b", "\xa0", "x", "<", ">", '"', "<body>", "<p>", "<svg>",
    "<frameset>", "<textarea>",
])  # fmt: skip


@settings(max_examples=400)
@given(parts=st.lists(in_heads, max_size=12))
def test_scripts_left_out_of_the_head_change_nothing_else(parts) -> None:
    page = ("".join(parts) + "<p>end</p>").encode()
    whole, cut = LexborHTMLParser(page), LexborHTMLParser(without_code(page))
    assert [node.html for node in (whole.body, whole.css_first("title")) if node] == [
        node.html for node in (cut.body, cut.css_first("title")) if node
    ]


def test_scripts_of_a_plain_head_are_left_out() -> None:
    code = "<script>if (a<b) {}</script><STYLE media='print'>p{}</STYLE >"
    page = f"<!doctype html><html lang=en><head><meta charset=utf-8><!-- x -->{code}<title>t</title>{code}<link rel=x></head><p>y"
    assert without_code(page.encode()) == page.replace(code, "").encode()


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


def test_a_cell_that_the_page_broke_in_two_is_one_where_only_one_reading_is_legal() -> None:
    rows = "<tr><td>Gender ratio</td><td>Male,</td><td>40% Female, 60%</td><td>Male, 1% Female, 99%</td></tr><tr><td>Average age</td><td>41</td><td>42</td></tr>"
    page = parse_html(f"<h1>Collector vs usher</h1><table>{rows}</table>")
    found = [(fact.role_id, fact.category, fact.value) for fact in page.facts if fact.field == "gender_share"]
    assert found == [
        ("collector", "Male", 40.0),
        ("collector", "Female", 60.0),
        ("usher", "Male", 1.0),
        ("usher", "Female", 99.0),
    ]


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


# --- pages that nobody wrote in good faith -------------------------------------------------------------------------

ROW = "<tr><td>Number of jobs</td><td>24,817</td><td>23,948</td></tr>"
HOSTILE = {
    # each makes a page of about so many bytes
    "one line of text": lambda size: "<h1>Usher vs baker</h1><p>" + "words and more " * (size // 15),
    "rows": lambda size: "<h1>Usher vs baker</h1><table>" + ROW * (size // len(ROW)),
    "rows one by one": lambda size: "<h1>Usher vs baker</h1>" + f"<table>{ROW}</table>" * (size // (len(ROW) + 15)),
    "cells": lambda size: "<h1>Usher vs baker</h1><table><tr>" + "<td>1" * (size // 5),
    "wide cells": lambda size: "<table>" + "<tr><td colspan=1000 rowspan=65534>Average age" * (size // 46),
    "tables in tables": lambda size: "<table><tr><td>x" * min(size // 16, 900) + "<p>x</p>" * (size // 16),
    "boxes": lambda size: "<div>Average age</div><div>41</div>" * (size // 35),
    "boxes of labels": lambda size: "<div>" * 500 + "<p>Average age</p>" * (size // 18),
    "inline elements": lambda size: "<p>" + "<b>Average age</b><i>41</i>" * (size // 27),
    "struck out in struck out": lambda size: "<p>" + "<s>x" * (size // 4),
    "raised in raised": lambda size: "<p>" + "a<sup><i>1" * (size // 10),
    "pictographs": lambda size: "<h1>" + "\U0001f9fe" * (size // 4),
    "nested inline elements": lambda size: "<p>" + "<font size=1><b>x" * (size // 17),
    "empty elements": lambda size: "<div></div>" * (size // 11),
    "items": lambda size: "<ul>" + "<li><a href=x>a</a>" * (size // 19),
    "menus": lambda size: "<nav><a>x</a></nav>" * (size // 19),
    "dialogs": lambda size: "<div role=dialog>x</div>" * (size // 24),
    "hidden": lambda size: "<p hidden>x</p>" * (size // 15),
    "attributes": lambda size: "<p " + "a=1 " * (size // 4) + ">x",
    "comments": lambda size: "<!--x-->" * (size // 8) + "y",
    "openings of comments": lambda size: "<!--" * (size // 4),
    "openings of tags": lambda size: "<a <" * (size // 4),
    "closings": lambda size: "</p></b>" * (size // 8) + "x",
    "references": lambda size: "<p>" + "&amp;&nosuch;&#x1F600;" * (size // 22),
    "NULs": lambda size: "<p>" + "1\0" * (size // 2),
    "noscripts in the head": lambda size: "<head>" + "<noscript><p>" * (size // 13),
    "scripts in the head": lambda size: "<head>" + "<script>a<b</script>" * (size // 20) + "<p>y",
    "signs in a script": lambda size: "<head><script>" + "a<b " * (size // 4) + "</script><p>y",
    "an open script in the head": lambda size: "<head>" + "<meta a=b><!-- - -><script>" * (size // 26) + "<p>y",
    "scripts": lambda size: "<script>x</script>" * (size // 18) + "y",
    "broken bytes": lambda size: b"<meta charset=utf-8><p>" + b"\xe4\xf6 " * (size // 3),
}
SIZES = (20_000, 80_000, 320_000)


def cpu_seconds(page: bytes) -> float:
    start = time.process_time()
    parse_html(page)
    return time.process_time() - start


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_time_is_linear_in_size(make) -> None:
    """Four times the page may take eight times as long: quadratic time would take sixteen."""
    pages = [page.encode() if isinstance(page, str) else page for page in map(make, SIZES)]
    parse_html(pages[0])
    before = cpu_seconds(pages[0])
    for page in pages[1:]:
        now = cpu_seconds(page)
        assert now < max(8 * before, 0.6), f"{len(page):,} bytes took {now:.3f} s, a quarter of them {before:.3f} s"
        before = now


def test_five_megabytes_on_one_line() -> None:
    first, second = World(seed=5, size=2).roles
    page = html(comparison_page(first, second)).replace("</main>", f"</main><p>{'words and more ' * 350_000}</p>")
    start = time.process_time()
    parsed = parse_html(page)
    assert time.process_time() - start < 10
    assert parsed.problem is None
    assert sum(fact.table == "metrics" for fact in parsed.facts) > 40


fragments = st.sampled_from([
    "<table>", "</table>", "<tr>", "<td>", "</td>", "<td colspan=2>", "<th rowspan=0>", "<p>", "</p>", "<div>", "</div>", "<ul>",
    "<li>", "</ul>", "<b>", "</b>", "<a href=x>", "</a>", "<h1>", "<h2>", "</h2>", "<nav>", "</nav>", "<br>", "<pre>", "</pre>",
    "<div hidden>", "<p style='display:none'>", "<div role=dialog>", "<script>", "</script>", "<!--", "-->", "<select>", "<svg>",
    "<main>", "<aside>", "<dl>", "<dt>", "<dd>", "<template>", "</template>", "<noscript>", "</noscript>", "<head>", "<body>",
    "Number of jobs", "24,817", "Average age", "41", "Collector vs usher", "Yearly salary", "$1", " ", "\n", "&nbsp;", "&lt;", "\0",
    "\ufffd", "\u2028", "<", ">", '"', "é", "\ud800",
])  # fmt: skip


@settings(max_examples=200)
@given(page=st.one_of(st.text(max_size=200), st.lists(fragments, max_size=60).map("".join)))
def test_any_html(page) -> None:
    """No exception; blocks cover the canonical text; every line is accounted for; every span holds something."""
    data = page.encode("utf-8", "surrogatepass")
    document = open_record(Record("page.html", data, "html"))
    parsed = parse_html(data)
    if isinstance(document, Problem):
        assert parsed.problem == document
        return
    assert parsed.text == document.text
    if document.shape is not None:
        check_blocks(document)
    unparsed = len({left.line for left in parsed.unparsed})
    lines = sum(bool(line.strip()) for line in parsed.text.split("\n"))
    assert parsed.lines_extracted + parsed.lines_boilerplate + unparsed == lines
    assert all(0 <= fact.start < fact.end <= len(parsed.text) for fact in parsed.facts)
