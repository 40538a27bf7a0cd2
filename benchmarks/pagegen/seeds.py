"""The roles of the real pages in raw/ as truth, typed by hand: what shows that the generator prints what the site printed."""

from __future__ import annotations

from datetime import date

from benchmarks.pagegen.names import RoleName
from benchmarks.pagegen.truth import Firm, RoleTruth, Skill, Term
from benchmarks.pagegen.world import lower_skill

_BLURB = (
    "Amkor Technology is a strategically located company with a diversified working environment. Employees mention free "
    "lunches, transportation, and lodging, and the management is good at recognizing key talents."
)


def _under(text: str, line: str, count: int) -> list[str]:
    """The `count` lines below a line of the page, blank ones aside."""
    lines = [part.strip() for part in text.split("\n") if part.strip()]
    at = lines.index(line) + 1
    return lines[at : at + count]


def _role(
    text: str,
    singular: str,
    *,
    pay: tuple[int, int, int],
    jobs: int,
    satisfaction: float | None,
    degree_share: int,
    places: tuple[str, str, Firm, str],
    male: float,
    races: tuple[float, ...],
    skills: tuple[tuple[str, int], ...],
) -> RoleTruth:
    """A role of the seeds: its figures are given, its prose stands in the page's text."""
    name = RoleName.of(singular)
    duties = _under(text, f"{name.start} example responsibilities.", 6)
    return RoleTruth(
        name=name,
        salary=pay[0],
        low=pay[1],
        high=pay[2],
        growth=-8,
        jobs=jobs,
        satisfaction=satisfaction,
        degree="Bachelor's Degree",
        degree_share=degree_share,
        age=46,
        term=Term(6, 12, "months"),
        city=places[0],
        state=places[1],
        company=places[2],
        industry=places[3],
        industry_pay=0,
        major="Business",
        college=None,
        male=male,
        races=races,
        lgbt=8,
        masters=0.0,
        doctoral=0.0,
        category="office and administrative",
        description=_under(text, f"What does {name.a} do?", 1)[0],
        skills=tuple(Skill(skill, share, lower_skill(skill), "") for skill, share in skills),
        others=(),
        soft=(),
        duties=tuple(duty.removeprefix("• ") for duty in duties),
        hiring=(),
        updated_on=date(2025, 1, 8),
    )


def senior_specialist(text: str) -> RoleTruth:
    """As seed 000 tells it."""
    return _role(
        text,
        "senior accounts receivable specialist",
        pay=(54_494, 38_000, 78_000),
        jobs=24_817,
        satisfaction=None,
        degree_share=49,
        places=("Washington, DC", "Connecticut", Firm("Amkor Technology", _BLURB), "Technology"),
        male=18.3,
        races=(14.1, 4.1, 19.0, 3.8, 58.5, 0.5),
        skills=(
            ("Account Reconciliations", 6),
            ("Customer Accounts", 6),
            ("Reconciliations", 5),
            ("Customer Service", 4),
            ("Patient Accounts", 4),
            ("Credit Card Payments", 4),
        ),
    )


def collector(text: str) -> RoleTruth:
    """As seeds 000 and 003 tell it."""
    return _role(
        text,
        "collector",
        pay=(34_872, 27_000, 44_000),
        jobs=23_948,
        satisfaction=None,
        degree_share=31,
        places=("Los Angeles, CA", "Alaska", Firm("Uline", "Uline"), "Finance"),
        male=36.0,
        races=(12.1, 4.1, 20.1, 3.8, 59.5, 0.5),
        skills=(
            ("Patients", 14),
            ("Customer Service", 10),
            ("Payment Arrangements", 10),
            ("Excellent Interpersonal", 9),
            ("Delinquent Accounts", 8),
            ("Student Loans", 5),
        ),
    )


def specialist(text: str) -> RoleTruth:
    """As seed 001 tells it."""
    return _role(
        text,
        "accounts receivable specialist",
        pay=(39_873, 31_000, 50_000),
        jobs=61_988,
        satisfaction=4.5,
        degree_share=45,
        places=("Washington, DC", "Connecticut", Firm("InfosysPublicService", "InfosysPublicService"), "Technology"),
        male=18.2,
        races=(12.9, 4.2, 19.0, 3.9, 59.6, 0.5),
        skills=(
            ("Customer Service", 15),
            ("Patients", 9),
            ("Data Entry", 5),
            ("Credit Card Payments", 4),
            ("Reconciliations", 4),
            ("Accounts Receivables", 3),
        ),
    )


def coordinator(text: str) -> RoleTruth:
    """As seeds 001 and 003 tell it."""
    college = "University of California, Berkeley"
    return _role(
        text,
        "collections coordinator",
        pay=(37_938, 30_000, 47_000),
        jobs=40_113,
        satisfaction=None,
        degree_share=48,
        places=("New York, NY", "Connecticut", Firm(college, college), "Professional"),
        male=26.6,
        races=(12.1, 4.1, 20.8, 3.6, 59.0, 0.5),
        skills=(
            ("Customer Service", 15),
            ("Patients", 12),
            ("Phone Calls", 6),
            ("Collection Efforts", 4),
            ("Delinquent Accounts", 4),
            ("Appeals", 4),
        ),
    )
