"""Finds the fact-bearing clauses of a paragraph (vocabulary/sentences.toml).

Clauses are searched by what they must hold, never loosely: by a word that a dozen of them share, then by a literal of each,
and only where both are there by their patterns.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Container, Sequence
from functools import cache, partial
from typing import NamedTuple

from pipeline.clauses import Clause, clauses_of_family
from pipeline.model import Block
from pipeline.templates import Template

MAX_TRIES = 200
"""Places of one page at which one clause is tried; a page says each thing once or, per peer, four times."""
MAX_PARAGRAPH = 16_384
"""Characters; longer blocks are not searched for sentences."""
_SHORTEST_SIGN = 4
"""Characters of the shortest word that clauses are filed under; shorter ones are on every page."""
_TELLING = 17
"""Characters of an opening that no other sentence shares; "On average, the " has 16, "It typically takes " 19."""
MAX_CLAUSE = 1_500
"""Characters around its anchor that a clause can reach."""

# A sentence begins behind a full stop, also where a text form has glued it on ("$61,717.The education levels ..."):
# three letters before the stop, or a quote that ends behind it, keep "Sr.", "U.S." and ".NET" whole. A word of two letters, or
# of capitals, ends it too where the next one has a capital ("and manager, IT. For instance"), unless it is such an abbreviation.
# (The stop comes first in the pattern and is looked back from, and each stop has its own: a literal in front is searched for
# ten times as fast as a choice.)
_CLOSING = r"(?: \"(?=\s)|\")"
_SHORT_WORD = (
    r"(?:(?<=[\s/][A-Za-z]{2}.)|(?<=[\s/][A-Z]{3}.)|(?<=[\s/][A-Z]{4}.))"
    r"(?<![JSDMjsdm]r.)(?<![MVmv]s.)(?<![MSFLmsfl]t.)(?<![CNcn]o.)"
)
_SENTENCE_ENDS = {
    stop: re.compile(
        rf"{re.escape(stop)}(?:(?<=[A-Za-z0-9)%\"'][a-z0-9)%\"']{{2}}.){_CLOSING}?|(?<=\w.){_CLOSING}"
        rf"|{_SHORT_WORD}(?=\s+[A-Z][a-z]))(?:\s+|(?=[A-Za-z\"]))"
    )
    for stop in ".!?"
}


class _Paragraph:
    """A paragraph of a page and its sentences, by offset."""

    __slots__ = ("_ends", "end", "start", "text")

    def __init__(self, text: str, start: int, end: int, ends: Sequence[tuple[str, re.Pattern[str]]]) -> None:
        self.text = text
        self.start = start
        self.end = end
        self._ends = ends
        """Stops that the page holds, and what ends a sentence with each."""

    def match(self, clause: Clause, at: int) -> re.Match[str] | None:
        """The clause whose anchor, which does not begin it, stands at an offset."""
        # What looks like the end of a sentence may be inside a word ("node.js"), so the one before is tried as well: first
        # where the wording is searched for, or a list would lose what stands before that word; last where it must begin there.
        last = self.sentence_start(at)
        if clause.opens_loosely:
            return self._match_at(clause, last, at) or self._match_at(clause, self._sentence_before(last), at)
        return self._search_from(clause, self._sentence_before(last), at) or self._search_from(clause, last, at)

    def _match_at(self, clause: Clause, sentence: int, at: int) -> re.Match[str] | None:
        """A clause that begins with a loose hole, and so with the sentence: searched for, it would be tried everywhere."""
        match = clause.template.pattern.match(self.text, sentence, self.end)
        return match if match and at < match.end() and not self._begins_inside_quotes(sentence) else None

    def _search_from(self, clause: Clause, sentence: int, at: int) -> re.Match[str] | None:
        low, high = max(sentence, at - MAX_CLAUSE), min(self.end, at + MAX_CLAUSE)
        match = clause.template.pattern.search(self.text, low, high)
        held = match is not None and match.start() <= at < match.end() and not self._begins_inside_quotes(match.start())
        return match if held else None

    def _begins_inside_quotes(self, offset: int) -> bool:
        """Whether a quote at the offset closes one that was opened before it: half a list is not a list."""
        return self.text[offset] == '"' and self.text.count('"', self.start, offset) % 2 == 1

    def _sentence_before(self, sentence: int) -> int:
        return self.sentence_start(sentence - 1) if sentence > self.start else sentence

    def sentence_start(self, offset: int) -> int:
        """Where the sentence begins that holds the offset; the start of the paragraph where it is longer than a clause."""
        text, latest = self.text, self.start
        floor = max(latest, offset - MAX_CLAUSE)
        for stop, pattern in self._ends:
            at = text.rfind(stop, floor, offset)
            while at != -1:
                match = pattern.match(text, at, self.end)
                if match is not None and (behind := match.end()) <= offset:
                    latest = floor = behind
                    break
                at = text.rfind(stop, floor, at)
        return latest


class ClauseMatch(NamedTuple):
    """A clause found in a paragraph."""

    clause: Clause
    match: re.Match[str]
    paragraph: _Paragraph

    @property
    def sentence(self) -> int:
        """Offset at which the sentence begins that the clause begins in."""
        return self.paragraph.sentence_start(self.match.start())


_new_match: Callable[[tuple[Clause, re.Match[str], _Paragraph]], ClauseMatch] = partial(tuple.__new__, ClauseMatch)
"""A match from its fields in order, as the ledger makes facts."""


class ClauseBook:
    """The clauses of one page family, each filed under what many of them hold.

    A paragraph that lacks the word holds none of them. Where a clause gives an amount or quotes, the sign of that is the word:
    one character is found many times as fast as a word, and half of the paragraphs of a page have none.
    (To part a paragraph into words and look each up costs as much as a search for each clause.)
    """

    def __init__(self, family: str) -> None:
        clauses = clauses_of_family(family)
        self._filed = _filed(clauses)
        self._searches = [_search(clause) for clause in clauses]
        anchors = [clause.template.anchor for clause in clauses if clause.template.leading]
        self._openings = tuple(anchor for anchor in anchors if len(anchor) >= _TELLING)

    def resembles(self, text: str) -> bool:
        """Whether the text holds how a sentence of these pages begins, whatever that says then."""
        return any(opening in text for opening in self._openings)

    def find(
        self, text: str, blocks: Sequence[Block], known: Container[int] = frozenset()
    ) -> dict[int, list[ClauseMatch]]:
        """All clauses of the page by the number of their block, in the order of the text; `known` blocks hold none."""
        found: dict[int, list[ClauseMatch]] = {}
        tries = [MAX_TRIES] * len(self._searches)
        filed = self._filed
        ends = [(stop, pattern) for stop, pattern in _SENTENCE_ENDS.items() if stop in text]
        for number, (kind, start, end, _, _, _) in enumerate(blocks):
            if kind != "text" or end - start > MAX_PARAGRAPH or number in known:
                continue
            words = text[start:end]
            likely = [number for sign, under in filed if sign in words for longest, number in under if longest in words]
            if likely and (hits := self._hits(likely, _Paragraph(text, start, end, ends), tries)):
                found[number] = hits
        return found

    def _hits(self, likely: list[int], paragraph: _Paragraph, tries: list[int]) -> list[ClauseMatch]:
        """The likely clauses that the paragraph does hold, in its order; each has a number of tries left on this page."""
        text, start, end = paragraph.text, paragraph.start, paragraph.end
        hits: list[ClauseMatch] = []
        for number in sorted(likely):
            clause, anchor, match_here = self._searches[number]
            at = text.find(anchor, start, end)
            while at != -1 and tries[number]:
                tries[number] -= 1
                match = match_here(text, at, end) if match_here else paragraph.match(clause, at)
                behind = at + 1
                if match is not None:
                    hits.append(_new_match((clause, match, paragraph)))
                    behind = max(behind, match.end())
                at = text.find(anchor, behind, end)
        if len(hits) > 1:
            hits.sort(key=_span)
        return hits


def _search(clause: Clause) -> tuple[Clause, str, Callable[[str, int, int], re.Match[str] | None] | None]:
    """A clause, its anchor, and, where that begins the clause, what matches it there."""
    template = clause.template
    return clause, template.anchor, template.pattern.match if template.leading else None


def _filed(clauses: Sequence[Clause]) -> list[tuple[str, list[tuple[str, int]]]]:
    """The longest literals and the numbers of the clauses by what they are filed under.

    That is always the word that most of those left hold.
    A clause that shares no word is filed under its longest literal.
    """
    left = {
        (template.longest, number): [template.sign] if template.sign else _long_words(template)
        for number, template in enumerate(clause.template for clause in clauses)
    }
    filed = []
    while left:
        holders = Counter(word for words in left.values() for word in words)
        sign, most = max(holders.items(), key=lambda held: (held[1], len(held[0]), held[0]), default=("", 0))
        if most < 2:
            break
        filed.append((sign, [clause for clause, words in left.items() if sign in words]))
        left = {clause: words for clause, words in left.items() if sign not in words}
    return filed + [(longest, [(longest, number)]) for longest, number in left]


def _long_words(template: Template) -> list[str]:
    return [word for word in template.words if len(word) >= _SHORTEST_SIGN]


def _span(hit: ClauseMatch) -> tuple[int, int]:
    return hit[1].span()


@cache
def clause_book(family: str) -> ClauseBook:
    """The clauses of a page family."""
    return ClauseBook(family)
