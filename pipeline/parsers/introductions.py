"""How a page introduces its roles: by the holes of the headings and sentences that name them."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.lines import LineMatch
from pipeline.roles import Role, RoleBook
from pipeline.sentences import ClauseMatch


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


def learn_from_clauses(book: RoleBook, hits: Iterable[ClauseMatch]) -> None:
    """Introduce the roles of a paragraph's clauses.

    A hole that opens a clause may hold a lead-in as well ("Additionally, ..."), so it introduces nobody.
    """
    for hit in hits:
        opens = hit.clause.opens_with_role
        for hole in hit.clause.template.holes:
            if hole.type in ("pair", "pairs"):
                learn_pair(book, *hit.match.span(hole.name), plural=hole.plural)
            elif hole.type in ("role", "roles", "peer", "peers") and not opens:
                book.learn(*hit.match.span(hole.name), plural=hole.plural)
            opens = False


def learn_pair(book: RoleBook, start: int, end: int, *, plural: bool) -> list[Role]:
    """Introduce the roles of "A and B" where at least one is known; without that, a single "and" must part them."""
    text = book.text
    cuts = []
    at = text.find(" and ", start, end)
    while at != -1:
        cuts.append(at)
        at = text.find(" and ", at + 1, end)
    for cut in cuts:
        if book.find(text[start:cut]) or book.find(text[cut + 5 : end]):
            cuts = [cut]
            break
    if len(cuts) != 1:
        return []
    pair = (book.learn(start, cuts[0], plural=plural), book.learn(cuts[0] + 5, end, plural=plural))
    return [role for role in pair if role is not None]
