"""Known lines inside a longer line: a page without line breaks is cut at its headings.

In the text that is searched, every name of a role is one character, so that a heading has a beginning and an end wherever it
stands: "... an entry.Common collector skillsPatients, 14%Customer Service, 10% ...".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from pipeline.forms.rewriting import Flat, Origin, Rewriting
from pipeline.vocabulary import load

_HOLE = re.compile(r"\{(?P<type>\w+)(?::\w+)?\}|\[(?P<choice>[^\]]*)\]")
_NAME = "\ue000"
"""Stands for the name of a role, with its article if it has one."""
_HOLES = {
    "number": r"[0-9][0-9,]*",
    "date": r"[A-Z][a-z]+ [0-9]{1,2}, [0-9]{4}",
    "field": r"(?:(?!FIRST)[^$%\"\n.!?:]){2,60}?",
    "any": f"{_NAME}'?(?: and {_NAME}'?)?",
    "pair": f"{_NAME}'? and {_NAME}",
    "pairs": f"{_NAME}'? and {_NAME}'?",
}
_SHORTEST = 7
"""Characters of a known line without a hole; a shorter one ("Ad") may be anything."""
_ENDS = r"(?:(?<=[:.?])|(?! ?(?-i:[a-z])|'s\b))"
_SENTENCE_END = re.compile(r"[.!?:%)\"] ?\Z")
_LOOKED_BACK = 3
_HEADER = re.compile(f"{_NAME} ?{_NAME}(?= ?[A-Z])")


class Heading(NamedTuple):
    """A known line inside a longer one, and what it means; "header" for the names that head a table."""

    start: int
    end: int
    means: str


class _Match(NamedTuple):
    start: int
    end: int
    means: str
    pattern: re.Pattern[str] | None


def headings(text: str, names: Sequence[str]) -> list[Heading]:
    """The known lines in `text` and the names side by side that may head a table, in order; of two that overlap the longer."""
    flat = _masked(text, names)
    lower = flat.text.lower()
    found = [_Match(*match.span(), "header", None) for match in _HEADER.finditer(flat.text)]
    ends: set[int] = set()
    for wording in _wordings():
        if wording.anchor in lower:
            for match in wording.pattern.finditer(flat.text):
                if wording.has_hole or _stands_alone(flat.text, *match.span(), ends):
                    found.append(_Match(*match.span(), wording.means, wording.pattern))
                    ends |= {match.end(), match.end() + 1}
    return [
        Heading(*_span(flat.origin, start, end), means)
        for start, end, means, _ in _apart(found, flat.text)
        if not text[_span(flat.origin, start, end)[0]].islower()
    ]


def _masked(text: str, names: Sequence[str]) -> Flat:
    """The text with one character for each name of a role."""
    if not names:
        return Flat(text)
    name = re.compile(
        rf"(?:(?<![^\W_])|(?=(?-i:[A-Z])))(?:(?:an?|the) )?(?:{'|'.join(map(_in_any_number, names))})(?!(?-i:[a-z]))",
        re.IGNORECASE,
    )
    rewriting = Rewriting(text)
    at = 0
    for match in name.finditer(text):
        rewriting.keep(at, match.start())
        rewriting.put(_NAME, *match.span())
        at = match.end()
    rewriting.keep(at, len(text))
    return rewriting.done()


def _in_any_number(name: str) -> str:
    """A pattern for a name in the singular and the plural; a capital behind it begins the next word ("cookSEO ...")."""
    if name.endswith(("y", "s")):
        return re.escape(name[:-1]) + ("(?:y|(?-i:ies))" if name[-1] == "y" else "(?-i:s)")
    return re.escape(name) + "(?-i:e?s)?"


def _span(origin: Origin | None, start: int, end: int) -> tuple[int, int]:
    return origin.span(start, end) if origin else (start, end)


def _stands_alone(text: str, begin: int, stop: int, ends: set[int]) -> bool:
    """Whether a sentence or a known line, which `ends` before them, and a capital behind them set words apart."""
    before = text[max(0, begin - _LOOKED_BACK) : begin]
    behind = text[stop : stop + 2].lstrip()
    return (not before or begin in ends or _SENTENCE_END.search(before) is not None) and (
        not behind or not behind[0].islower()
    )


def _apart(found: list[_Match], text: str) -> Iterator[_Match]:
    """The matches without those that overlap one before; its end may be another's beginning ("... 20257 min read")."""
    at = -1
    for match in sorted(found, key=lambda match: (match.start, -match.end)):
        if match.start >= at:
            yield match
            at = match.end
        elif match.end > at and match.pattern and (behind := match.pattern.match(text, at)):
            yield match._replace(start=at)
            at = behind.end()


# --- wordings ------------------------------------------------------------------------------------------------------


class _Wording(NamedTuple):
    pattern: re.Pattern[str]
    anchor: str
    means: str
    has_hole: bool


@cache
def _wordings() -> tuple[_Wording, ...]:
    """Every line of the vocabulary that can be told from the words around it, those with a hole first."""
    found = []
    for entry in load("lines")["line"]:
        plain = [words for words in _HOLE.sub("\n", entry["text"]).split("\n") if words]
        has_hole = "{" in entry["text"]
        if plain and (has_hole or len(entry["text"]) >= _SHORTEST):
            anchor = max(plain, key=len).lower()
            means = "samples" if entry.get("samples") else entry["means"]
            found.append(_Wording(_pattern(entry["text"]), anchor, means, has_hole))
    return tuple(sorted(found, key=lambda wording: not wording.has_hole))


def _pattern(wording: str) -> re.Pattern[str]:
    first = re.escape(wording.partition("{")[0])
    parts: list[str] = []
    at = 0
    for piece in _HOLE.finditer(wording):
        parts.append(re.escape(wording[at : piece.start()]))
        if piece["choice"] is not None:
            choices = sorted(piece["choice"].split("|"), key=len, reverse=True)
            parts.append("(?:" + "|".join(map(re.escape, choices)) + ")")
        else:
            parts.append(_HOLES.get(piece["type"], _NAME + "'?").replace("FIRST", first))
        at = piece.end()
    parts.append(re.escape(wording[at:]))
    return re.compile("".join(parts) + _ENDS, re.IGNORECASE)
