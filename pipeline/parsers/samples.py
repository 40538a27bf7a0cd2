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
    skill = _top_skill(ledger, role.role_id, rank)
    at = ledger.text[block.start : block.end].lower().find(skill.lower()) if skill else -1
    if at == -1:
        return False
    at += block.start
    end = at + len(skill)
    ledger.state_fact(
        "skills", role, "listed", at, end, text=ledger.text[at:end], rank=rank, example=(block.start, block.end)
    )
    ledger.took(number)
    return True


def _top_skill(ledger: Ledger, role_id: str, rank: int) -> str:
    for _, whose, field, _, _, _, text, _, _, _, _, _, place, _ in ledger.facts:
        if field == "top" and place == rank and whose == role_id and text:
            return text
    return ""
