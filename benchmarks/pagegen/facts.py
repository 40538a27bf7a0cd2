"""What each block of a page states, in the words of the product's observations.

`Stated` mirrors what decides whether a fact is right: where it belongs, what it says and its rank. The conventions, such as
both directions of a difference, are those of `pipeline.model` and the contract's tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from benchmarks.pagegen.names import title_case
from benchmarks.pagegen.page import Block, Page
from benchmarks.pagegen.profile import distinct_skills, shared_skills, way_of
from benchmarks.pagegen.truth import RoleTruth, degree_difference
from benchmarks.pagegen.words import RACES


class Stated(NamedTuple):
    """One fact that a page holds."""

    table: str
    role_id: str
    field: str
    category: str = ""
    other_role_id: str = ""
    value: float | None = None
    text: str | None = None
    rank: int | None = None
    example: str | None = None
    is_optional: bool = False
    """True, but two careful readers could differ about whether the page says it."""


Cell = tuple[Stated, ...]
"""What one table cell says: nothing but a null, one fact, or several (a range, shares)."""


def metric(
    role: RoleTruth, name: str, value: float | None = None, text: str | None = None, category: str = ""
) -> Stated:
    """A fact of the table of metrics."""
    return Stated("metrics", role.role_id, name, category, "", value, text)


def _number(name: str, value: Callable[[RoleTruth], float | None]) -> Callable[[RoleTruth], Cell]:
    def cell(role: RoleTruth) -> Cell:
        number = value(role)
        return (metric(role, name, None if number is None else float(number)),)

    return cell


def _text(name: str, value: Callable[[RoleTruth], str | None]) -> Callable[[RoleTruth], Cell]:
    return lambda role: (metric(role, name, text=value(role)),)


def _degree(role: RoleTruth) -> Cell:
    return (metric(role, "most_common_degree", role.degree_share, role.degree),)


def _range(role: RoleTruth) -> Cell:
    return (metric(role, "salary_low", role.low), metric(role, "salary_high", role.high))


def _gender(role: RoleTruth) -> Cell:
    return tuple(
        metric(role, "gender_share", share, category=name)
        for name, share in (("Male", role.male), ("Female", role.female))
    )


def _races(role: RoleTruth) -> Cell:
    return tuple(
        metric(role, "race_share", share, category=race) for race, share in zip(RACES, role.races, strict=True)
    )


CELLS: dict[str, Callable[[RoleTruth], Cell]] = {
    "Yearly salary": _number("salary_yearly", lambda role: role.salary),
    "Average salary": _number("salary_yearly", lambda role: role.salary),
    "Hourly rate": _number("salary_hourly", lambda role: float(role.hourly)),
    "Growth rate": _number("job_growth", lambda role: role.growth),
    "Number of jobs": _number("job_count", lambda role: role.jobs),
    "Job satisfaction": _number("job_satisfaction", lambda role: role.satisfaction),
    "Most common degree": _degree,
    "Average age": _number("age", lambda role: role.age),
    "Years of experience": _number("experience_years", lambda role: role.term and role.term.high),
    "Salary range": _range,
    "Highest paying City": _text("highest_paying_city", lambda role: role.city),
    "Highest paying state": _text("highest_paying_state", lambda role: role.state),
    "Best paying company": _text("best_paying_company", lambda role: role.company and role.company.name),
    "Best paying industry": _text("best_paying_industry", lambda role: role.industry),
    "Most common major": _text("most_common_major", lambda role: role.major),
    "Most common college": _text("most_common_college", lambda role: role.college),
    "Gender ratio": _gender,
    "Race ratio": _races,
    "LGBT Percentage": _number("lgbt_share", lambda role: role.lgbt),
}
"""What the cell of each row says of its role."""


def skill(
    role: RoleTruth,
    relation: str,
    text: str,
    rank: int,
    share: float | None = None,
    other: RoleTruth | None = None,
    example: str | None = None,
) -> Stated:
    """A fact of the table of skills."""
    other_id = other.role_id if other else ""
    return Stated("skills", role.role_id, relation, "", other_id, share, text, rank, example)


def _ranked(role: RoleTruth, relation: str, texts: tuple[str, ...], other: RoleTruth | None = None) -> list[Stated]:
    return [skill(role, relation, text, rank, other=other) for rank, text in enumerate(texts, 1)]


def difference(one: RoleTruth, other: RoleTruth, measure: str, value: float) -> list[Stated]:
    """A difference and its mirror image."""
    return [
        Stated("comparisons", one.role_id, measure, "", other.role_id, value),
        Stated("comparisons", other.role_id, measure, "", one.role_id, -value),
    ]


def direction(one: RoleTruth, other: RoleTruth, *, is_optional: bool) -> list[Stated]:
    """A difference in pay of which only the sign is told, and its mirror image."""
    word = way_of(one.salary - other.salary)
    mirrored = way_of(other.salary - one.salary)
    return [
        Stated("comparisons", one.role_id, "salary_yearly", "", other.role_id, None, word, is_optional=is_optional),
        Stated("comparisons", other.role_id, "salary_yearly", "", one.role_id, None, mirrored, is_optional=is_optional),
    ]


def _intro(page: Page, _block: Block) -> Iterator[Stated]:
    a, b = page.roles
    if a.term and b.term:
        for role in (a, b):
            assert role.term is not None
            low, high = role.term.months
            yield metric(role, "time_to_become_low", low)
            yield metric(role, "time_to_become_high", high)
    yield metric(a, "salary_yearly", a.salary)
    yield metric(b, "salary_yearly", b.salary)


def _top(page: Page, _block: Block) -> Iterator[Stated]:
    a, b = page.roles
    # "x, food and beverage and y": without a comma before the last "and" there are two ways to read it.
    is_open = " and " in a.top[1] or " and " in a.top[2]
    yield from (fact._replace(is_optional=is_open) for fact in _ranked(a, "top", a.top))
    yield from _ranked(b, "top", b.top)


def _description(page: Page, block: Block) -> Iterator[Stated]:
    yield Stated("roles", page.roles[block.of[0]].role_id, "description", text=block.text)


def _duties(page: Page, block: Block) -> Iterator[Stated]:
    role = page.roles[block.of[0]]
    for rank, item in enumerate((item for item in block.items if item.text != "Show more"), 1):
        yield Stated("responsibilities", role.role_id, "responsibility", text=item.text, rank=rank)


def _skills(page: Page, block: Block) -> Iterator[Stated]:
    role = page.roles[block.of[0]]
    for rank, listed in enumerate(role.skills, 1):
        example = listed.example if page.kind == "profile" else None
        yield skill(role, "listed", listed.name, rank, listed.share, example=example)


def _browse(page: Page, block: Block) -> Iterator[Stated]:
    for role in page.roles:
        yield Stated(
            "roles", role.role_id, "job_category", text=block.text.removeprefix("Browse ").removesuffix(" jobs")
        )


def _proficient(page: Page, _block: Block) -> Iterator[Stated]:
    role = page.roles[0]
    for rank, top in enumerate(role.skills[:3], 1):
        yield skill(role, "top", top.name, rank, top.share if rank == 1 else None)
    yield from _ranked(role, "soft", tuple(soft.name for soft in role.soft))


def _common(page: Page, _block: Block) -> Iterator[Stated]:
    yield from _ranked(page.roles[0], "top", page.roles[0].top)


def _soft(page: Page, block: Block) -> Iterator[Stated]:
    rank = int(block.key[-1])
    soft = page.roles[0].soft[rank - 1]
    yield skill(page.roles[0], "soft", soft.name, rank, example=soft.snippet)


def _hiring(page: Page, _block: Block) -> Iterator[Stated]:
    for firm, count in page.roles[0].hiring:
        # "Motel 6" glued to its count is open; where it is kept apart, nothing about it is in doubt.
        yield metric(page.roles[0], "hiring_company_jobs", count, category=firm)


def _pay(page: Page, block: Block) -> Iterator[Stated]:
    role, peer = (page.roles[number] for number in block.of)
    yield from difference(peer, role, "salary_yearly", peer.salary - role.salary)
    yield from direction(peer, role, is_optional=True)


def _shared(page: Page, block: Block) -> Iterator[Stated]:
    role, peer = (page.roles[number] for number in block.of)
    skills = shared_skills(role, peer)
    yield from _ranked(role, "shared", skills, peer)
    yield from _ranked(peer, "shared", skills, role)


def _distinct(page: Page, block: Block) -> Iterator[Stated]:
    role, peer = (page.roles[number] for number in block.of)
    yield from _ranked(role, "distinctive", distinct_skills(role, peer), peer)
    yield from _ranked(peer, "distinctive", distinct_skills(peer, role), role)


_BEST_OF_PEER = ("older1", "older2", "recent2", "recent3")
_BEST_OF_ROLE = ("older2", "older4", "recent1", "recent2", "recent3")


def _industry(page: Page, block: Block) -> Iterator[Stated]:
    role, peer = (page.roles[number] for number in block.of)
    wording = block.key.partition("/")[2]
    for one, bests in ((peer, _BEST_OF_PEER), (role, _BEST_OF_ROLE)):
        name = title_case((one.industry or "").lower())
        if not (one is role and wording == "older4"):
            yield metric(one, "industry_salary", one.industry_pay, category=name)
        # A superlative says that it is the best paying one; the other wordings leave that to the reader.
        yield metric(one, "best_paying_industry", text=name)._replace(is_optional=wording not in bests)
    if wording in {"older2", "recent2"}:
        yield from direction(peer, role, is_optional=wording == "older2")


def _education(page: Page, block: Block) -> Iterator[Stated]:
    role, peer = (page.roles[number] for number in block.of)
    yield from difference(peer, role, "masters_degree_share", degree_difference(peer.masters, role.masters))
    yield from difference(peer, role, "doctoral_degree_share", degree_difference(peer.doctoral, role.doctoral))


_STATEMENTS: dict[str, Callable[[Page, Block], Iterator[Stated]]] = {
    "intro": _intro,
    "top": _top,
    "description": _description,
    "duties": _duties,
    "skills": _skills,
    "browse": _browse,
    "proficient": _proficient,
    "common": _common,
    "soft": _soft,
    "hiring": _hiring,
    "pay": _pay,
    "shared": _shared,
    "distinct": _distinct,
    "industry": _industry,
    "education": _education,
}


def statements(page: Page, block: Block) -> list[Stated]:
    """What the block states; tables are left to the cells (:data:`CELLS`)."""
    statement = _STATEMENTS.get(block.key.partition("/")[0])
    return list(statement(page, block)) if statement else []
