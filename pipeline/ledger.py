"""What became of every line of a page: the facts read, the boilerplate known, and what is left.

A parser reports on every block; whatever it reports nothing of is unparsed. A line is extracted only when nothing
fact-bearing on it is left over, so that the three kinds of lines add up and nothing disappears.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from operator import itemgetter

from pipeline.model import Block, Fact, FactTable, Reading, Unparsed
from pipeline.roles import Role

UNSEEN, BOILERPLATE, EXTRACTED, LEFT = range(4)
"""The fate of a block, worst last."""
_SIGNS = '$%"0123456789'
_FACT_BEARING = re.compile(r'[$%"0-9]')


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
        self.state = [UNSEEN] * len(blocks)
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
        """Leave what bears facts (amounts, numbers, quotes) in the block outside the claimed spans."""
        spans = sorted(claimed)
        _, low, high, _, _, _ = self.blocks[block]
        at, gaps = low, []
        for start, end in spans:
            gaps.append(self.text[at:start])
            at = max(at, end)
        gaps.append(self.text[at:high])
        rest = "".join(gaps)
        # One look for each sign: a pattern of all of them takes five times as long.
        if any(map(rest.__contains__, _SIGNS)):
            self._leave_between(block, [*spans, (high, high)], low)

    def _leave_between(self, block: int, spans: Iterable[tuple[int, int]], at: int) -> None:
        for start, end in spans:
            sign = _FACT_BEARING.search(self.text, at, start)
            if sign:
                self._leave_sentence(block, sign.start(), at, start)
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

    def quote(self, start: int, end: int) -> str:
        """The page's own words, parted by single spaces."""
        words = self.source[start:end]
        # The only printable white space is the space. Two looks at the words cost a third of parting and joining them.
        return words if words.isprintable() and "  " not in words else " ".join(words.split())

    # --- the end ---------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Leave every block that nobody reported on."""
        if UNSEEN in self.state:
            for number, state in enumerate(self.state):
                if state == UNSEEN:
                    self.leave(number, "a line of no known wording")

    def unparsed(self) -> tuple[Unparsed, ...]:
        """What is left, one row per block part, in the order of the text."""
        if not self.left:
            return ()
        names = _to_look_for(self.names)
        return tuple(
            Unparsed(self.blocks[block].line, start, end, reason, skeleton(self.text[start:end], names))
            for block, start, end, reason in sorted(self.left, key=lambda left: (left[1], left[2]))
        )

    def line_states(self) -> dict[int, int]:
        """The worst fate of any block, by line: boilerplate < extracted < left."""
        # Of equal keys the last stays: the worst, when sorted.
        return dict(sorted(zip(map(_line_of, self.blocks), self.state, strict=True)))


_line_of: Callable[[Block], int] = itemgetter(Block._fields.index("line"))
_PLACEHOLDERS = (
    ("$", re.compile(r"\$[0-9][0-9,.]*[0-9]|\$[0-9]"), "{money}"),
    ("%", re.compile(r"[-+]?[0-9][0-9,.]*%"), "{percent}"),
    ("", re.compile(r"[0-9](?:[0-9,.]*[0-9])?"), "{number}"),
    ('"', re.compile(r'"[^"]{1,200}"'), "{quoted}"),
)
"""A sign that what varies cannot lack, its pattern, and what stands for it."""
MAX_NAMES = 60
"""Names that skeletons look for; a page has some fifteen."""
MAX_SKELETON = 500
"""Characters of a line that its skeleton shows."""


def skeleton(text: str, names: Sequence[str]) -> str:
    """The text with what varies between pages replaced, so that equal wordings count together."""
    text = _without_names(text[:MAX_SKELETON], names)
    for sign, pattern, placeholder in _PLACEHOLDERS:
        if sign in text:
            text = pattern.sub(placeholder, text)
    return " ".join(text.split())


def _to_look_for(names: list[str]) -> list[str]:
    """The names in lower case, longest first."""
    return sorted({name.lower() for name in names[:MAX_NAMES] if name}, key=lambda name: (-len(name), name))


def _without_names(text: str, names: Sequence[str]) -> str:
    """The text with `{role}` for every name and its article.

    Names differ from page to page: to compile a pattern of them takes longer than to parse the page.
    """
    lower = text.lower()
    if len(lower) != len(text):  # one letter became two, and offsets would no longer fit
        lower = text
    places: list[tuple[int, bool, int]] = []
    for name in names:
        at = lower.find(name)
        while at != -1:
            start = _with_article(lower, at)
            if _is_edge(lower, start) and _is_edge(lower, at + len(name)):
                places.append((start, start == at, at + len(name)))
            at = lower.find(name, at + 1)
    pieces: list[str] = []
    done = 0
    for start, _, end in sorted(places, key=itemgetter(0, 1)):
        if start >= done:
            pieces += (text[done:start], "{role}")
            done = end
    return "".join(pieces) + text[done:]


def _with_article(lower: str, at: int) -> int:
    """Where a name at an offset begins together with its article."""
    for article in ("a ", "an "):
        start = at - len(article)
        if start >= 0 and lower.startswith(article, start) and _is_edge(lower, start):
            return start
    return at


def _is_edge(text: str, at: int) -> bool:
    """Whether a word begins or ends at the offset, as patterns have it."""
    before = at > 0 and (text[at - 1].isalnum() or text[at - 1] == "_")
    behind = at < len(text) and (text[at].isalnum() or text[at] == "_")
    return before != behind
