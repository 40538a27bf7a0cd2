"""Lines that are known as a whole: headings, lead-ins of lists, dates, boilerplate (vocabulary/lines.toml).

A page has a hundred lines and the vocabulary dozens of wordings, so a line is first sent by its first and last word to the
few wordings that could fit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from pipeline.model import Block
from pipeline.templates import Template, compile_template
from pipeline.vocabulary import each

MAX_LINE = 400
"""Characters; longer text is a paragraph."""
_LONGEST = {"text": MAX_LINE, "heading": MAX_LINE, "item": 59}
"""Characters of a known line by the kind of its block; longer list items than "Show more" are responsibilities."""


@dataclass(frozen=True, slots=True)
class KnownLine:
    """One wording of lines.toml."""

    template: Template
    means: str
    wording: str


class LineMatch(NamedTuple):
    """A line that is known: what it means, and its holes."""

    means: str
    match: re.Match[str]
    template: Template
    wording: str

    def may_be_duty(self, names: Callable[[str], object]) -> bool:
        """Whether an item of a list of responsibilities may read like the line: a heading that names no role of the page.

        `names` tells whether words name one. "Compare different vendors" is what people do.
        """
        if self.means in ("boilerplate", "end"):
            return False
        holes = [hole.name for hole in self.template.holes if hole.type in ("role", "roles", "peer", "pair", "pairs")]
        return not holes or not any(names(self.match[hole]) for hole in holes)


_CHOICE = re.compile(r"\[([^\]]*)\]")


class LineBook:
    """The known lines of one page family, by first and last word."""

    def __init__(self, family: str) -> None:
        self._by_first: dict[str, list[KnownLine]] = {}
        self._by_last: dict[str, list[KnownLine]] = {}
        self._others: list[KnownLine] = []
        for text, means, pages in each("lines", lambda entry: (entry["text"], entry["means"], entry["pages"])):
            if family in pages or "any" in pages:
                self._add(text, means)
        self._initials = frozenset(word[0] for word in self._by_first)
        self._signs = [(known.template.anchor.lower(), known) for known in self._others]

    def _add(self, wording: str, means: str) -> None:
        known = KnownLine(compile_template(wording, whole=True, ignore_case=True), means, wording)
        for expanded in _expand(wording):
            first, last = expanded.lower().split(" ")[0], expanded.lower().split(" ")[-1]
            if "{" not in last:
                likely = self._by_last.setdefault(last, [])
            elif "{" not in first:
                likely = self._by_first.setdefault(first, [])
            else:
                likely = self._others
            # Choices inside a wording do not change where it is filed.
            if known not in likely:
                likely.append(known)

    def find(self, text: str, blocks: Sequence[Block]) -> dict[int, LineMatch]:
        """The known lines of a page by the number of their block, in order."""
        found = {}
        match, longest = self.match, _LONGEST.get
        for number, (kind, start, end, _, _, _) in enumerate(blocks):
            if end - start <= longest(kind, 0):
                line = match(text, start, end)
                if line is not None:
                    found[number] = line
        return found

    def match(self, text: str, start: int, end: int) -> LineMatch | None:
        """The known line that `text[start:end]` is, if it is one."""
        if end - start > MAX_LINE:
            return None
        last = text.rfind(" ", start, end) + 1 or start
        likely = self._by_last.get(text[last:end].lower())
        found = _first_match(likely, text, start, end) if likely is not None else None
        if found is None and last > start and text[start].lower() in self._initials:
            first = text[start : text.find(" ", start, end)].lower()
            found = _first_match(self._by_first.get(first, ()), text, start, end)
        if found is None and self._signs:
            lower = text[start:end].lower()
            found = _first_match([known for sign, known in self._signs if sign in lower], text, start, end)
        return found


def _first_match(candidates: Sequence[KnownLine], text: str, start: int, end: int) -> LineMatch | None:
    for known in candidates:
        match = known.template.pattern.fullmatch(text, start, end)
        if match:
            return LineMatch(known.means, match, known.template, known.wording)
    return None


def _expand(wording: str) -> list[str]:
    """The wording with all its choices written out, so that its first and last words are plain."""
    match = _CHOICE.search(wording)
    if match is None:
        return [wording]
    before, behind = wording[: match.start()], wording[match.end() :]
    return [line for choice in match[1].split("|") for line in _expand(before + choice + behind)]


@cache
def line_book(family: str) -> LineBook:
    """The known lines of a page family."""
    return LineBook(family)
