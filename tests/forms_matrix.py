"""Two pages in many text forms: what each text must yield, and the table of it in docs/forms.md.

`python -m tests.forms_matrix` writes the table; a test fails when it differs from the answers in `fixtures/forms/`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.pages import Expected, facts_of

if TYPE_CHECKING:
    from datetime import date

    from pipeline.model import Page

FORMS = Path(__file__).parent / "fixtures" / "forms"
HTML = "the HTML itself"
DOCUMENT = Path(__file__).parent.parent / "docs" / "forms.md"
BEGIN, END = "<!-- matrix -->", "<!-- end of matrix -->"


@dataclass(frozen=True)
class Answers:
    """What one page says, in groups of facts."""

    page_kind: str
    updated_on: date | None
    groups: dict[str, tuple[Expected, ...]]
    optional: tuple[Expected, ...]


@dataclass(frozen=True)
class FormCase:
    """One text of one of the pages."""

    name: str
    data: bytes
    page: Answers
    lost: frozenset[str]
    open: frozenset[str]
    has_plurals: bool

    def __str__(self) -> str:
        return self.name

    @property
    def tool(self) -> str:
        """The tool and its settings."""
        return self.name.rpartition(".")[0]

    @property
    def media(self) -> str:
        """What a reader says of it."""
        return "html" if self.tool == HTML else "text"

    @property
    def parsed(self) -> Page:
        """The text as the pipeline reads it; of HTML, the canonical text."""
        import pipeline

        page: Page = pipeline.parse_html(self.data) if self.tool == HTML else pipeline.parse_text(self.data.decode())
        return page

    @property
    def facts(self) -> tuple[Expected, ...]:
        """The facts that the text states."""
        kept = (group for name, group in self.page.groups.items() if name not in self.lost | self.open)
        return tuple(fact for group in kept for fact in group if self.has_plurals or fact.field != "name_plural")

    @property
    def open_facts(self) -> tuple[Expected, ...]:
        """The facts that the text leaves open."""
        return tuple(fact for name in self.open for fact in self.page.groups[name])


@cache
def answers(page: str) -> Answers:
    """The answers to `comparison` or `profile`."""
    data = tomllib.loads((FORMS / f"{page}.toml").read_text(encoding="utf-8"))
    roles = data["roles"]
    ids = {key: role["id"] for key, role in roles.items()}
    return Answers(
        data["page_kind"],
        data.get("updated_on"),
        {name: tuple(_group(group, roles)) for name, group in data["groups"].items()},
        tuple(facts_of(data.get("optional", {}), ids)),
    )


def _group(group: dict[str, Any], roles: dict[str, dict[str, str]]) -> Iterator[Expected]:
    ids = {key: role["id"] for key, role in roles.items()}
    for fact in facts_of(group | {"cells": [[None, *row] for row in group.get("cells", ())]}, ids):
        # Spreadsheets and pandas take "24,817" for a number and print 24817.
        yield fact._replace(raws=(*fact.raws, *(raw.replace(",", "") for raw in fact.raws if fact.unit == "jobs")))
    for field in group.get("roles", ()):
        for role in roles.values():
            yield Expected("roles", role["id"], field, text=role[field], raws=(role["name"], role[field]))
    for key, text in group.get("descriptions", ()):
        yield Expected("roles", ids[key], "description", text=text, raws=(text,))
    for key, text in group.get("categories", ()):
        yield Expected("roles", ids[key], "job_category", text=text, raws=(text,))


@cache
def form_cases() -> tuple[FormCase, ...]:
    """All texts, by name."""
    lost = tomllib.loads((FORMS / "lost.toml").read_text(encoding="utf-8"))
    cases = []
    # The HTML itself stands above the texts that were made of it.
    for path in [*sorted(FORMS.glob("page.*.html")), *sorted(FORMS.glob("*.txt"))]:
        notes = lost.pop(path.stem, {})
        page = answers(path.stem.rpartition(".")[2])
        name = path.stem.replace("page.", f"{HTML}.") if path.suffix == ".html" else path.stem
        groups = [frozenset(notes.get(key, ())) for key in ("lost", "open")]
        assert groups[0] | groups[1] <= page.groups.keys(), f"lost.toml names an unknown group of {path.name}"
        cases.append(FormCase(name, path.read_bytes(), page, *groups, notes.get("plurals", True)))
    assert not lost, f"lost.toml speaks of texts that are not there: {', '.join(lost)}"
    return tuple(cases)


# --- the table in the docs -----------------------------------------------------------------------------------------


def _rows(cases: Iterable[FormCase], groups: Iterable[str]) -> Iterator[str]:
    columns = list(groups)
    yield f"| text made by | {' | '.join(columns)} |"
    yield f"| --- |{' :-: |' * len(columns)}"
    for case in cases:
        states = ["–" if name in case.lost else "open" if name in case.open else "yes" for name in columns]
        yield f"| {case.tool} | {' | '.join(states)} |"


def matrix() -> str:
    """Forms down, groups of facts across, for both pages."""
    parts = [BEGIN]
    for page in ("comparison", "profile"):
        cases = [case for case in form_cases() if case.name.endswith(page)]
        parts += ["", f"### A {page} page", "", *_rows(cases, answers(page).groups)]
    return "\n".join([*parts, "", END])


def main() -> None:
    """Write the table into the document."""
    text = DOCUMENT.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    DOCUMENT.write_text(before + matrix() + rest.partition(END)[2], encoding="utf-8")


if __name__ == "__main__":
    main()
