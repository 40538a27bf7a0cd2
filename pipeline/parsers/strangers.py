"""Where a text goes on with another comparison page, as a file does that holds two: the columns there are other roles'.

Such a page says whom it compares in its title, its headings and its first sentence. A link to another comparison looks like a
title, so that one line alone shows nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from itertools import permutations

from pipeline.parsers.naming import Versus
from pipeline.parsers.pairing import pairs_in
from pipeline.roles import Role
from pipeline.sentences import ClauseMatch

Pair = frozenset[str]
"""The keys of two roles."""
_FEWEST = 2
"""Lines that name a pair and so begin another page; of sentences one is enough."""


def turns(
    text: str,
    titles: Sequence[Versus],
    lines: Container[int],
    clauses: Mapping[int, Sequence[ClauseMatch]],
    roles: Sequence[Role],
) -> dict[int, bool]:
    """The blocks behind which the text is about `roles` (True), or about another pair (False); none where all of it is one page."""
    own = frozenset([role.key for role in roles])
    named: dict[int, Pair] = {}
    count: Counter[Pair] = Counter()
    for title in titles:
        pair = named[title.number] = frozenset(title.keys)
        if title.number in lines or not _holds(pair, own):
            count[pair] += 1
    for number, pairs in pairs_in(text, clauses):
        likely = pairs if len(pairs) == 1 else pairs & {own, *count}
        if len(likely) == 1:
            (pair,) = likely
            named[number] = pair
            count[pair] += _FEWEST
    strangers = {pair for pair, lines_with in count.items() if lines_with >= _FEWEST and pair != own}
    if not strangers:
        return {}
    return {number: pair == own for number, pair in named.items() if pair == own or pair in strangers}


def _holds(pair: Pair, own: Pair) -> bool:
    """Whether the names hold those of `own`: a heading with more words than its wording has ("Compare a cook vs a baker today")."""
    return any(
        all(f" {key} " in f" {name} " for name, key in zip(pair, keys, strict=True)) for keys in permutations(own)
    )
