"""Lists of skills of a comparison page whose headings a text form dropped (trafilatura keeps the items only).

A page's sentence on top skills names the first three of each role's list, in the list's order (all 49 comparison texts that show
both), so a list tells whose it is by how it begins. Where two roles have the same top skills, where a beginning stands at several
places, or where shares rise inside a list, nothing is stated.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.ledger import UNSEEN, Ledger
from pipeline.parsers.lists import listed_skill, state_listed_skill
from pipeline.roles import Role, slug

_TOP = 3


def state_unheaded_skills(ledger: Ledger, roles: Sequence[Role]) -> None:
    """State the lists that begin with a role's top skills; to be asked when every block has been offered to the parser."""
    if UNSEEN not in ledger.state:
        return
    tops = {tuple(_top(ledger, role)): role for role in roles}
    for run in _runs(ledger):
        found = [(number, skill) for number in run if (skill := listed_skill(ledger, number))]
        names = [slug(skill) for _, (skill, _) in found]
        begins = [at for at in range(len(names)) if tuple(names[at : at + _TOP]) in tops]
        # Both lists must begin, once each and the first of them with the first item, or one could be taken for the other's end.
        owners = [tops[tuple(names[at : at + _TOP])] for at in begins]
        if begins[:1] != [0] or len(owners) != len(roles) or set(owners) != set(roles):
            continue
        for at, end, role in zip(begins, [*begins[1:], len(found)], owners, strict=True):
            shares = [share for _, (_, share) in found[at:end]]
            if shares == sorted(shares, reverse=True):
                for rank, (number, _) in enumerate(found[at:end], 1):
                    state_listed_skill(ledger, number, role, rank)


def _top(ledger: Ledger, role: Role) -> list[str]:
    """The role's top skills as the page's sentence names them."""
    facts = [fact for fact in ledger.facts if fact.field == "top" and fact.role_id == role.role_id and fact.text]
    return [slug(fact.text or "") for fact in facts][:_TOP]


def _runs(ledger: Ledger) -> Iterator[list[int]]:
    """The numbers of neighbouring blocks that are skills with their shares."""
    run: list[int] = []
    for number, state in enumerate(ledger.state):
        if state == UNSEEN and listed_skill(ledger, number) is not None:
            run.append(number)
        elif run:
            yield run
            run = []
    if run:
        yield run
