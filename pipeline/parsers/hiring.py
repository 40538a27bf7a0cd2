"""The companies that hire the most: a name, and how many jobs it offers, on a line of its own or glued to the name.

Seed 002 glues the third: "Legrand3 senior accounts receivable specialists jobs". Where the company's name could end in a
digit itself ("Legrand12": 12 jobs at Legrand, or 2 at Legrand1) all readings are handed on.
"""

from __future__ import annotations

import re

from pipeline.ledger import Ledger
from pipeline.model import Reading
from pipeline.roles import Role, mention_key
from pipeline.tables import METRIC_UNITS

_METRIC = "hiring_company_jobs"
_COUNT_LINE = re.compile(r"(?P<company>.*?)(?P<count>[0-9][0-9,]*) (?P<role>.{2,110}) jobs?")
_COUNT = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3}){0,3}")
_MAX_LINE = 300


class HiringCompanies:
    """Reads the list of hiring companies of one page."""

    def __init__(self, ledger: Ledger, role: Role) -> None:
        self.ledger = ledger
        self.role = role
        self._pending: int | None = None
        """The block that names a company whose count has not come yet."""

    def read(self, number: int) -> bool:
        """Read one block of the list: a company, a count, or both in one."""
        block = self.ledger.blocks[number]
        if block.end - block.start > _MAX_LINE:
            return False
        match = _COUNT_LINE.fullmatch(self.ledger.text, block.start, block.end)
        if match is None or mention_key(match["role"]) != self.role.key:
            self._pending = number
            return block.kind == "item"
        if match["company"]:
            return self._glued(number, match)
        return self._counted(number, match)

    def _counted(self, number: int, match: re.Match[str]) -> bool:
        if self._pending is None or not _COUNT.fullmatch(match["count"]):
            return False
        company = self.ledger.blocks[self._pending]
        self._state(self.ledger.text[company.start : company.end], match.span("count"))
        self.ledger.took(self._pending)
        self.ledger.took(number)
        self._pending = None
        return True

    def _glued(self, number: int, match: re.Match[str]) -> bool:
        start, end = match.start("company"), match.end("count")
        text = self.ledger.text
        first = match.start("count")
        cuts = [cut for cut in range(first, end) if _COUNT.fullmatch(text, cut, end) and text[cut - 1] != ","]
        if text[first - 1].isspace():
            cuts = [cut for cut in cuts if cut == first]
        if not cuts:
            return False
        if len(cuts) == 1:
            self._state(text[start : cuts[0]].strip(), (cuts[0], end))
        else:
            readings = tuple(
                Reading(float(text[cut:end].replace(",", "")), text[start:cut].strip(), start, end) for cut in cuts
            )
            self.ledger.state_fact(
                "metrics", self.role, _METRIC, start, end, unit=METRIC_UNITS[_METRIC], readings=readings,
                confidence=1.0 / len(cuts),
            )  # fmt: skip
        self.ledger.took(number)
        return True

    def _state(self, company: str, span: tuple[int, int]) -> None:
        value = float(self.ledger.text[span[0] : span[1]].replace(",", ""))
        self.ledger.state_fact(
            "metrics", self.role, _METRIC, *span, category=company, value=value, unit=METRIC_UNITS[_METRIC]
        )
