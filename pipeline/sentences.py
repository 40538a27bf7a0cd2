"""Finds the fact-bearing clauses of a paragraph (vocabulary/sentences.toml).

Clauses are searched by a literal that they must hold, never loosely: a paragraph without the literal costs one substring
search. What a clause states is data as well (:class:`Statement`); turning it into facts is the parsers' work, because only
they know the page's roles.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache
from typing import Any, NamedTuple

from pipeline.templates import Template, compile_template
from pipeline.vocabulary import load

MAX_TRIES = 100
"""Places of one paragraph at which one clause is tried; a page says each thing once or, per peer, four times."""
MAX_CLAUSE = 1_500
"""Characters around its anchor that a clause can reach."""
ROLE_HOLES = frozenset({"role", "roles", "peer", "peers", "who", "pair", "pairs"})

# A sentence begins behind a full stop, also where a text form has glued it on ("$61,717.The education levels ..."):
# three letters before the stop keep "Sr.", "U.S." and ".NET" whole.
_SENTENCE_END = re.compile(r"(?<=[a-z0-9)%\"']{3})[.!?]\"?(?:\s+|(?=[A-Za-z\"]))")


class Statement(NamedTuple):
    """What a clause states, by the names of its holes; see the head of sentences.toml."""

    kind: str
    """`metric`, `skill`, `compare` or `example`."""
    field: str
    role: str
    other: str
    value: str
    text: str
    category: str
    sign: str
    skills: str
    share: str
    count: int


class Clause(NamedTuple):
    """One wording and what it states; `sigil` is a character that every match holds ("" when there is none)."""

    template: Template
    statements: tuple[Statement, ...]
    sigil: str
    opens_with_role: bool
    opens_loosely: bool


class ClauseMatch(NamedTuple):
    """A clause found in a paragraph."""

    clause: Clause
    match: re.Match[str]
    sentence: int
    """Offset at which the sentence begins that the clause begins in."""


def _statement(entry: dict[str, Any]) -> Statement:
    kind = next(kind for kind in ("metric", "skill", "compare", "example") if kind in entry)
    hole = entry.get
    return Statement(
        kind, entry[kind], hole("role", ""), hole("other", ""), hole("value", ""), hole("text", ""),
        hole("category", ""), hole("sign", ""), hole("skills", ""), hole("share", ""), hole("count", 0),
    )  # fmt: skip


_SIGILS = (("$", {"money"}), ("%", {"percent"}), ('"', {"quoted", "quote"}))


def _clause(entry: dict[str, Any]) -> Clause:
    template = compile_template(entry["text"])
    if "anchor" in entry:
        template = template._replace(anchor=entry["anchor"], leading=False)
    types = {hole.type for hole in template.holes} | ({"quote"} if "{quote}" in entry["text"] else set())
    sigil = next((sigil for sigil, having in _SIGILS if types & having), "")
    opens_with_role = entry["text"].startswith(tuple("{" + hole for hole in ROLE_HOLES))
    opens_loosely = opens_with_role or entry["text"].startswith("{skill")
    return Clause(template, tuple(map(_statement, entry.get("facts", ()))), sigil, opens_with_role, opens_loosely)


class ClauseBook:
    """The clauses of one page family, by the character that their matches must hold."""

    def __init__(self, family: str) -> None:
        clauses = [_clause(entry) for entry in load("sentences")["clause"] if family in entry["pages"]]
        self._by_sigil = {
            sigil: [clause for clause in clauses if clause.sigil == sigil] for sigil in ("", "$", "%", '"')
        }

    def find(self, text: str, start: int, end: int) -> list[ClauseMatch]:
        """All clauses of `text[start:end]`, in the order of the text."""
        found: list[ClauseMatch] = []
        starts: list[int] = []
        for sigil, clauses in self._by_sigil.items():
            if sigil and text.find(sigil, start, end) == -1:
                continue
            for clause in clauses:
                at = text.find(clause.template.anchor, start, end)
                tries = MAX_TRIES
                while at != -1 and tries:
                    starts = starts or _sentence_starts(text, start, end)
                    hit = _match(clause, text, at, starts, end)
                    if hit:
                        found.append(hit)
                    at = text.find(clause.template.anchor, max(at + 1, hit.match.end() if hit else 0), end)
                    tries -= 1
        found.sort(key=lambda hit: hit.match.span())
        return found


def _match(clause: Clause, text: str, at: int, starts: list[int], end: int) -> ClauseMatch | None:
    sentence = starts[bisect_right(starts, at) - 1]
    pattern = clause.template.pattern
    if clause.template.leading:
        match = pattern.match(text, at, end)
    elif clause.opens_loosely:
        # A loose hole at the front must begin with the sentence: searched for, it would be tried at every character.
        match = pattern.match(text, sentence, end)
    else:
        match = pattern.search(text, max(sentence, at - MAX_CLAUSE), min(end, at + MAX_CLAUSE))
    return ClauseMatch(clause, match, sentence) if match else None


def _sentence_starts(text: str, start: int, end: int) -> list[int]:
    return [start, *(match.end() for match in _SENTENCE_END.finditer(text, start, end))]


@cache
def clause_book(family: str) -> ClauseBook:
    """The clauses of a page family."""
    return ClauseBook(family)
