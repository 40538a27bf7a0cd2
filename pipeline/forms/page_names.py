"""What a page calls its roles, for forms that leave it to the words where a heading begins and ends.

Sentences that name a role between fixed words do so in any form; headings are then looked for with these names in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from pipeline.forms.known import FAMILIES
from pipeline.forms.rewriting import each_line
from pipeline.model import Block
from pipeline.roles import mention_key, singular_of, without_article
from pipeline.sentences import MAX_PARAGRAPH, ClauseMatch, clause_book
from pipeline.templates import Template, compile_template
from pipeline.vocabulary import load

_AND = " and "
_LONGEST = 90
_FIXED = 10
"""Characters of fixed words on both sides of a name, so that no other words can stand there."""
_NOT_A_NAME = re.compile(r'[$%"!?:;|\n]|[a-z]{3}\. |, (?:and|or) ')
_JOIN = re.compile(
    r"[.!?](?:(?<=[a-z0-9)%\"']{2}.)|(?<=\w.)(?= ?\"))(?P<quote> ?\")?(?=[A-Z])(?!(?:JS|Js|NET|Net|IO|COM|Com)\b)"
)
_VERSUS = re.compile(r"\bvs\.? (?=[A-Z])")
_WORD_END = re.compile(r"(?<=\w)(?=\W)|(?<=[a-z])(?=[A-Z])")
_PIECE = MAX_PARAGRAPH // 2


def joins(text: str, start: int, end: int) -> Iterator[int]:
    """Where a paragraph begins in `text[start:end]` right behind the one before; inside one a space follows a full stop."""
    counted, is_open = start, False
    for match in _JOIN.finditer(text, start, end):
        is_open ^= text.count('"', counted, match.end()) % 2 == 1
        counted = match.end()
        # A quote before a capital opens one, or closes the last paragraph's (..."student loans. "Collectors earn ...).
        if not (match["quote"] and is_open):
            yield match.end()


def searchable(text: str) -> list[Block]:
    """The paragraphs of the text, as far as they show, as blocks short enough to be searched for sentences."""
    blocks = []
    for begin, line in each_line(text):
        start, end = begin, begin + len(line)
        for stop in [*joins(text, start, end), end]:
            while stop - start > _PIECE:
                cut = max(text.rfind(". ", start, start + _PIECE) + 2, start + _PIECE // 2)
                blocks.append(Block("text", start, cut, 0))
                start = cut
            blocks.append(Block("text", start, stop, 0))
            start = stop
    return blocks


def clauses_of(text: str, blocks: Sequence[Block]) -> list[ClauseMatch]:
    """The sentences of any page family that the blocks hold, in their order."""
    found = [hit for family in FAMILIES for hits in clause_book(family).find(text, blocks).values() for hit in hits]
    return sorted(found, key=lambda hit: hit.match.span())


def page_names(text: str, clauses: Sequence[ClauseMatch]) -> list[str]:
    """The names in lower case, in each number that the page shows and in the singular, longest first."""
    pairs: list[str] = []
    names: set[str] = set()
    for words, plural, is_pair in [*_in_clauses(clauses), *_in_lines(text)]:
        if is_pair:
            pairs.append(words)
        else:
            names |= _with_singular(words, plural=plural)
    keys = {mention_key(name) for name in names}
    for words in pairs:
        for name in _parted(words, keys):
            names |= _with_singular(name, plural=True)
    names |= set(_in_headings(text, clauses))
    return sorted(names, key=lambda name: (-len(name), name))


def _in_headings(text: str, clauses: Iterable[ClauseMatch]) -> Iterator[str]:
    """Names behind "vs." that a sentence begins with as well ("... vs. UsherUshers do ...", "But ushers earn ...")."""
    words = [hit.match[hole.name] for hit in clauses for hole in hit.clause.roles if hole.opens]
    keys = {mention_key(opening[at:]) for opening in words for at in _word_starts(opening)}
    for match in _VERSUS.finditer(text) if keys else ():
        ends = [end.start() for end in _WORD_END.finditer(text, match.end(), match.end() + _LONGEST)]
        named = [text[match.end() : end] for end in ends if mention_key(text[match.end() : end]) in keys]
        if named:
            yield named[-1].lower()


def _word_starts(words: str) -> list[int]:
    return [0, *(match.end() for match in re.finditer(" ", words))]


def _in_clauses(clauses: Iterable[ClauseMatch]) -> Iterator[tuple[str, bool, bool]]:
    for hit in clauses:
        for hole in hit.clause.roles:
            if not hole.opens:
                yield hit.match[hole.name].lower(), hole.plural, hole.is_pair


def _in_lines(text: str) -> Iterator[tuple[str, bool, bool]]:
    for template in _naming_lines():
        for match in template.pattern.finditer(text) if template.anchor in text else ():
            hole = template.holes[0]
            yield match[hole.name].lower(), hole.plural, hole.type in ("pair", "pairs")


@cache
def _naming_lines() -> tuple[Template, ...]:
    """The known lines that name a role between fixed words."""
    found = []
    for entry in load("lines")["line"]:
        first, brace, rest = entry["text"].partition("{")
        hole, _, last = rest.partition("}")
        if brace and "{" not in last and len(first) >= _FIXED and len(last) > 1 and hole.startswith(("role", "pair")):
            found.append(compile_template(entry["text"]))
    return tuple(found)


def _with_singular(words: str, *, plural: bool) -> set[str]:
    name = without_article(words.strip()).removesuffix("'")
    if not 1 < len(name) <= _LONGEST or _NOT_A_NAME.search(name):
        return set()
    return {name, singular_of(name)} if plural else {name}


def _parted(words: str, keys: set[str]) -> list[str]:
    """The two names of "X and Y": where names hold "and" themselves, the cut beside a name that the page shows singly."""
    cuts = [match.start() for match in re.finditer(_AND, words)]
    if len(cuts) > 1:
        sides = [(cut, {mention_key(words[:cut]), mention_key(words[cut + len(_AND) :])}) for cut in cuts]
        best = max(len(names & keys) for _, names in sides)
        cuts = [cut for cut, names in sides if best and len(names & keys) == best]
    return [words[: cuts[0]], words[cuts[0] + len(_AND) :]] if len(cuts) == 1 else []
