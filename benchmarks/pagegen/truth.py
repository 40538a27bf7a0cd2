"""What is true in a generated world, as plain data: roles and everything that the pages say of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from benchmarks.pagegen.names import RoleName


class Skill(NamedTuple):
    """A skill with its share in percent; `lower` is how sentences print it, `example` the resume sentence under it."""

    name: str
    share: int
    lower: str
    example: str


class Firm(NamedTuple):
    """A company and the cell that it stands in: its name, or a blurb that begins with it."""

    name: str
    cell: str


class Term(NamedTuple):
    """The time that it takes to become something: `6-12 months`."""

    low: int
    high: int
    unit: str

    def __str__(self) -> str:
        return f"{self.low}-{self.high} {self.unit}"

    @property
    def months(self) -> tuple[int, int]:
        """Both ends in months."""
        scale = 12 if self.unit == "years" else 1
        return self.low * scale, self.high * scale


class SoftSkill(NamedTuple):
    """A soft skill, what is said of it, and the resume snippet that shows it."""

    name: str
    quote: str
    snippet: str


@dataclass(frozen=True, repr=False)
class RoleTruth:
    """One role at one time. None stands for a value that the site does not have: it prints `-`."""

    name: RoleName
    salary: int
    low: int
    high: int
    growth: int | None
    jobs: int | None
    satisfaction: float | None
    degree: str
    degree_share: int
    age: int
    term: Term | None
    city: str | None
    state: str | None
    company: Firm | None
    industry: str | None
    industry_pay: int
    major: str | None
    college: str | None
    male: float
    races: tuple[float, ...]
    lgbt: int
    masters: float
    doctoral: float
    category: str
    description: str
    skills: tuple[Skill, ...]
    """Six listed ones by share, downwards."""
    others: tuple[str, ...]
    """Further skills, lower case; the first ones are what sets the role apart."""
    soft: tuple[SoftSkill, ...]
    duties: tuple[str, ...]
    hiring: tuple[tuple[str, int], ...]
    updated_on: date

    def __repr__(self) -> str:
        return f"<{self.name.singular}: {self.salary}, {self.jobs} jobs, {self.term}>"

    @property
    def role_id(self) -> str:
        """The slug of the name."""
        return self.name.role_id

    @property
    def hourly(self) -> Decimal:
        """The yearly salary by 2080 hours, to the cent, half up: pages.md section 5."""
        return (Decimal(self.salary) / 2080).quantize(Decimal("0.01"), ROUND_HALF_UP)

    @property
    def female(self) -> float:
        """The rest of the men."""
        return round(100 - self.male, 1)

    @property
    def top(self) -> tuple[str, str, str]:
        """The three most frequent skills as sentences print them."""
        return self.skills[0].lower, self.skills[1].lower, self.skills[2].lower


def degree_difference(one: float, other: float) -> float:
    """Percentage points between two shares, to one decimal."""
    return round(one - other, 1)
