"""A seeded random world of roles in which everything agrees, as pages.md section 5 says that it does on real pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from math import exp, log
from random import Random
from typing import TypeVar

from benchmarks.pagegen import words
from benchmarks.pagegen.names import RoleName, compose
from benchmarks.pagegen.truth import Firm, RoleTruth, Skill, SoftSkill, Term

MAX_JOBS = 5_000_000
T = TypeVar("T")
_TERMS = (
    (Term(6, 12, "months"), 32), (Term(4, 6, "years"), 27), (Term(2, 4, "years"), 8), (Term(1, 2, "years"), 2),
    (Term(6, 8, "years"), 2), (Term(8, 10, "years"), 2), (Term(2, 3, "years"), 1),
)  # fmt: skip
_TERM_VALUES, _TERM_WEIGHTS = zip(*_TERMS, strict=True)
_FIRMS_ENDING_IN_DIGITS = ("Motel 6", "Forever 21", "Studio 54")


class Dice(Random):
    """`Random` with a plain draw of one item or number, three times as fast as the library's."""

    def choice(self, seq: Sequence[T]) -> T:  # type: ignore[override]
        """Any item of `seq`."""
        return seq[int(self.random() * len(seq))]

    def randint(self, a: int, b: int) -> int:
        """Any whole number from `a` to `b`, both included."""
        return a + int(self.random() * (b - a + 1))


def lower_skill(name: str) -> str:
    """A skill as sentences print it: lower case except acronyms."""
    return " ".join(word if word.isupper() and len(word) > 1 else word.lower() for word in name.split(" "))


def log_uniform(rng: Random, low: float, high: float) -> int:
    """A whole number between both ends whose logarithm is uniform."""
    return min(int(high), max(int(low), int(exp(rng.uniform(log(low), log(high + 1))))))


def job_count(rng: Random) -> int:
    """1 to 5 million; 8 in 100 are below 1,000, where a glued cell has no comma to go by."""
    return log_uniform(rng, 1, 999) if rng.random() < 0.08 else log_uniform(rng, 1000, MAX_JOBS)


def company(rng: Random) -> Firm:
    """A company of any spelling; one in thirty stands in a blurb of several sentences."""
    draw = rng.random()
    if draw < 0.45:
        name = rng.choice(words.CAPITAL_FIRMS)
    elif draw < 0.48:
        name = rng.choice(words.LOWER_FIRMS)
    elif draw < 0.55:
        name = f"{rng.choice(words.FIRM_NAMES)} & {rng.choice(words.FIRM_NAMES)}"
    else:
        name = f"{rng.choice(words.FIRM_NAMES)} {rng.choice(words.FIRM_NOUNS)}"
    if rng.random() < 1 / 30 and name not in words.LOWER_FIRMS:
        cell = rng.choice(words.BLURBS).format(
            firm=name,
            adjective=rng.choice(words.BLURB_ADJECTIVES),
            adjective2=rng.choice(words.BLURB_ADJECTIVES2),
        )
        return Firm(name, cell)
    return Firm(name, name)


def _sentence(rng: Random) -> str:
    if rng.random() < 0.04:
        return rng.choice(words.FIGURES)
    return f"{rng.choice(words.VERBS)} {rng.choice(words.OBJECTS)} {rng.choice(words.ENDS)}."


def _skill_names(rng: Random, tricky: float) -> list[str]:
    names = rng.sample(words.SKILLS, 13)
    if rng.random() < 0.2:
        names[rng.randrange(6)] = rng.choice(words.ACRONYM_SKILLS)
    if rng.random() < tricky:
        names[rng.randrange(6)] = rng.choice(words.ODD_SKILLS)
    if rng.random() < tricky:
        names[rng.randrange(6)] = rng.choice(words.AND_SKILLS)
    return list(dict.fromkeys(names))


def _skills(rng: Random, names: list[str]) -> tuple[Skill, ...]:
    share = rng.randint(5, 40)
    skills = []
    for name in names[:6]:
        lower = lower_skill(name)
        stop = "." if rng.random() < 0.9 else ""
        skills.append(
            Skill(name, share, lower, f"{rng.choice(words.PAST_VERBS)} {lower} {rng.choice(words.ENDS)}{stop}")
        )
        share = max(1, share - rng.choice((0, 0, 1, 1, 2, 5)))
    return tuple(skills)


def _soft_skills(rng: Random) -> tuple[SoftSkill, ...]:
    quotes, snippets = rng.sample(words.QUOTES, 3), rng.sample(words.SNIPPETS, 3)
    return tuple(map(SoftSkill, rng.sample(words.SOFT_SKILLS, 3), quotes, snippets))


def _races(rng: Random) -> tuple[float, ...]:
    tenths = [rng.randint(30, 220), rng.randint(10, 60), rng.randint(40, 250), rng.randint(10, 140)]
    native = rng.randint(1, 15)
    white = 1000 - sum(tenths) - native + (rng.random() < 0.1)
    return tuple(value / 10 for value in (*tenths, white, native))


def _description(rng: Random, name: RoleName) -> str:
    sentences = rng.sample(words.PROSE[2:], 3)
    first = rng.choice(words.PROSE[:2])
    return " ".join([first, *sentences]).format(
        A=name.a[:1].upper() + name.a[1:], a=name.a, As=name.starts, as_=name.plural, bare=name.singular
    )


def _hiring(rng: Random) -> tuple[tuple[str, int], ...]:
    firms = [company(rng).name for _ in range(3)]
    if rng.random() < 0.03:
        firms[rng.randrange(3)] = rng.choice(_FIRMS_ENDING_IN_DIGITS)
    counts = sorted((log_uniform(rng, 1, 900) for _ in range(3)), reverse=True)
    return tuple(zip(dict.fromkeys(firms), counts, strict=False))


def random_role(
    rng: Random,
    name: RoleName,
    *,
    updated_on: date = date(2025, 1, 8),
    tricky: float = 0.01,
    category: str | None = None,
) -> RoleTruth:
    """A role of that name; `tricky` is the rate of skills that sentences print ambiguously ("food and beverage")."""
    salary = log_uniform(rng, 19_000, 190_000)
    names = _skill_names(rng, tricky)
    term = None if rng.random() < 0.13 else rng.choices(_TERM_VALUES, _TERM_WEIGHTS)[0]
    has_places = rng.random() > 0.06
    industry = rng.choice(words.INDUSTRIES)
    return RoleTruth(
        name=name,
        salary=salary,
        low=max(9, int(salary * rng.uniform(0.6, 0.95)) // 1000) * 1000,
        high=-(-int(salary * rng.uniform(1.05, 1.7)) // 1000) * 1000,
        growth=None if rng.random() < 0.06 else rng.randint(-15, 32),
        jobs=None if rng.random() < 0.01 else job_count(rng),
        satisfaction=None if rng.random() < 0.15 else rng.randint(20, 50) / 10,
        degree=rng.choice(words.DEGREES),
        degree_share=rng.randint(18, 90),
        age=rng.randint(25, 58),
        term=term,
        city=rng.choice(words.CITIES) if has_places else None,
        state=rng.choice(_STATE_NAMES) if has_places else None,
        company=company(rng) if has_places else None,
        industry=industry if has_places else None,
        industry_pay=salary + rng.randint(500, 15_000),
        major=rng.choice(words.MAJORS) if rng.random() < 0.95 else None,
        college=rng.choice(words.COLLEGES) if rng.random() < 0.15 else None,
        male=rng.randint(60, 950) / 10,
        races=_races(rng),
        lgbt=rng.randint(3, 16),
        masters=rng.randint(0, 250) / 10,
        doctoral=rng.randint(0, 60) / 10,
        category=category or rng.choice(words.CATEGORIES),
        description=_description(rng, name),
        skills=_skills(rng, names),
        others=tuple(lower_skill(skill) for skill in names[6:]),
        soft=_soft_skills(rng),
        duties=tuple(_sentence(rng) for _ in range(6 + int(rng.random() * 4))),
        hiring=_hiring(rng),
        updated_on=updated_on,
    )


_STATE_NAMES = tuple(words.STATES.values())


def aged(rng: Random, role: RoleTruth, days: int) -> RoleTruth:
    """The same role as an older page told it: other pay, other counts, an older date, the same words."""
    salary = max(15_000, int(role.salary * rng.uniform(0.82, 0.97)))
    return replace(
        role,
        salary=salary,
        low=max(9, int(salary * 0.8) // 1000) * 1000,
        high=-(-int(salary * 1.3) // 1000) * 1000,
        jobs=None if role.jobs is None else max(1, int(role.jobs * rng.uniform(0.6, 0.95))),
        growth=None if role.growth is None else role.growth - rng.randint(1, 4),
        age=max(20, role.age - 1),
        industry_pay=salary + 1_000,
        updated_on=role.updated_on - timedelta(days=days),
    )


class World:
    """`size` roles from one seed: the same seed and size give the same world."""

    def __init__(self, seed: int, size: int, *, updated_on: date = date(2025, 1, 8), tricky: float = 0.01) -> None:
        rng = Dice(seed)
        self.roles: list[RoleTruth] = []
        seen: set[str] = set()
        while len(self.roles) < size:
            name = compose(rng)
            if name.key in seen or len(name.singular) > 60:
                continue
            seen.add(name.key)
            self.roles.append(random_role(rng, name, updated_on=updated_on, tricky=tricky))

    def by_id(self) -> dict[str, RoleTruth]:
        """The roles by the slug of their name."""
        return {role.role_id: role for role in self.roles}
