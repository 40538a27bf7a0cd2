"""The companies that hire the most: a name, and how many jobs it offers, on a line of its own or glued to the name.

Seed 002 glues the third: "Legrand3 senior accounts receivable specialists jobs". Where the company's name could end in a
digit itself ("Legrand12": 12 jobs at Legrand, or 2 at Legrand1; "Studio 545": 5 at Studio 54 ...) all readings are handed on.
"""

from __future__ import annotations

import re

from pipeline.labels import label_end
from pipeline.ledger import Ledger
from pipeline.model import Reading
from pipeline.roles import Role, mention_key
from pipeline.tables import METRIC_UNITS

_METRIC = "hiring_company_jobs"
_DIGITS = re.compile(r"[0-9][0-9,]*(?= )")
_JOBS = re.compile(r" jobs?\Z")
_COUNT = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3}){0,3}")
_AROUND = " \t|*_[]"
"""What tools leave around a name that was a link or stood beside an image."""
_NO_NAME = re.compile(
    r"^[\W\d_]*$|[0-9] .{2,100} jobs?\b|::|[\[\]{}|<>$%?\"★☆⭐]|[a-z]{5,}\.$"
    r"|^(?:Rated )?[0-5](?:\.[0-9])?(?: out of 5| ?/ ?5| stars?)\b|\b[0-9,]+ (?:reviews?|ratings?|votes?)\b"
)
"""Another company's count, where lines were joined, marks of a tool's own, amounts, the ends of sentences, and how people rate
a company, which job boards show below its name."""
_MAX_LINE = 300
_JOBS_LENGTH = len(" jobs")

Span = tuple[int, int]


class HiringCompanies:
    """Reads the list of hiring companies of one page."""

    def __init__(self, ledger: Ledger, role: Role) -> None:
        self.ledger = ledger
        self.role = role
        self._pending: int | None = None
        """The block that names a company whose count has not come yet."""

    def read(self, number: int) -> bool:
        """Read one block of the list: a company, a count, or both in one."""
        blocks = self.ledger.blocks
        block = blocks[number]
        if block.end - block.start > _MAX_LINE:
            return False
        count = self._count(block.start, block.end)
        if count is None:
            if block.kind == "item" or self._pending is None or blocks[self._pending].kind != "item":
                self._pending = number
            return block.kind == "item"
        return self._glued(number, block.start, count) if count[0] > block.start else self._counted(number, count)

    def _count(self, start: int, end: int) -> Span | None:
        """The digits before the role's name and "jobs"; a company's name may hold digits too ("24 Hour Fitness1 cooks jobs")."""
        text = self.ledger.text
        jobs = _JOBS.search(text, max(start, end - _JOBS_LENGTH), end)
        if jobs is None:
            return None
        counts = _DIGITS.finditer(text, start, jobs.start())
        return next((m.span() for m in counts if mention_key(text[m.end() + 1 : jobs.start()]) == self.role.key), None)

    def _counted(self, number: int, count: Span) -> bool:
        if self._pending is None or not _COUNT.fullmatch(self.ledger.text, *count):
            return False
        block = self.ledger.blocks[self._pending]
        company = _company(self.ledger.text[block.start : block.end])
        if not company:
            return False
        self._state(company, count)
        self.ledger.took(self._pending)
        self.ledger.took(number)
        self._pending = None
        return True

    def _glued(self, number: int, start: int, count: Span) -> bool:
        text = self.ledger.text
        first, end = count
        cuts = [cut for cut in range(first, end) if _COUNT.fullmatch(text, cut, end) and text[cut - 1] != ","]
        companies = [_company(text[start:cut]) for cut in cuts]
        if not cuts or not all(companies):
            return False
        if len(cuts) == 1:
            self._state(companies[0], (cuts[0], end))
        else:
            readings = tuple(
                Reading(float(text[cut:end].replace(",", "")), company, start, end)
                for cut, company in zip(cuts, companies, strict=True)
            )
            self.ledger.state_fact(
                "metrics",
                self.role,
                _METRIC,
                start,
                end,
                unit=METRIC_UNITS[_METRIC],
                readings=readings,
                confidence=1.0 / len(cuts),
            )
        self.ledger.took(number)
        return True

    def _state(self, company: str, span: tuple[int, int]) -> None:
        value = float(self.ledger.text[span[0] : span[1]].replace(",", ""))
        self.ledger.state_fact(
            "metrics", self.role, _METRIC, *span, category=company, value=value, unit=METRIC_UNITS[_METRIC]
        )


def _company(words: str) -> str:
    """The name of a company; "" where it is none."""
    name = words.strip(_AROUND)
    return "" if _NO_NAME.search(name) or label_end(name) else name
