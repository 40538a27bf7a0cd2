"""Comparison pages: "A vs b", in the wordings of pages.md section 3."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from benchmarks.pagegen.page import Block, Item, Page
from benchmarks.pagegen.truth import RoleTruth
from benchmarks.pagegen.words import RACES

SECTIONS = ("overview", "what", "salary", "education", "demographics", "duties", "skills")
"""The sections that may be missing or in another order; the title, the intro and the closing line stand around them."""


class Options(NamedTuple):
    """What a page leaves out or does otherwise. The first sentence of the intro stands on every page that was seen."""

    sections: tuple[str, ...] = SECTIONS
    has_title: bool = True
    has_post_job: bool = True
    has_top_skills: bool = True
    has_browse: bool = True

    @classmethod
    def random(cls, rng: Random) -> Options:
        """Most pages are whole; one in four lacks sections, one in six has them in another order."""
        sections = list(SECTIONS)
        if rng.random() < 0.25:
            sections = rng.sample(SECTIONS, rng.randint(1, len(SECTIONS)))
            sections.sort(key=SECTIONS.index)
        if rng.random() < 1 / 6:
            rng.shuffle(sections)
        return cls(tuple(sections), *(rng.random() < 0.93 for _ in range(4)))


WHOLE = Options()
"""A page with everything."""


def money(value: int) -> str:
    """`$12,345`."""
    return f"${value:,}"


def _or_dash(value: object | None) -> str:
    return "-" if value is None else str(value)


def score(value: float | None) -> str:
    """`4.5`, `4`, or `-`."""
    return "-" if value is None else f"{value:g}"


def overview_rows(a: RoleTruth, b: RoleTruth) -> tuple[tuple[str, ...], ...]:
    """The rows of the overview table, header first."""
    return (
        ("", a.name.title, b.name.title),
        ("Yearly salary", money(a.salary), money(b.salary)),
        ("Hourly rate", f"${a.hourly:,}", f"${b.hourly:,}"),
        ("Growth rate", *("-" if role.growth is None else f"{role.growth}%" for role in (a, b))),
        ("Number of jobs", *("-" if role.jobs is None else f"{role.jobs:,}" for role in (a, b))),
        ("Job satisfaction", score(a.satisfaction), score(b.satisfaction)),
        ("Most common degree", f"{a.degree}, {a.degree_share}%", f"{b.degree}, {b.degree_share}%"),
        ("Average age", str(a.age), str(b.age)),
        ("Years of experience", *(_or_dash(role.term and role.term.high) for role in (a, b))),
    )


def salary_rows(a: RoleTruth, b: RoleTruth) -> tuple[tuple[str, ...], ...]:
    """The rows of the salary table, header first."""
    return (
        ("", a.name.title, b.name.title),
        ("Average salary", money(a.salary), money(b.salary)),
        ("Salary range", *(f"Between {money(role.low)} And {money(role.high)}" for role in (a, b))),
        ("Highest paying City", _or_dash(a.city), _or_dash(b.city)),
        ("Highest paying state", _or_dash(a.state), _or_dash(b.state)),
        ("Best paying company", *(role.company.cell if role.company else "-" for role in (a, b))),
        ("Best paying industry", _or_dash(a.industry), _or_dash(b.industry)),
    )


def education_rows(a: RoleTruth, b: RoleTruth) -> tuple[tuple[str, ...], ...]:
    """The rows of the education table, header first."""
    return (
        ("", a.name.title, b.name.title),
        ("Most common degree", f"{a.degree}, {a.degree_share}%", f"{b.degree}, {b.degree_share}%"),
        ("Most common major", _or_dash(a.major), _or_dash(b.major)),
        ("Most common college", _or_dash(a.college), _or_dash(b.college)),
    )


def _races(role: RoleTruth) -> str:
    return " ".join(f"{race}, {share:.1f}%" for race, share in zip(RACES, role.races, strict=True))


def demographics_rows(a: RoleTruth, b: RoleTruth) -> tuple[tuple[str, ...], ...]:
    """The rows of the demographics table, header first."""
    return (
        ("", a.name.title, b.name.title),
        ("Average age", str(a.age), str(b.age)),
        ("Gender ratio", *(f"Male, {role.male:.1f}% Female, {role.female:.1f}%" for role in (a, b))),
        ("Race ratio", _races(a), _races(b)),
        ("LGBT Percentage", f"{a.lgbt}%", f"{b.lgbt}%"),
    )


def _intro(a: RoleTruth, b: RoleTruth) -> list[Block]:
    differences = (
        f"The differences between {a.name.plural} and {b.name.plural} can be seen in a few details. "
        "Each job has different responsibilities and duties."
    )
    term = ""
    if a.term and b.term:
        if a.term == b.term:
            term = f" It typically takes {a.term} to become both {a.name.a} and {b.name.a}."
        else:
            term = (
                f" While it typically takes {a.term} to become {a.name.a}, "
                f"becoming {b.name.a} takes usually requires {b.term}."
            )
    high, low = (a, b) if a.salary > b.salary else (b, a)
    pay = (
        f" Additionally, {high.name.a} has an average salary of {money(high.salary)}, which is higher than the "
        f"{money(low.salary)} average annual salary of {low.name.a}."
    )
    return [Block("text", "intro", differences + term + pay, (0, 1))]


def _top_skills(a: RoleTruth, b: RoleTruth) -> Block:
    first, second, third = a.top
    one, two, three = b.top
    text = (
        f"The top three skills for {a.name.a} include {first}, {second} and {third}. "
        f"The most important skills for {b.name.a} are {one}, {two}, and {three}."
    )
    return Block("text", "top", text, (0, 1))


def _overview(a: RoleTruth, b: RoleTruth) -> list[Block]:
    return [
        Block("heading", "", f"{a.name.start} vs {b.name.singular} overview"),
        Block("table", "cells", of=(0, 1), rows=overview_rows(a, b)),
    ]


def _what(a: RoleTruth, b: RoleTruth) -> list[Block]:
    return [
        Block("heading", "", f"What does {a.name.a} do?"),
        Block("text", "description", a.description, (0,)),
        Block("heading", "", f"What does {b.name.a} do?"),
        Block("text", "description", b.description, (1,)),
    ]


def _salary(a: RoleTruth, b: RoleTruth) -> list[Block]:
    return [
        Block("heading", "", f"{a.name.start} vs {b.name.singular} salary"),
        Block("text", "", f"{a.name.starts} and {b.name.plural} have different pay scales, as shown below."),
        Block("table", "cells", of=(0, 1), rows=salary_rows(a, b)),
    ]


def _education(a: RoleTruth, b: RoleTruth) -> list[Block]:
    lead = f"There are a few differences between {a.name.a} and {b.name.a} in terms of educational background:"
    return [
        Block("heading", "", f"Differences between {a.name.singular} and {b.name.singular} education"),
        Block("text", "", lead),
        Block("table", "cells", of=(0, 1), rows=education_rows(a, b)),
    ]


def _demographics(a: RoleTruth, b: RoleTruth) -> list[Block]:
    lead = f"Here are the differences between {a.name.plural}' and {b.name.plural}' demographics:"
    return [
        Block("heading", "", f"{a.name.start} vs {b.name.singular} demographics"),
        Block("text", "", lead),
        Block("table", "cells", of=(0, 1), rows=demographics_rows(a, b)),
    ]


def _duties(a: RoleTruth, b: RoleTruth) -> list[Block]:
    between = f"{a.name.singular} and {b.name.singular}"
    blocks = [Block("heading", "", f"Differences between {between} duties and responsibilities")]
    for number, role in enumerate((a, b)):
        blocks.append(Block("text", "", f"{role.name.start} example responsibilities."))
        items = (*(Item(duty) for duty in role.duties[:6]), Item("Show more"))
        blocks.append(Block("items", "duties", of=(number,), items=items))
    return blocks


def _skills(a: RoleTruth, b: RoleTruth) -> list[Block]:
    blocks = [Block("heading", "", f"{a.name.start} vs {b.name.singular} skills")]
    for number, role in enumerate((a, b)):
        blocks.append(Block("label", "", f"Common {role.name.singular} skills"))
        items = tuple(Item(f"{skill.name}, {skill.share}%") for skill in role.skills)
        blocks.append(Block("items", "skills", of=(number,), items=items))
    return blocks


_BUILDERS = {
    "overview": _overview,
    "what": _what,
    "salary": _salary,
    "education": _education,
    "demographics": _demographics,
    "duties": _duties,
    "skills": _skills,
}


def comparison_page(a: RoleTruth, b: RoleTruth, options: Options = WHOLE) -> Page:
    """The comparison of two roles whose salaries differ: no page with equal ones was ever seen.

    Raises:
        ValueError: both earn the same.
    """
    if a.salary == b.salary:
        raise ValueError(f"{a.role_id} and {b.role_id} earn the same")
    blocks: list[Block] = []
    if options.has_post_job:
        blocks.append(Block("button", "", "Post job"))
    if options.has_title:
        blocks.append(Block("title", "title", f"{a.name.start} vs {b.name.singular}"))
    blocks += _intro(a, b)
    if options.has_top_skills:
        blocks.append(_top_skills(a, b))
    for section in options.sections:
        blocks += _BUILDERS[section](a, b)
    if options.has_browse:
        blocks.append(Block("text", "browse", f"Browse {a.category} jobs", (0, 1)))
    url = f"https://careers.example/{a.role_id}-jobs/{a.role_id}-vs-{b.role_id}-differences"
    return Page("comparison", (a, b), tuple(blocks), None, url)
