"""The tools that make text of HTML: what they print must give what the HTML gives, as far as the text still holds it.

Each tool has a list of what its text no longer tells, and why; all else must be the same, and no fact may be wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from random import Random
from typing import NamedTuple

import pytest

from benchmarks.pagegen import ProfileOptions, World, comparison_page, html, profile_page
from benchmarks.pagegen.check import key
from pipeline import parse_html, parse_text

KINDS = ("comparison", "profile")
SEEDS = (11, 12, 13)

LABELS_DROPPED = {"comparison": {"listed"}}
"""The line above a list of skills is a `<div>`, which the tool drops: whose skills they are is gone."""
COUNTS_GLUED = {"profile": {"hiring_company_jobs"}}
"""A company and its count are run together: "Legrand12 ushers jobs" is 12 jobs, or 2 at Legrand1."""
ONE_LINE = {
    # Nothing tells where one item, paragraph or name ends and the next begins.
    "comparison": {
        "responsibility", "best_paying_company", "best_paying_industry", "most_common_major", "most_common_college",
        "highest_paying_city", "job_count", "experience_years",
    },
    "profile": {"responsibility", "listed", "hiring_company_jobs", "description", "name", "name_plural"},
}  # fmt: skip


class Tool(NamedTuple):
    """A tool with its settings; `lost`: the fields, by kind of page, that its text may leave open or no longer tell."""

    text: Callable[[str], str]
    lost: dict[str, set[str]]


def trafilatura(page: str, **settings) -> str:
    from trafilatura import extract

    return extract(page, **settings) or ""


def resiliparse(page: str, **settings) -> str:
    from resiliparse.extract.html2text import extract_plain_text

    return extract_plain_text(page, **settings)


def html2text(page: str, **settings) -> str:
    from html2text import HTML2Text

    tool = HTML2Text()
    for name, value in settings.items():
        setattr(tool, name, value)
    return tool.handle(page)


def markdownify(page: str, **settings) -> str:
    from markdownify import markdownify

    return markdownify(page, **settings)


def inscriptis(page: str) -> str:
    from inscriptis import get_text

    return get_text(page)


def beautiful_soup(page: str, *settings, **more) -> str:
    from bs4 import BeautifulSoup

    return BeautifulSoup(page, "lxml").get_text(*settings, **more)


def selectolax(page: str, **settings) -> str:
    from selectolax.lexbor import LexborHTMLParser

    return LexborHTMLParser(page).body.text(**settings)


TOOLS = {
    "trafilatura": Tool(trafilatura, LABELS_DROPPED | COUNTS_GLUED),
    "trafilatura, Markdown": Tool(
        lambda page: trafilatura(page, output_format="markdown"), LABELS_DROPPED | COUNTS_GLUED
    ),
    "trafilatura, XML": Tool(lambda page: trafilatura(page, output_format="xml"), LABELS_DROPPED | COUNTS_GLUED),
    "resiliparse": Tool(resiliparse, {}),
    "resiliparse, main content": Tool(lambda page: resiliparse(page, main_content=True), {}),
    "resiliparse, no bullets": Tool(lambda page: resiliparse(page, main_content=True, list_bullets=False), {}),
    "html2text": Tool(html2text, {}),
    "html2text, one line a paragraph": Tool(lambda page: html2text(page, ignore_links=True, body_width=0), {}),
    "markdownify": Tool(markdownify, {}),
    "markdownify, headings with #": Tool(lambda page: markdownify(page, heading_style="ATX", bullets="-"), {}),
    "inscriptis": Tool(inscriptis, {}),
    "bs4": Tool(beautiful_soup, ONE_LINE),
    "bs4, spaces": Tool(lambda page: beautiful_soup(page, " ", strip=True), ONE_LINE),
    "bs4, lines": Tool(lambda page: beautiful_soup(page, "\n", strip=True), {}),
    "bs4, lines as they are": Tool(lambda page: beautiful_soup(page, "\n"), {}),
    "bs4, bars": Tool(lambda page: beautiful_soup(page, "|", strip=True), {}),
    "selectolax": Tool(selectolax, ONE_LINE),
    "selectolax, lines": Tool(lambda page: selectolax(page, separator="\n", strip=True), {}),
}


@cache
def pages(kind: str) -> list[str]:
    """Pages about roles with figures of their own."""
    found = []
    for seed in SEEDS:
        first, second, *more = World(seed=seed, size=5).roles
        page = comparison_page(first, second)
        if kind == "profile":
            page = profile_page(first, (second, *more), ProfileOptions.random(Random(seed)))
        found.append(html(page))
    return found


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", TOOLS)
def test_text_gives_what_the_html_gives(name: str, kind: str) -> None:
    tool = TOOLS[name]
    for page in pages(kind):
        from_html, text = parse_html(page), tool.text(page)
        from_text = parse_text(text)
        told = {key(fact): from_html.text[fact.start : fact.end] for fact in from_html.facts if not fact.readings}
        found = {key(fact) for fact in from_text.facts if not fact.readings}
        wrong = [one for one in found if one not in told]
        # Trafilatura takes a cell that reads "LinkedIn" for a button to share the page.
        words = " ".join(text.split())
        missing = [one for one, raw in told.items() if one not in found and " ".join(raw.split()) in words]
        missing = [one for one in missing if one[2] not in tool.lost.get(kind, ())]
        assert from_text.page_kind == from_html.page_kind == kind
        assert not wrong, f"{wrong}\n{text}"
        assert not missing, f"{missing}\n{text}"
        assert from_text.updated_on == from_html.updated_on
        needless = {fact.field for fact in from_text.facts if fact.readings} - tool.lost.get(kind, set()) - {"top"}
        assert not needless, needless
