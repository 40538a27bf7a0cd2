"""What became of every line of a page: the facts read, the boilerplate known, and what is left.

A parser reports on every block; whatever it reports nothing of is unparsed. A line is extracted only when nothing
fact-bearing on it is left over, so that the three kinds of lines add up and nothing disappears.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from pipeline.kinds import ASSUMED_CUT, Kind, Part
from pipeline.model import Block, Fact, FactTable, Reading, Unparsed
from pipeline.roles import Role
from pipeline.tables import METRIC_UNITS

_UNSEEN, BOILERPLATE, EXTRACTED, LEFT = range(4)
"""The fate of a block, worst last."""
_FACT_BEARING = re.compile(r'[$%"]')


FactFields = tuple[
    FactTable, str, str, str, str, float | None, str | None, str, float, int, int, tuple[Reading, ...], int | None,
    tuple[int, int] | None,
]  # fmt: skip
new_fact: Callable[[FactFields], Fact] = partial(tuple.__new__, Fact)
"""A fact from its fields in order: half the time of `Fact(...)`, whose constructor is a function of Python."""


def with_example(fact: Fact, example: tuple[int, int]) -> Fact:
    """The fact of a skill with the resume sentence under it."""
    return new_fact((*fact[:-1], example))


class Ledger:
    """Collects facts and the fate of every block of one page."""

    __slots__ = ("blocks", "boilerplate", "facts", "left", "names", "source", "state", "text")

    def __init__(self, source: str, text: str, blocks: Sequence[Block]) -> None:
        self.source = source
        """The page's text as it came: prose is quoted from it."""
        self.text = text
        """The folded text, with the same offsets: patterns run over it."""
        self.blocks = blocks
        self.facts: list[Fact] = []
        self.state = [_UNSEEN] * len(blocks)
        self.left: list[tuple[int, int, int, str]] = []
        """(block, start, end, reason) of what is left."""
        self.boilerplate: Counter[str] = Counter()
        self.names: list[str] = []
        """Names of the page's roles, for skeletons."""

    # --- the fate of blocks ----------------------------------------------------------------------------------------

    def took(self, block: int) -> None:
        """The block gave facts."""
        if self.state[block] < EXTRACTED:  # noqa: PLR1730 - max() takes three times as long
            self.state[block] = EXTRACTED

    def knew(self, block: int, kind: str) -> None:
        """The block is boilerplate of the given kind."""
        if self.state[block] < BOILERPLATE:  # noqa: PLR1730
            self.state[block] = BOILERPLATE
        self.boilerplate[kind] += 1

    def pass_by(self, block: int) -> None:
        """The block is a menu or the like: boilerplate, unless it bears facts, which nobody can place there."""
        start, end = self.blocks[block].start, self.blocks[block].end
        if "$" in self.text[start:end] or "%" in self.text[start:end]:
            self.leave(block, "a figure outside of the page's content")
        else:
            self.knew(block, "menu")

    def leave(self, block: int, reason: str, start: int | None = None, end: int | None = None) -> None:
        """The block, or a part of it, is neither fact nor boilerplate."""
        whole = self.blocks[block]
        self.state[block] = LEFT
        self.left.append((block, whole.start if start is None else start, whole.end if end is None else end, reason))

    def leave_unclaimed(self, block: int, claimed: Iterable[tuple[int, int]]) -> None:
        """Leave what bears facts (`$`, `%`, quotes) in the block outside the claimed spans."""
        spans = sorted(claimed)
        whole = self.blocks[block]
        at = whole.start
        for start, end in [*spans, (whole.end, whole.end)]:
            if start > at and (match := _FACT_BEARING.search(self.text, at, start)):
                self._leave_sentence(block, match.start(), at, start)
            at = max(at, end)

    def _leave_sentence(self, block: int, at: int, lowest: int, end: int) -> None:
        begin = max(lowest, self.text.rfind(". ", lowest, at) + 2)
        while begin < end and self.text[begin] in " ,.;":
            begin += 1
        self.leave(block, "a fact-bearing sentence of no known wording", begin, end)

    # --- facts -----------------------------------------------------------------------------------------------------

    def state_fact(
        self,
        table: FactTable,
        role: Role,
        field: str,
        start: int,
        end: int,
        *,
        category: str = "",
        other: Role | None = None,
        value: float | None = None,
        text: str | None = None,
        unit: str = "",
        confidence: float = 1.0,
        readings: tuple[Reading, ...] = (),
        rank: int | None = None,
        example: tuple[int, int] | None = None,
    ) -> None:
        """Note one fact that `text[start:end]` states about `role`."""
        self.facts.append(
            new_fact((
                table, role.role_id, field, category, other.role_id if other else "", value, text, unit, confidence,
                start, end, readings, rank, example,
            ))
        )  # fmt: skip

    def state_cell(
        self, role: Role, metrics: Sequence[str], kind: Kind, start: int, end: int, confidence: float
    ) -> bool:
        """Note what one cell states; False when its words name nothing (a company's blurb without the company)."""
        text, add, role_id = self.text, self.facts.append, role.role_id
        raw = text[start:end]
        if raw == "-":
            for metric in metrics:
                unit = METRIC_UNITS[metric]
                add(new_fact(("metrics", role_id, metric, "", "", None, None, unit, 1.0, start, end, (), None, None)))
            return True
        if kind.says is not None:
            value, words = kind.says(raw)
            metric = metrics[0]
            unit = METRIC_UNITS[metric]
            add(
                new_fact(
                    ("metrics", role_id, metric, "", "", value, words, unit, confidence, start, end, (), None, None)
                )
            )
            return True
        parts = kind.read(text, start, end)
        for slot, category, value, words, begin, stop in parts:
            metric = metrics[slot]
            unit = METRIC_UNITS[metric]
            add(new_fact(
                ("metrics", role_id, metric, category, "", value, words, unit, confidence, begin, stop, (), None, None)
            ))  # fmt: skip
        return bool(parts)

    def state_readings(
        self, role: Role, metrics: Sequence[str], kind: Kind, cells: Sequence[tuple[int, int]], run: tuple[int, int]
    ) -> None:
        """Note a cell with several readings: `cells` has its span under each joint reading of `run`."""
        readings = tuple(self._reading(kind, start, end) for start, end in cells)
        unit = METRIC_UNITS[metrics[0]]
        confidence = ASSUMED_CUT if kind.assumed else 1.0
        self.state_fact(
            "metrics",
            role,
            metrics[0],
            run[0],
            run[1],
            unit=unit,
            confidence=confidence / len(cells),
            readings=readings,
        )

    def _reading(self, kind: Kind, start: int, end: int) -> Reading:
        if self.text[start:end] == "-":
            return Reading(None, None, start, end)
        parts = kind.read(self.text, start, end)
        part = parts[0] if parts else Part(0, "", None, None, start, end)
        return Reading(part.value, part.text, part.start, part.end)

    # --- the end ---------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Leave every block that nobody reported on."""
        if _UNSEEN in self.state:
            for number, state in enumerate(self.state):
                if state == _UNSEEN:
                    self.leave(number, "a line of no known wording")

    def unparsed(self) -> tuple[Unparsed, ...]:
        """What is left, one row per block part, in the order of the text."""
        if not self.left:
            return ()
        names = _names_pattern(self.names)
        return tuple(
            Unparsed(self.blocks[block].line, start, end, reason, skeleton(self.text[start:end], names))
            for block, start, end, reason in sorted(self.left, key=lambda left: (left[1], left[2]))
        )

    def line_states(self) -> dict[int, int]:
        """The worst fate of any block, by line: boilerplate < extracted < left."""
        lines: dict[int, int] = {}
        for (_, _, _, line, _, _), state in zip(self.blocks, self.state, strict=True):
            if state > lines.get(line, 0):
                lines[line] = state
        return lines


_PLACEHOLDERS = (
    (re.compile(r"\$[0-9][0-9,.]*[0-9]|\$[0-9]"), "{money}"),
    (re.compile(r"[-+]?[0-9][0-9,.]*%"), "{percent}"),
    (re.compile(r"[0-9](?:[0-9,.]*[0-9])?"), "{number}"),
    (re.compile(r'"[^"]{1,200}"'), "{quoted}"),
    (re.compile(r"\s+"), " "),
)
MAX_NAMES = 60
"""Names that skeletons look for; a page has some fifteen."""
MAX_SKELETON = 500
"""Characters of a line that its skeleton shows."""


def skeleton(text: str, names: re.Pattern[str] | None) -> str:
    """The text with what varies between pages replaced, so that equal wordings count together."""
    text = text[:MAX_SKELETON]
    if names is not None:
        text = names.sub("{role}", text)
    for pattern, placeholder in _PLACEHOLDERS:
        text = pattern.sub(placeholder, text)
    return text.strip()


def _names_pattern(names: list[str]) -> re.Pattern[str] | None:
    if not names:
        return None
    names = names[:MAX_NAMES]
    longest_first = sorted({name for name in names if name}, key=lambda name: (-len(name), name))
    return re.compile(rf"\b(?:an? )?(?:{'|'.join(map(re.escape, longest_first))})\b", re.IGNORECASE)
