"""Finds the fact-bearing clauses of a paragraph (vocabulary/sentences.toml).

Clauses are searched by what they must hold, never loosely: a paragraph is parted into its words, and only a clause all of
whose words are among them is searched for, by a literal of its own first.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Container, Sequence
from functools import cache
from typing import NamedTuple

from pipeline.clauses import Clause, clauses_of_family
from pipeline.model import Block

MAX_TRIES = 200
"""Places of one page at which one clause is tried; a page says each thing once or, per peer, four times."""
MAX_PARAGRAPH = 16_384
"""Characters; longer blocks are not searched for sentences."""
MAX_CLAUSE = 1_500
"""Characters around its anchor that a clause can reach."""

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


class ClauseMatch(NamedTuple):
    """A clause found in a paragraph."""

    clause: Clause
    match: re.Match[str]
    paragraph: _Paragraph

    @property
    def sentence(self) -> int:
        """Offset at which the sentence begins that the clause begins in."""
        return self.paragraph.sentence_start(self.match.start())


class ClauseBook:
    """The clauses of one page family, each filed under the one of its words that fewest others hold."""

    def __init__(self, family: str) -> None:
        self._clauses = clauses_of_family(family)
        self._by_word: dict[str, list[int]] = {}
        self._wordless: list[int] = []
        holders = Counter(word for clause in self._clauses for word in clause.template.words)
        for number, clause in enumerate(self._clauses):
            words = sorted(clause.template.words, key=lambda word: (holders[word], -len(word), word))
            (self._by_word.setdefault(words[0], []) if words else self._wordless).append(number)
        self._vocabulary = frozenset(holders)
        self._signs = frozenset(self._by_word)

    def find(
        self, text: str, blocks: Sequence[Block], known: Container[int] = frozenset()
    ) -> dict[int, list[ClauseMatch]]:
        """All clauses of the page by the number of their block, in the order of the text; `known` blocks hold none."""
        found: dict[int, list[ClauseMatch]] = {}
        tries = [MAX_TRIES] * len(self._clauses)
        for number, (kind, start, end, _, _, _) in enumerate(blocks):
            if kind == "text" and end - start <= MAX_PARAGRAPH and number not in known:
                likely = self._likely(text[start:end])
                if likely and (hits := self._hits(likely, _Paragraph(text, start, end), tries)):
                    found[number] = hits
        return found

    def _likely(self, paragraph: str) -> list[int]:
        """The numbers of the clauses whose words the paragraph holds all, in order."""
        words = self._vocabulary.intersection(paragraph.split())
        likely = self._wordless.copy()
        for sign in words & self._signs:
            likely += [number for number in self._by_word[sign] if self._clauses[number].template.words <= words]
        likely.sort()
        return likely

    def _hits(self, likely: list[int], paragraph: _Paragraph, tries: list[int]) -> list[ClauseMatch]:
        """The likely clauses that the paragraph does hold, in its order; each has a number of tries left on this page."""
        text, end = paragraph.text, paragraph.end
        hits: list[ClauseMatch] = []
        for number in likely:
            clause = self._clauses[number]
            anchor = clause.template.anchor
            at = text.find(anchor, paragraph.start, end)
            while at != -1 and tries[number]:
                tries[number] -= 1
                match = paragraph.match(clause, at)
                if match is not None:
                    hits.append(ClauseMatch(clause, match, paragraph))
                at = text.find(anchor, at + 1 if match is None else max(at + 1, match.end()), end)
        if len(hits) > 1:
            hits.sort(key=_span)
        return hits


class _Paragraph:
    """A paragraph of a page and its sentences, by offset."""

    __slots__ = ("_sentences", "end", "start", "text")

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text = text
        self.start = start
        self.end = end
        self._sentences: list[int] | None = None

    def match(self, clause: Clause, at: int) -> re.Match[str] | None:
        """The clause whose anchor stands at an offset."""
        text, end, template = self.text, self.end, clause.template
        if template.leading:
            return template.pattern.match(text, at, end)
        # What looks like the end of a sentence may be inside a word ("node.js"), so the one before is tried as well: first
        # where the wording is searched for, or a list would lose what stands before that word; last where it must begin there.
        starts = self._sentence_starts()
        last = bisect_right(starts, at)
        sentences = starts[max(0, last - 2) : last]
        for sentence in reversed(sentences) if clause.opens_loosely else sentences:
            if clause.opens_loosely:
                # A loose hole at the front must begin with the sentence: searched for, it would be tried everywhere.
                match = template.pattern.match(text, sentence, end)
            else:
                match = template.pattern.search(text, max(sentence, at - MAX_CLAUSE), min(end, at + MAX_CLAUSE))
            if match and match.start() <= at < match.end() and not self._begins_inside_quotes(match.start()):
                return match
        return None

    def _begins_inside_quotes(self, offset: int) -> bool:
        """Whether a quote at the offset closes one that was opened before it: half a list is not a list."""
        return self.text[offset] == '"' and self.text.count('"', self.start, offset) % 2 == 1

    def sentence_start(self, offset: int) -> int:
        """Where the sentence begins that holds the offset."""
        starts = self._sentence_starts()
        return starts[bisect_right(starts, offset) - 1]

    def _sentence_starts(self) -> list[int]:
        """Where the sentences begin."""
        starts = self._sentences
        if starts is None:
            starts = self._sentences = [self.start]
            for stop, pattern in _SENTENCE_ENDS.items():
                if self.text.find(stop, self.start, self.end) != -1:
                    starts += [match.end() for match in pattern.finditer(self.text, self.start, self.end)]
            starts.sort()
        return starts


def _span(hit: ClauseMatch) -> tuple[int, int]:
    return hit[1].span()


@cache
def clause_book(family: str) -> ClauseBook:
    """The clauses of a page family."""
    return ClauseBook(family)
