"""Finds the fact-bearing clauses of a paragraph (vocabulary/sentences.toml).

Clauses are searched by a literal that they must hold, never loosely: a paragraph without the literal costs one substring
search. What a clause states is data as well (:class:`Statement`); turning it into facts is the parsers' work, because only
they know the page's roles.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, NamedTuple

from pipeline.model import Block
from pipeline.templates import Template, compile_template
from pipeline.vocabulary import load

MAX_TRIES = 200
"""Places of one page at which one clause is tried; a page says each thing once or, per peer, four times."""
MAX_PARAGRAPH = 16_384
"""Characters; longer blocks are not searched for sentences."""
MAX_CLAUSE = 1_500
"""Characters around its anchor that a clause can reach."""
ROLE_HOLES = frozenset({"role", "roles", "peer", "peers", "who", "pair", "pairs"})

# A sentence begins behind a full stop, also where a text form has glued it on ("$61,717.The education levels ..."):
# three letters before the stop, or a quote that ends behind it, keep "Sr.", "U.S." and ".NET" whole.
# (The stop comes first in the pattern and is looked back from, and each stop has its own: a literal in front is searched for
# ten times as fast as a choice.)
_CLOSING = r"(?: \"(?=\s)|\")"
_SENTENCE_ENDS = {
    stop: re.compile(
        rf"{re.escape(stop)}(?:(?<=[A-Za-z0-9)%\"'][a-z0-9)%\"']{{2}}.){_CLOSING}?|(?<=\w.){_CLOSING})(?:\s+|(?=[A-Za-z\"]))"
    )
    for stop in ".!?"
}


@dataclass(frozen=True, slots=True)
class Statement:
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
    length: int
    """Number of skills in a list without quotes; 0 for a quoted list."""
    rank: int
    """Place of the one skill that the clause names in its list."""


@dataclass(frozen=True, slots=True)
class RoleHole:
    """A hole that names a role, or two."""

    name: str
    type: str
    plural: bool
    is_pair: bool
    opens: bool
    """Whether the clause begins with it: it may hold a lead-in as well then ("Additionally, ...")."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One wording and what it states; one that opens loosely begins with a hole that admits almost anything."""

    template: Template
    statements: tuple[Statement, ...]
    opens_with_role: bool
    opens_loosely: bool
    roles: tuple[RoleHole, ...]
    """The template's holes that name roles."""
    names_a_peer: bool
    """Whether a hole may name another role than the page's own."""


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
        hole("category", ""), hole("sign", ""), hole("skills", ""), hole("share", ""), hole("count", 0), hole("rank", 0),
    )  # fmt: skip


def _clause(entry: dict[str, Any]) -> Clause:
    template = compile_template(entry["text"])
    if "anchor" in entry:
        template = replace(template, anchor=entry["anchor"], leading=False)
    opens_with_role = entry["text"].startswith(tuple("{" + hole for hole in ROLE_HOLES))
    opens_loosely = opens_with_role or entry["text"].startswith("{skill")
    statements = tuple(map(_statement, entry.get("facts", ())))
    roles = tuple(
        RoleHole(hole.name, hole.type, hole.plural, hole.type in ("pair", "pairs"), opens_with_role and number == 0)
        for number, hole in enumerate(template.holes)
        if hole.type in ROLE_HOLES
    )
    names_a_peer = any(hole.type not in ("role", "roles") for hole in roles)
    return Clause(template, statements, opens_with_role, opens_loosely, roles, names_a_peer)


class ClauseBook:
    """The clauses of one page family."""

    def __init__(self, family: str) -> None:
        self._clauses = [_clause(entry) for entry in load("sentences")["clause"] if family in entry["pages"]]

    def find(self, text: str, blocks: Sequence[Block]) -> dict[int, list[ClauseMatch]]:
        """All clauses of the page by the number of their block, in the order of the text.

        Each clause's literal is searched for in the whole page at once: most of them are not there.
        """
        paragraphs = _Paragraphs(text, blocks)
        found: dict[int, list[ClauseMatch]] = {}
        for clause in self._clauses:
            anchor = clause.template.anchor
            at = text.find(anchor)
            tries = MAX_TRIES
            while at != -1 and tries:
                behind = at + 1
                number = paragraphs.at(at)
                if number is not None and (hit := paragraphs.match(clause, number, at)) is not None:
                    found.setdefault(number, []).append(hit)
                    behind = max(behind, hit.match.end())
                at = text.find(anchor, behind)
                tries -= 1
        for hits in found.values():
            if len(hits) > 1:
                hits.sort(key=_span)
        return found


class _Paragraphs:
    """The paragraphs of a page and their sentences, by offset."""

    def __init__(self, text: str, blocks: Sequence[Block]) -> None:
        self._text = text
        self._blocks = blocks
        self._starts = [start for _, start, _, _, _, _ in blocks]
        self._sentences: dict[int, list[int]] = {}

    def at(self, offset: int) -> int | None:
        """The number of the paragraph that holds the offset, if one does."""
        number = bisect_right(self._starts, offset) - 1
        if number < 0:
            return None
        kind, start, end, _, _, _ = self._blocks[number]
        return number if kind == "text" and offset < end and end - start <= MAX_PARAGRAPH else None

    def match(self, clause: Clause, number: int, at: int) -> ClauseMatch | None:
        """The clause whose anchor stands at an offset of the paragraph."""
        text, template = self._text, clause.template
        end = self._blocks[number].end
        if template.leading:
            match = template.pattern.match(text, at, end)
            return ClauseMatch(clause, match, self._sentence_start(number, at)) if match else None
        # What looks like the end of a sentence may be inside a word ("node.js"), so the one before is tried as well: first
        # where the wording is searched for, or a list would lose what stands before that word; last where it must begin there.
        starts = self._sentence_starts(number)
        last = bisect_right(starts, at)
        sentences = starts[max(0, last - 2) : last]
        for sentence in reversed(sentences) if clause.opens_loosely else sentences:
            if clause.opens_loosely:
                # A loose hole at the front must begin with the sentence: searched for, it would be tried everywhere.
                match = template.pattern.match(text, sentence, end)
            else:
                match = template.pattern.search(text, max(sentence, at - MAX_CLAUSE), min(end, at + MAX_CLAUSE))
            if match and match.start() <= at < match.end() and not self._begins_inside_quotes(number, match.start()):
                return ClauseMatch(clause, match, self._sentence_start(number, match.start()))
        return None

    def _begins_inside_quotes(self, number: int, offset: int) -> bool:
        """Whether a quote at the offset closes one that was opened before it: half a list is not a list."""
        text = self._text
        return text[offset] == '"' and text.count('"', self._blocks[number].start, offset) % 2 == 1

    def _sentence_start(self, number: int, offset: int) -> int:
        """Where the sentence begins that holds the offset."""
        starts = self._sentence_starts(number)
        return starts[bisect_right(starts, offset) - 1]

    def _sentence_starts(self, number: int) -> list[int]:
        """Where the sentences of a paragraph begin."""
        starts = self._sentences.get(number)
        if starts is None:
            _, start, end, _, _, _ = self._blocks[number]
            starts = self._sentences[number] = [start]
            for stop, pattern in _SENTENCE_ENDS.items():
                if self._text.find(stop, start, end) != -1:
                    starts += [match.end() for match in pattern.finditer(self._text, start, end)]
            starts.sort()
        return starts


def _span(hit: ClauseMatch) -> tuple[int, int]:
    return hit[1].span()


@cache
def clause_book(family: str) -> ClauseBook:
    """The clauses of a page family."""
    return ClauseBook(family)
