"""Sample sentences of skills whose names a text form dropped (the stripped form: seed 004)."""

from __future__ import annotations

from pipeline.ledger import Ledger
from pipeline.roles import Role


def state_sample(ledger: Ledger, number: int, role: Role, rank: int) -> bool:
    """The block is the sample sentence of the skill at `rank`, if the page names that skill and the sentence holds it.

    The headline sentence names the first three skills of the list, always in the list's order (8 of 8 texts that show both),
    so two things must agree: the place in the list and the words. Anything else stays unparsed.
    """
    block = ledger.blocks[number]
    skill = next(
        (
            fact.text
            for fact in ledger.facts
            if fact.field == "top" and fact.rank == rank and fact.role_id == role.role_id and fact.text
        ),
        None,
    )
    at = ledger.text.lower().find(skill.lower(), block.start, block.end) if skill else -1
    if skill is None or at == -1:
        return False
    end = at + len(skill)
    ledger.state_fact(
        "skills", role, "listed", at, end, text=ledger.text[at:end], rank=rank, example=(block.start, block.end)
    )
    ledger.took(number)
    return True
