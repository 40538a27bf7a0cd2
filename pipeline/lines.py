"""Lines that are known as a whole: headings, lead-ins of lists, dates, boilerplate (vocabulary/lines.toml).

A page has a hundred lines and the vocabulary dozens of wordings, so a line is first sent by its first and last word to the
few wordings that could fit.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from pipeline.templates import Template, compile_template
from pipeline.vocabulary import load

MAX_LINE = 400
"""Characters; longer text is a paragraph."""


class KnownLine(NamedTuple):
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


_CHOICE = re.compile(r"\[([^\]]*)\]")


class LineBook:
    """The known lines of one page family, by first and last word."""

    def __init__(self, family: str) -> None:
        self._by_first: dict[str, list[KnownLine]] = {}
        self._by_last: dict[str, list[KnownLine]] = {}
        self._others: list[KnownLine] = []
        for entry in load("lines")["line"]:
            if family in entry["pages"] or "any" in entry["pages"]:
                self._add(entry["text"], entry["means"])

    def _add(self, wording: str, means: str) -> None:
        known = KnownLine(compile_template(wording, whole=True, ignore_case=True), means, wording)
        for expanded in _expand(wording):
            first, last = expanded.lower().split(" ")[0], expanded.lower().split(" ")[-1]
            if "{" not in last:
                self._by_last.setdefault(last, []).append(known)
            elif "{" not in first:
                self._by_first.setdefault(first, []).append(known)
            elif known not in self._others:
                self._others.append(known)

    def match(self, text: str, start: int, end: int) -> LineMatch | None:
        """The known line that `text[start:end]` is, if it is one."""
        if end - start > MAX_LINE:
            return None
        last = text.rfind(" ", start, end) + 1 or start
        found = _first_match(self._by_last.get(text[last:end].lower()), text, start, end)
        if found is None and last > start:
            first = text[start : text.find(" ", start, end)].lower()
            found = _first_match(self._by_first.get(first), text, start, end)
        if found is None and self._others:
            lower = text[start:end].lower()
            likely = [known for known in self._others if known.template.anchor.lower() in lower]
            found = _first_match(likely, text, start, end)
        return found


def _first_match(candidates: list[KnownLine] | None, text: str, start: int, end: int) -> LineMatch | None:
    for known in candidates or ():
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
