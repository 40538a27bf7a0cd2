"""How a page introduces its roles: by the holes of the headings and sentences that name them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pipeline.lines import LineMatch
from pipeline.model import Block
from pipeline.roles import Role, RoleBook, mention_key, opens_with
from pipeline.sentences import ClauseMatch

_DESCRIPTION_DISTANCE = 8
"""Paragraphs between a peer's description and the last fact about it."""


def learn_from_line(book: RoleBook, hit: LineMatch) -> list[Role]:
    """Introduce the roles that a heading names, in the order of the heading."""
    roles = []
    for hole in hit.template.holes:
        if hole.type in ("role", "roles", "peer", "peers"):
            role = book.learn(*hit.match.span(hole.name), plural=hole.plural)
            if role is not None:
                roles.append(role)
        elif hole.type in ("pair", "pairs"):
            roles += learn_pair(book, *hit.match.span(hole.name), plural=hole.plural)
    return roles


def learn_from_clauses(book: RoleBook, hits: Iterable[ClauseMatch], own: Role | None = None) -> None:
    """Introduce the roles of a paragraph's clauses; `own` is the page's, where it has one.

    A hole that opens a clause may hold a lead-in as well ("Additionally, ..."), so it introduces nobody; nor does one for the
    page's own role that names another.
    """
    for hit in hits:
        match = hit.match
        for hole in hit.clause.roles:
            if hole.is_pair:
                learn_pair(book, *match.span(hole.name), plural=hole.plural)
            elif own is not None and hole.is_own and mention_key(match[hole.name]) != own.key:
                continue
            elif not hole.opens and hole.type != "who":
                book.learn(*match.span(hole.name), plural=hole.plural)


def learn_from_subjects(book: RoleBook, blocks: Sequence[Block], clauses: Mapping[int, Sequence[ClauseMatch]]) -> None:
    """Introduce peers that a page without headings names as subjects only ("Ushers really shine in ...").

    What opens a sentence may be more than a name, so a second sign must agree: a paragraph shortly before opens with the
    same role, as its description does.
    """
    for number, hits in clauses.items():
        for hit in hits:
            hole = hit.clause.template.holes[0] if hit.clause.opens_with_role else None
            if hole is None or hole.type not in ("peer", "peers", "who") or book.find(hit.match[hole.name]) is not None:
                continue
            key = mention_key(hit.match[hole.name])
            near = blocks[max(0, number - _DESCRIPTION_DISTANCE) : number]
            if any(opens_with(book.text[start:end], key) for _, start, end, _, _, _ in near):
                book.learn(*hit.match.span(hole.name), plural=True)


def learn_pair(book: RoleBook, start: int, end: int, *, plural: bool) -> list[Role]:
    """Introduce the roles of "A and B" where the page leaves one way to part them.

    Names may hold "and" themselves ("technician and secretary"): a cut between two known roles is best, then one beside a
    known role, then the only one there is.
    """
    text = book.text
    cuts = []
    at = text.find(" and ", start, end)
    while at != -1:
        known = (book.find(text[start:at]) is not None) + (book.find(text[at + 5 : end]) is not None)
        cuts.append((known, at))
        at = text.find(" and ", at + 1, end)
    best = max((known for known, _ in cuts), default=0)
    likely = [at for known, at in cuts if known == best]
    if len(likely) != 1:
        return []
    cut = likely[0]
    pair = (book.learn(start, cut, plural=plural), book.learn(cut + 5, end, plural=plural))
    return [role for role in pair if role is not None]
