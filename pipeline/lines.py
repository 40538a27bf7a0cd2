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


_CHOICE_ENDS = re.compile(r"^\[([^\]]*)\]|\[([^\]]*)\]$")


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
            first, last = expanded.split(" ")[0], expanded.split(" ")[-1]
            if "{" not in last:
                self._by_last.setdefault(_word(last), []).append(known)
            elif "{" not in first:
                self._by_first.setdefault(_word(first), []).append(known)
            elif known not in self._others:
                self._others.append(known)

    def match(self, text: str, start: int, end: int) -> LineMatch | None:
        """The known line that `text[start:end]` is, if it is one."""
        if end - start > MAX_LINE:
            return None
        gap = text.find(" ", start, end)
        first = _word(text[start : gap if gap != -1 else end])
        last = _word(text[text.rfind(" ", start, end) + 1 if gap != -1 else start : end])
        for candidates in (self._by_last.get(last), self._by_first.get(first), self._others):
            for known in candidates or ():
                match = known.template.pattern.fullmatch(text, start, end)
                if match:
                    return LineMatch(known.means, match, known.template, known.wording)
        return None


def _word(word: str) -> str:
    return word.lower().strip(".:?!,")


def _expand(wording: str) -> list[str]:
    """The wording with its first and last choice written out, so that its first and last words are plain."""
    match = _CHOICE_ENDS.search(wording)
    if match is None:
        return [wording]
    choices = (match[1] if match[1] is not None else match[2]).split("|")
    return [line for choice in choices for line in _expand(wording[: match.start()] + choice + wording[match.end() :])]


@cache
def line_book(family: str) -> LineBook:
    """The known lines of a page family."""
    return LineBook(family)
