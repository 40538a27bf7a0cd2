"""The two roles of "X and Y" where X or Y may hold "and" themselves ("cashier and managers and welder and cooks").

One such statement leaves several cuts. A page makes more of them, and names the roles singly as well, so the cut is the one
on which all that it says agrees; where several agree, or none does, the page does not say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from pipeline.lines import LineMatch
from pipeline.roles import Role, RoleBook, mention_key
from pipeline.sentences import ClauseMatch

_AND = " and "
_PAIRS = frozenset({"pair", "pairs"})
_NAMES = frozenset({"role", "roles", "peer", "peers", "who"})


class _Mention(NamedTuple):
    """What stands in a hole that names roles."""

    start: int
    end: int
    type: str
    plural: bool
    opens: bool
    """Whether it begins a sentence, where a lead-in may stand before the name ("Additionally, ...")."""


def roles_of_pairs(
    book: RoleBook, lines: Iterable[LineMatch], clauses: Mapping[int, Sequence[ClauseMatch]]
) -> list[Role | None]:
    """The two roles that the page's statements about both agree on, introduced into `book`; empty when it leaves a choice."""
    mentions = [*_in_clauses(clauses), *_in_lines(lines)]
    cuts: dict[frozenset[str], tuple[_Mention, int]] | None = None
    for mention in mentions:
        if mention.type in _PAIRS:
            legal = _cuts(book.text, mention)
            cuts = legal if cuts is None else {pair: cuts[pair] for pair in cuts if pair in legal}
    if cuts is None:
        return []
    if len(cuts) > 1:
        named = [mention for mention in mentions if mention.type in _NAMES]
        cuts = {pair: cuts[pair] for pair in cuts if named and all(_is_one_of(pair, m, book.text) for m in named)}
    if len(cuts) != 1:
        return []
    (mention, cut) = next(iter(cuts.values()))
    return [
        book.learn(mention.start, cut, plural=mention.plural),
        book.learn(cut + len(_AND), mention.end, plural=mention.plural),
    ]


def pairs_in(
    text: str, clauses: Mapping[int, Sequence[ClauseMatch]]
) -> Iterator[tuple[int, AbstractSet[frozenset[str]]]]:
    """The block of every sentence about "X and Y", and the keys of every two roles that it can mean."""
    for number, hits in clauses.items():
        for mention in _in_clauses({number: hits}):
            if mention.type in _PAIRS and (cuts := _cuts(text, mention)):
                yield number, cuts.keys()


def _in_clauses(clauses: Mapping[int, Sequence[ClauseMatch]]) -> Iterator[_Mention]:
    for hit in (hit for hits in clauses.values() for hit in hits):
        for hole in hit.clause.roles:
            yield _Mention(*hit.match.span(hole.name), hole.type, hole.plural, hole.opens)


def _in_lines(lines: Iterable[LineMatch]) -> Iterator[_Mention]:
    for line in lines:
        for hole in line.template.holes:
            yield _Mention(*line.match.span(hole.name), hole.type, hole.plural, opens=False)


def _cuts(text: str, mention: _Mention) -> dict[frozenset[str], tuple[_Mention, int]]:
    """The keys of every two roles that a statement about both can mean, and where it is cut then."""
    cuts = {}
    at = text.find(_AND, mention.start, mention.end)
    while at != -1:
        pair = frozenset({mention_key(text[mention.start : at]), mention_key(text[at + len(_AND) : mention.end])})
        if len(pair) == 2 and all(pair):
            cuts[pair] = (mention, at)
        at = text.find(_AND, at + 1, mention.end)
    return cuts


def _is_one_of(pair: frozenset[str], mention: _Mention, text: str) -> bool:
    key = mention_key(text[mention.start : mention.end])
    return key in pair or (mention.opens and any(key.endswith(" " + name) for name in pair))
