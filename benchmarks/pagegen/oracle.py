"""How many ways glued cells can be read, by brute force from the grammar that the specification words.

This is an oracle: it shares no code, pattern or vocabulary with the product. Every position of a run is tried as the border
between the two cells, and a cut is legal when both sides are legal cells.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from benchmarks.pagegen.words import STATES

_MONEY = r"\$[1-9]\d{0,2}(?:,\d{3})*(?:\.\d\d)?"
_SHARE = r"[A-Z][^,%$]*, \d{1,3}(?:\.\d+)?%"
_STATE_NAMES = frozenset(STATES.values())
_NUMBERS = {
    "Yearly salary": _MONEY,
    "Average salary": _MONEY,
    "Hourly rate": _MONEY,
    "Growth rate": r"-?\d{1,3}%",
    "Number of jobs": r"[1-9]\d{0,2}(?:,\d{3})*",
    "Job satisfaction": r"[0-4](?:\.\d)?|5(?:\.0)?",
    "Average age": r"[1-9]\d",
    "Years of experience": r"[1-9]\d?",
    "LGBT Percentage": r"\d{1,3}%",
    "Salary range": f"Between {_MONEY} And {_MONEY}",
    "Most common degree": r"[A-Z][^,%$]*, \d{1,3}%",
}
_PATTERNS = {label: re.compile(pattern) for label, pattern in _NUMBERS.items()}
_LIST = re.compile(f"{_SHARE}(?: {_SHARE})*")
_GROUP = re.compile(r"([A-Z][^,%$]*?), \d")
WORDS = frozenset(("Best paying company", "Best paying industry", "Most common major", "Most common college"))
"""Labels whose cells are free words: where one ends is known by the capital of the next only."""


def _shares(cell: str) -> bool:
    if not _LIST.fullmatch(cell):
        return False
    groups = _GROUP.findall(cell)
    return len(groups) == len(set(groups))


def _city(cell: str) -> bool:
    name, _, state = cell.rpartition(", ")
    return state in STATES and name[:1].isupper() and not re.search(r"[,$%\d]", name)


def _words(cell: str) -> bool:
    return (cell[:1].isupper() or cell[:1].isdigit()) and cell == cell.strip()


def _is_cell(label: str) -> Callable[[str], bool]:
    if label in _PATTERNS:
        return lambda cell: _PATTERNS[label].fullmatch(cell) is not None
    if label in {"Gender ratio", "Race ratio"}:
        return _shares
    if label == "Highest paying City":
        return _city
    if label == "Highest paying state":
        return _STATE_NAMES.__contains__
    return _words


@lru_cache(maxsize=65_536)
def readings(label: str, run: str, gap: str = "") -> tuple[tuple[str, str], ...]:
    """All legal ways to read `run`, what follows the label in its row, as two cells with `gap` between.

    >>> readings("Years of experience", "612")
    (('6', '12'), ('61', '2'))
    >>> readings("Years of experience", "108"), readings("Growth rate", "--10%")
    ((('10', '8'),), (('-', '-10%'),))
    >>> readings("Number of jobs", "4668,658")
    (('4', '668,658'), ('46', '68,658'), ('466', '8,658'))
    >>> readings("Best paying industry", "TechnologyFinance"), len(readings("Best paying company", "IBMUline"))
    ((('Technology', 'Finance'),), 3)
    """
    is_cell = _is_cell(label)
    found = []
    for at in range(1, len(run)):
        left, right = run[:at], run[at:]
        if gap:
            if not right.startswith(gap):
                continue
            right = right[len(gap) :]
        if all(cell == "-" or is_cell(cell) for cell in (left, right)):
            found.append((left, right))
    return tuple(found)
