"""Reads whole pages with their hand-written answers; the layout is described in `fixtures/pages/README.md`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from math import isclose
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.model import Fact, Page

if TYPE_CHECKING:
    from datetime import date

PAGES = Path(__file__).parent / "fixtures" / "pages"

OPPOSITE = {"higher": "lower", "lower": "higher", "more": "less", "less": "more"}


class Expected(NamedTuple):
    """One fact that a page must yield. None in `unit` or `line`, or no `raws`: not asked."""

    table: str
    role_id: str
    field: str
    category: str = ""
    other_role_id: str = ""
    value: float | None = None
    text: str | None = None
    unit: str | None = None
    rank: int | None = None
    example: str | None = None
    line: int | None = None
    raws: tuple[str, ...] = ()
    """The spans' texts that count as evidence, compared without regard to case for role names."""

    @property
    def is_null(self) -> bool:
        """Whether it is a cell in which the page says that it has no value."""
        return self.table == "metrics" and self.value is None and self.text is None

    @property
    def section(self) -> str:
        """The question that the fact belongs to: `metrics.age`, `skills.top`, `nulls` ..."""
        return "nulls" if self.is_null else f"{self.table}.{self.field}"


class OpenRun(NamedTuple):
    """A run of cells that the page alone leaves open, and all its readings: a tuple of cells each."""

    line: int
    role_ids: tuple[str, ...]
    metric: str
    run: str
    readings: frozenset[tuple[str, ...]]


@dataclass(frozen=True)
class PageCase:
    """One page and the answers to every question about it."""

    name: str
    text: str
    origin: str
    page_kind: str
    page_kind_not: tuple[str, ...]
    text_form: str
    updated_on: date | None
    facts: tuple[Expected, ...]
    optional: tuple[Expected, ...]
    open_runs: tuple[OpenRun, ...]
    unparsed: tuple[tuple[int, str], ...]
    optional_unparsed: tuple[tuple[int, str], ...]
    cell_lines: frozenset[int]
    columns: tuple[str, ...]
    """The roles of a comparison page's columns, in their order."""

    def __str__(self) -> str:
        return self.name

    @property
    def lines(self) -> list[str]:
        """The page's lines; the k-th line of the evidence is `lines[k - 1]`."""
        return self.text.split("\n")

    @property
    def sections(self) -> list[str]:
        """The sections in which the page must yield something, in the order of the answers."""
        return list(dict.fromkeys(fact.section for fact in self.facts))


@cache
def page_cases() -> tuple[PageCase, ...]:
    """All pages, by name."""
    return tuple(_load(folder.parent) for folder in sorted(PAGES.glob("*/page.txt")))


def _load(folder: Path) -> PageCase:
    with (folder / "expected.toml").open("rb") as file:
        data = tomllib.load(file)
    roles = data.get("roles", {})
    facts = data.get("facts", {})
    role_ids = {key: role["id"] for key, role in roles.items()}
    return PageCase(
        name=folder.name,
        text=(folder / "page.txt").read_bytes().decode(),
        origin=data["origin"],
        page_kind=data.get("page_kind", ""),
        page_kind_not=tuple(data.get("page_kind_not", ())),
        text_form=data.get("text_form", ""),
        updated_on=data.get("updated_on"),
        facts=(*_role_facts(roles), *facts_of(facts, role_ids)),
        optional=(*_optional_role_facts(roles), *facts_of(data.get("optional", {}), role_ids)),
        open_runs=tuple(_open_run(run, role_ids) for run in facts.get("ambiguous", ())),
        unparsed=tuple((line, start) for line, start in data.get("unparsed", ())),
        optional_unparsed=tuple((line, start) for line, start in data.get("optional_unparsed", ())),
        cell_lines=frozenset(row[0] for row in facts.get("cells", ())),
        columns=tuple(role_ids[key] for key in "ab" if key in role_ids),
    )


def _role_facts(roles: dict[str, dict[str, Any]]) -> Iterator[Expected]:
    for role in roles.values():
        plural = role.get("name_plural")
        names = (role["name"], plural) if plural else (role["name"],)
        yield Expected("roles", role["id"], "name", text=role["name"], raws=names)
        if plural:
            yield Expected("roles", role["id"], "name_plural", text=plural, raws=(plural,))
        if description := role.get("description"):
            line, text = description
            yield Expected("roles", role["id"], "description", text=text, line=line, raws=(text,))
        if category := role.get("job_category"):
            yield Expected("roles", role["id"], "job_category", text=category, raws=(category,))


def _optional_role_facts(roles: dict[str, dict[str, Any]]) -> Iterator[Expected]:
    for role in roles.values():
        if plural := role.get("optional_name_plural"):
            yield Expected("roles", role["id"], "name_plural", text=plural, raws=(plural,))


def facts_of(section: dict[str, Any], role_ids: dict[str, str]) -> Iterator[Expected]:
    """The facts of a `[facts]` or `[optional]` section; `role_ids` resolves its short names of roles.

    Rows from sentences may leave their line out.
    """
    for row in section.get("cells", ()):
        for key, cell in zip("ab", row[3:], strict=True):
            yield _metric(row[0], role_ids[key], row[1], row[2], cell)
    for *place, key, metric, unit, value, raw in section.get("metrics", ()):
        line = place[0] if place else None
        answer = _metric(line, role_ids[key], metric, unit, [value, raw])
        yield answer._replace(raws=(raw,))
    for row in section.get("differences", ()):
        yield from _difference(row, role_ids)
    for group in section.get("skills", ()):
        yield from _skills(group, role_ids)
    for group in section.get("responsibilities", ()):
        for rank, text in enumerate(group["items"], 1):
            yield Expected(
                "responsibilities",
                role_ids[group["role"]],
                "responsibility",
                text=text,
                rank=rank,
                line=group["line"] + rank - 1 if "line" in group else None,
                raws=(text,),
            )


def _metric(line: int | None, role_id: str, metric: str, unit: str, cell: Any) -> Expected:
    metric, _, category = metric.partition(":")
    if cell == "-":
        return Expected("metrics", role_id, metric, category, line=line, raws=("-",))
    if isinstance(cell, str):
        return Expected("metrics", role_id, metric, category, text=cell, unit=unit, line=line, raws=(cell,))
    value, raw, *text = cell
    if isinstance(value, str):
        # The words are part of what the cell says, a company's name in a blurb about it: both are fair evidence.
        return Expected("metrics", role_id, metric, category, text=value, unit=unit, line=line, raws=(raw, value))
    words = text[0] if text else None
    return Expected("metrics", role_id, metric, category, value=value, text=words, unit=unit, line=line, raws=(raw,))


def _difference(row: list[Any], role_ids: dict[str, str]) -> Iterator[Expected]:
    *place, role, other, measure, unit, difference, raw = row
    line = place[0] if place else None
    role_id, other_id = role_ids[role], role_ids[other]
    if isinstance(difference, str):
        opposite = OPPOSITE[difference]
        yield Expected("comparisons", role_id, measure, "", other_id, text=difference, line=line, raws=(raw,))
        yield Expected("comparisons", other_id, measure, "", role_id, text=opposite, line=line, raws=(raw,))
    else:
        yield Expected("comparisons", role_id, measure, "", other_id, difference, unit=unit, line=line, raws=(raw,))
        yield Expected("comparisons", other_id, measure, "", role_id, -difference, unit=unit, line=line, raws=(raw,))


def _skills(group: dict[str, Any], role_ids: dict[str, str]) -> Iterator[Expected]:
    role_id, other_id = role_ids[group["role"]], role_ids.get(group.get("other", ""), "")
    pairs = [(role_id, other_id)]
    if group["relation"] == "shared":
        pairs.append((other_id, role_id))
    for number, item in enumerate(group["items"]):
        text, *rest = [item] if isinstance(item, str) else item
        share = next((part for part in rest if not isinstance(part, str)), None)
        example = next((part for part in rest if isinstance(part, str)), None)
        for first, second in pairs:
            yield Expected(
                "skills",
                first,
                group["relation"],
                other_role_id=second,
                value=share,
                text=text,
                unit="" if share is None else "percent",
                rank=group.get("first", 1) + number,
                example=example,
                line=group["line"] + number * group.get("step", 0) if "line" in group else None,
            )


def _open_run(run: dict[str, Any], role_ids: dict[str, str]) -> OpenRun:
    readings = frozenset(tuple(reading) for reading in run["readings"])
    return OpenRun(run["line"], (role_ids["a"], role_ids["b"]), run["metric"], run["run"], readings)


def section_of(fact: Fact) -> str:
    """The section that a published fact belongs to; see :attr:`Expected.section`."""
    if fact.readings:
        return "ambiguous"
    if fact.table == "metrics" and fact.value is None and fact.text is None:
        return "nulls"
    return f"{fact.table}.{fact.field}"


def line_of(text: str, offset: int) -> int:
    """1-based number of the line that holds the character at `offset`."""
    return text.count("\n", 0, offset) + 1


def agrees(expected: Expected, fact: Fact, text: str) -> bool:
    """Whether a published fact is the expected one, evidence included."""
    return (
        (fact.table, fact.role_id, fact.field) == (expected.table, expected.role_id, expected.field)
        and (fact.category, fact.other_role_id) == (expected.category, expected.other_role_id)
        and _same_number(fact.value, expected.value)
        and fact.text == expected.text
        and (expected.unit is None or fact.unit == expected.unit)
        and (expected.rank is None or fact.rank == expected.rank)
        and (expected.line is None or line_of(text, fact.start) == expected.line)
        and _is_evidence(expected, " ".join(text[fact.start : fact.end].split()))
        and _same_example(expected, fact, text)
    )


def _same_number(found: float | None, expected: float | None) -> bool:
    if found is None or expected is None:
        return found is expected
    return isclose(found, expected, rel_tol=0, abs_tol=1e-9)


def _is_evidence(expected: Expected, raw: str) -> bool:
    if not expected.raws:
        return expected.text is not None and expected.text in raw
    if expected.table == "roles":
        return raw.casefold() in {name.casefold() for name in expected.raws}
    return raw in expected.raws


def _same_example(expected: Expected, fact: Fact, text: str) -> bool:
    if fact.example is None or expected.example is None:
        return fact.example is expected.example
    found = " ".join(text[slice(*fact.example)].split())
    if expected.field == "soft":
        # The page sets a space and a full stop in front of the closing quotes; whether the stop is the snippet's own
        # nobody can tell.
        return found.rstrip(" .") == expected.example
    return found == expected.example


def differences(
    expected: Iterable[Expected], optional: Iterable[Expected], facts: Iterable[Fact], text: str
) -> tuple[list[Expected], list[Fact]]:
    """What is missing from `facts`, and which of them neither the expected nor the optional answers account for."""
    left = list(facts)

    def take(answer: Expected) -> bool:
        for number, fact in enumerate(left):
            if agrees(answer, fact, text):
                del left[number]
                return True
        return False

    missing = [answer for answer in expected if not take(answer)]
    for answer in optional:
        take(answer)
    return missing, left


def describe(fact: Expected | Fact, text: str) -> str:
    """A fact on one line, for people who look at a failure."""
    if isinstance(fact, Fact):
        line: int | None = line_of(text, fact.start)
        raw = repr(text[fact.start : fact.end])
        example = None if fact.example is None else text[slice(*fact.example)]
    else:
        line, raw, example = fact.line, " or ".join(map(repr, fact.raws)), fact.example
    parts = [f"line {line}", f"{fact.table}.{fact.field}", fact.role_id]
    parts += [f"{name}={getattr(fact, name)!r}" for name in ("category", "other_role_id") if getattr(fact, name)]
    names = ("value", "text", "unit", "rank")
    parts += [f"{name}={getattr(fact, name)!r}" for name in names if getattr(fact, name) is not None]
    return " ".join([*parts, f"raw={raw}", *([f"example={example!r}"] if example else [])])


@cache
def parse(case_name: str) -> Page:
    """The page as the pipeline reads it; each page is parsed once a run."""
    import pipeline

    text = next(case.text for case in page_cases() if case.name == case_name)
    page: Page = pipeline.parse_text(text)
    return page
