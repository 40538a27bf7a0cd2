"""What stands between two known lines of a page without line breaks: items, a description, sentences, or words unknown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.forms.line_blocks import LONG_LINE
from pipeline.forms.page_names import joins
from pipeline.roles import mention_key
from pipeline.sentences import ClauseMatch

_SKILL = re.compile(r" ?([^\W_a-z][^%\n]{0,100}?, [0-9]{1,3}(?:\.[0-9]{1,2})?%)(?! ?[a-z])")
_PEERS = frozenset({"peer", "peers"})


class Piece(NamedTuple):
    """A block of a line; one that is not `sure` may be several, or part of one."""

    start: int
    end: int
    sure: bool


def listed_skills(text: str, start: int, end: int) -> list[Piece]:
    """The skills that follow a list's heading, each with its share."""
    found = []
    while (match := _SKILL.match(text, start, end)) is not None:
        found.append(Piece(*match.span(1), sure=True))
        start = match.end()
    return found


def companies(text: str, start: int, end: int, names: Sequence[str]) -> list[Piece]:
    """The companies that follow the list's lead-in, each with the number of jobs that it offers."""
    found = []
    jobs = re.compile(rf"[0-9] (?:{'|'.join(map(re.escape, names))}) jobs?", re.IGNORECASE)
    for match in jobs.finditer(text, start, end) if names else ():
        found.append(Piece(start, match.end(), sure=True))
        start = match.end()
    return found


def parted(text: str, start: int, end: int, clauses: Sequence[ClauseMatch], *, announced: bool) -> Iterator[Piece]:
    """The paragraphs of `text[start:end]`, as far as something shows where they end.

    The first one is a description where a heading has `announced` it and nothing else can have been run onto it.
    """
    cuts = sorted({cut for cut in (*joins(text, start, end), *_sentences(clauses)) if start < cut < end})
    for begin, stop in zip([start, *cuts], [*cuts, end], strict=True):
        is_stated = any(begin <= hit.match.start() < stop for hit in clauses)
        ends = stop == end or text[stop - 1] != " "
        is_description = announced and begin == start and ends and _is_prose(text[begin:stop].strip())
        yield Piece(begin, stop, sure=is_stated or is_description)


def _is_prose(words: str) -> bool:
    return 0 < len(words) <= LONG_LINE and words[0].isalpha() and words[-1] in '.!?"'


def _sentences(clauses: Sequence[ClauseMatch]) -> Iterator[int]:
    """Where the first sentence begins that is known, and each that turns to another role than the one before."""
    peer = ""
    for number, hit in enumerate(clauses):
        turned = _peer(hit)
        if number == 0 or (turned and peer and turned != peer):
            yield hit.sentence
        peer = turned or peer


def _peer(hit: ClauseMatch) -> str:
    """The role that a clause compares with the page's own."""
    for hole in hit.clause.roles:
        if hole.type in _PEERS and not hole.opens:
            return mention_key(hit.match[hole.name])
    return ""
