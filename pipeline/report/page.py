"""report.html: first what a run did, then its roles to search, filter and look at."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Mapping
from typing import Any

import duckdb

from pipeline.report import explorer, sections
from pipeline.report.markup import Markup, data, element, join, page

_FIGURES = (
    ("ranges", "Salary ranges", "Low, average and high pay of a year. Choose a role to see all its values."),
    (
        "pay",
        "Pay and number of jobs",
        "Blue: the number of jobs grows. Orange: it shrinks. Grey: the pages do not say.",
    ),
    ("shared", "Skills in common", "How many of its main skills a role (row) has in common with another (column)."),
)


def report_page(
    connection: duckdb.DuckDBPyConnection,
    statistics: Mapping[str, Any],
    previous: Mapping[str, Any] | None,
    packed: Collection[str],
    out: str = "out",
) -> bytes:
    """The report of the run in `out`. `previous` is the statistics of the run before, `packed` the documents that
    evidence.html shows.
    """
    links = sections.Links(packed)
    roles = explorer.collect(connection)
    body = join(
        _header(statistics),
        element(
            "main",
            sections.headline(statistics, previous),
            sections.documents(statistics),
            element(
                "section",
                element("h2", "Worth a look"),
                sections.open_cells(statistics, links),
                sections.unparsed(statistics, links),
                sections.checks(statistics, links),
                sections.quarantine(statistics, links),
                id="attention",
            ),
            sections.fill(statistics, previous),
            _origins(),
            _explorer(len(roles["roles"]["id"]), statistics["rows"]["roles"]),
        ),
        _footer(statistics),
        element("dialog", id="role", aria_label="One role"),
    )
    blocks = join(
        data("explorer", roles),
        data("packed", list(packed)),
        data("out", shlex.quote(out)),
        data("origins", statistics["fill"]),
    )
    return page("rolepages: report of a run", body, data_blocks=blocks, scripts=("common.js", "plot.js", "report.js"))


def _header(statistics: Mapping[str, Any]) -> Markup:
    run = statistics["run"]
    when = f"made {run['made_at'].replace('T', ' ').replace('+00:00', ' UTC')}" if run["made_at"] else ""
    parts = [f"run {run['run_id']}" if run["run_id"] else "", when, run["software"]]
    places = (("documents", "Documents"), ("attention", "Worth a look"), ("fill", "Fill rates"), ("roles", "Roles"))
    return element(
        "header",
        element("h1", "Report of a run"),
        element("p", " · ".join(filter(None, parts)), class_="note"),
        element("nav", *(element("a", label, href=f"#{place}") for place, label in places), aria_label="Sections"),
    )


def _origins() -> Markup:
    chart = element("div", id="origins-chart", class_="chart")
    caption = "Cells of the metrics table by method, and cells that stay open."
    figure = element("figure", element("h3", "Where the values came from"), chart, element("figcaption", caption))
    return element("section", figure, id="origins")


def _explorer(listed: int, total: int) -> Markup:
    limit = f" The {listed:,} on most pages are here." if listed < total else ""
    filters = element(
        "div",
        Markup('<input type="search" id="search" placeholder="Search roles and fields of work" aria-label="Search">'),
        element("select", id="category", aria_label="Field of work"),
        Markup('<label><input type="checkbox" id="look"> only with open or flagged cells</label>'),
        element("output", id="found", aria_live="polite"),
        class_="filters",
        role="search",
    )
    return element(
        "section",
        element("h2", "Roles"),
        element("p", f"{total:,} roles.{limit} Every value leads to the characters that it was read from."),
        filters,
        element("noscript", "Search, charts and values need JavaScript; it runs what stands in this file only."),
        *(_figure(*texts) for texts in _FIGURES),
        element("div", id="roles-table", class_="scroll", tabindex="0", role="region", aria_label="Roles"),
        element("p", id="more"),
        id="roles",
    )


def _figure(name: str, heading: str, caption: str) -> Markup:
    note = element("span", id=f"{name}-note")
    chart = element("div", id=name, class_="chart")
    return element("figure", element("h3", heading), chart, element("figcaption", caption, " ", note))


def _footer(statistics: Mapping[str, Any]) -> Markup:
    run = statistics["run"]
    rules = f"Rules {run['rules_version']}. " if run["rules_version"] else ""
    return element(
        "footer",
        element(
            "p",
            rules,
            "The numbers of this page are in ",
            element("a", "statistics.json", href="statistics.json"),
            ", the tables beside it. What is underlined with dots has its evidence on request: choose it to see how.",
        ),
    )
