"""The first part of the report: what a run did and what is worth a look, readable without any script."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from pipeline.errors import REASONS
from pipeline.report.markup import Markup, element, join
from pipeline.report.statistics import count_documents, count_facts

Statistics = Mapping[str, Any]


def table(headings: Sequence[str], rows: Sequence[Sequence[object]], *, numbers: Collection[int] = ()) -> Markup:
    """A table; the columns in `numbers` are set right. It scrolls by itself where the window is narrow."""

    def cells(kind: str, row: Sequence[object]) -> Markup:
        return join(*(element(kind, cell, class_="number" if at in numbers else None) for at, cell in enumerate(row)))

    head = element("thead", element("tr", cells("th", headings)))
    body = element("tbody", *(element("tr", cells("td", row)) for row in rows))
    return element("div", element("table", head, body), class_="scroll", tabindex="0")


def headline(statistics: Statistics, previous: Statistics | None) -> Markup:
    """The numbers of the run, each with its change since the run before."""
    run = statistics["run"]
    before = _numbers(previous) if previous else {}
    shown = [
        _tile(label, f"{number:,}", _change(number, before.get(label)))
        for label, number in _numbers(statistics).items()
    ]
    if run.get("seconds"):
        rate = statistics["rows"]["documents"] / run["seconds"]
        decimals = 0 if rate >= 10 else 1
        shown.append(_tile("seconds", f"{run['seconds']:,.1f}", f"{rate:,.{decimals}f} documents a second"))
        shown.append(_tile("peak memory", f"{run['peak_mib']:,.0f} MiB", "of the largest process"))
    return element("dl", *shown, class_="tiles")


def _numbers(statistics: Statistics) -> dict[str, int]:
    counts = statistics["rows"]
    return {
        "documents": counts["documents"],
        "in quarantine": count_documents(statistics, "quarantined"),
        "roles": counts["roles"],
        "facts": counts["observations"],
        "open cells": count_facts(statistics, "ambiguous"),
        "unparsed lines": statistics["lines"]["unparsed"],
        "failed checks": statistics["failures"],
    }


def _tile(label: str, value: str, note: str) -> Markup:
    return element("div", element("dt", label), element("dd", value, element("small", note) if note else ""))


def _change(now: int, before: int | None) -> str:
    if before is None:
        return ""
    return "as before" if now == before else f"{now - before:+,} since the run before"


def documents(statistics: Statistics) -> Markup:
    """Documents by status and text form, and facts by method, side by side."""
    by_form = table(
        ("status", "page", "text form", "documents"),
        [(row["status"], row["page_kind"], row["text_form"], _n(row["documents"])) for row in statistics["documents"]],
        numbers=(3,),
    )
    methods = ("stated", "resolved", "derived", "ambiguous")
    found: dict[str, dict[str, int]] = {}
    for row in statistics["facts"]:
        found.setdefault(row["table"], {})[row["method"]] = row["facts"]
    by_method = table(
        ("table", "stated", "resolved", "derived", "open"),
        [(name, *(_n(counts.get(method, 0)) for method in methods)) for name, counts in found.items()],
        numbers=(1, 2, 3, 4),
    )
    lines = statistics["lines"]
    balance = (
        f"{lines['extracted']:,} lines hold facts, {lines['boilerplate']:,} are known boilerplate, "
        f"{lines['unparsed']:,} are unparsed."
    )
    return element(
        "section",
        element("h2", "What came in, what came out"),
        element(
            "div",
            element("div", element("h3", "Documents"), by_form, element("p", balance)),
            element("div", element("h3", "Facts by method"), by_method, _METHODS),
            class_="columns",
        ),
        id="documents",
    )


_METHODS = element(
    "p",
    "stated: the page admits one reading. resolved: several, settled by other evidence. derived: computed from other facts. "
    "open: several, and nothing to choose by: the cell stays empty.",
    class_="note",
)


class Links:
    """Links to the evidence of the run: a page for the documents that have one, the command to type for the others."""

    def __init__(self, packed: Collection[str]) -> None:
        self._packed = set(packed)

    def to(self, document_id: str, label: object, place: str = "") -> Markup:
        """A link to a document; `place` is `-NUMBER` of a fact or `:START` in the text."""
        if document_id in self._packed:
            return element("a", label, href=f"evidence.html#{document_id}{place}")
        command = f"rolepages show {document_id[:12]}"
        return element("span", label, class_="command", role="button", tabindex="0", data_command=command)


def open_cells(statistics: Statistics, links: Links) -> Markup:
    """Cells with several readings and nothing to choose by."""
    total = count_facts(statistics, "ambiguous")
    shown = [
        (
            row["role_id"],
            f"{row['field']} {row['category']}".strip(),
            links.to(
                row["document_id"], element("q", _cut(row["raw"])), "-" + row["observation_id"].rpartition("-")[2]
            ),
            " / ".join(row["readings"]) + (" / ..." if row["reading_count"] > len(row["readings"]) else ""),
        )
        for row in statistics["open"]
    ]
    listed = table(("role", "metric", "the page's characters", "readings"), shown) if shown else ""
    return _attention("open", "Open cells", total, len(shown), listed, "Every cell has one reading.")


def unparsed(statistics: Statistics, links: Links) -> Markup:
    """Unparsed lines by their skeleton."""
    shown = [
        (
            _n(row["lines"]),
            element("code", _cut(row["skeleton"]), class_="skeleton"),
            links.to(example["document_id"], _cut(example["text"], 90), f":{example['start']}"),
            example["reason"],
        )
        for row in statistics["unparsed"]
        for example in [row["example"]]
    ]
    listed = table(("lines", "wording", "an example", "why"), shown, numbers=(0,)) if shown else ""
    heading = "Unparsed lines by wording"
    return _attention("unparsed", heading, statistics["skeletons"], len(shown), listed, "Every line is accounted for.")


def checks(statistics: Statistics, links: Links) -> Markup:
    """Consistency rules that failed."""
    rules = [
        element(
            "li", element("b", row["rule"]), f" ({row['failures']:,}, {row['roles']:,} roles): {row['explanation']}"
        )
        for row in statistics["rules"]
    ]
    shown = [
        (
            row["rule"],
            row["role_id"],
            f"{row['metric']} {row['category']}".strip(),
            row["expected"],
            row["found"],
            _places(row, links),
        )
        for row in statistics["checks"]
    ]
    listed = table(("rule", "role", "metric", "expected", "found", "documents"), shown) if shown else ""
    content = join(element("ul", *rules), listed)
    total = statistics["failures"]
    return _attention("checks", "Checks that failed", total, len(shown), content, "Every check passed.")


def _places(row: Mapping[str, Any], links: Links) -> Markup:
    """The documents that fail a check; none where only the merged tables do."""
    shown = [links.to(key, f"{key[:8]} ") for key in row["document_ids"] if key]
    more = row["documents"] - len(shown)
    return join(*shown, f"and {more:,} more" if more > 0 else "", "" if shown else "taken together")


def quarantine(statistics: Statistics, links: Links) -> Markup:
    """Documents that were not parsed."""
    codes = [
        element("li", element("b", row["code"]), f" ({row['documents']:,}): {REASONS.get(row['code'], row['code'])}")
        for row in statistics["reasons"]
    ]
    shown = [(links.to(row["document_id"], row["source"]), row["reason"]) for row in statistics["quarantined"]]
    listed = table(("document", "reason"), shown) if shown else ""
    total = count_documents(statistics, "quarantined")
    content = join(element("ul", *codes), listed)
    return _attention("quarantine", "Quarantine", total, len(shown), content, "Every document was parsed or is a copy.")


def _attention(name: str, heading: str, total: int, listed: int, content: object, fine: str) -> Markup:
    """A list of what is worth a look: folded where there is little room, closed with a clear word where it is empty."""
    if not total:
        return element("p", element("b", f"{heading}: "), "none. ", fine, class_="fine", id=name)
    more = f" The first {listed:,} are listed." if listed < total else ""
    summary = element("summary", element("h3", heading), element("span", f"{total:,}", class_="count"))
    return element("details", summary, element("p", more) if more else "", content, open=total <= 12, id=name)


def fill(statistics: Statistics, previous: Statistics | None) -> Markup:
    """How many roles have each metric, and how that changed."""
    before = {row["metric"]: row["rate"] for row in previous["fill"]} if previous else {}
    shown = [
        (
            row["metric"],
            _bar(row["rate"]),
            f"{row['rate']:.1%}",
            *([_points(row["rate"], before.get(row["metric"]))] if previous else []),
            *(_n(row[name]) for name in ("stated", "resolved", "derived", "flagged", "open")),
        )
        for row in statistics["fill"]
    ]
    change = ["change"] if previous else []
    headings = ("metric", "", "roles", *change, "stated", "resolved", "derived", "flagged", "open")
    return element(
        "section",
        element("h2", "How full the tables are"),
        element(
            "p",
            f"Share of the {statistics['rows']['roles']:,} roles that have a value"
            + (", and its change since the run before in percentage points" if previous else "")
            + "; then values by method, values that fail a check, and open cells.",
        ),
        table(headings, shown, numbers=range(2, len(headings))),
        id="fill",
    )


def _bar(rate: float) -> Markup:
    return Markup(f'<div class="bar"><div style="width:{rate:.1%}"></div></div>')


def _points(now: float, before: float | None) -> Markup | str:
    if before is None:
        return Markup('<span class="none">new</span>')
    change = round((now - before) * 100, 1)
    if not change:
        return Markup('<span class="none">0</span>')
    return element("span", f"{change:+.1f}", class_="up" if change > 0 else "down")


def _n(number: int) -> Markup | str:
    return f"{number:,}" if number else Markup('<span class="none">0</span>')


def _cut(text: str, length: int = 160) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
