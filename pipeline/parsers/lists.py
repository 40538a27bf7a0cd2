"""Items of a list: responsibilities, and skills with their shares."""

from __future__ import annotations

import re

from pipeline.ledger import Ledger
from pipeline.model import Fact
from pipeline.roles import Role

_SKILL_ITEM = re.compile(r"(?P<skill>[^%\n]{1,150}?),? (?P<share>[0-9]{1,3}(?:\.[0-9]{1,2})?)%")


def state_responsibility(ledger: Ledger, number: int, role: Role, rank: int) -> bool:
    """The block is one of the role's responsibilities; False when it is a skill with its share, of a list that follows."""
    block = ledger.blocks[number]
    if ledger.text[block.end - 1] == "%" and _SKILL_ITEM.fullmatch(ledger.text, block.start, block.end):
        return False
    words = " ".join(ledger.source[block.start : block.end].split())
    ledger.facts.append(
        Fact(
            "responsibilities", role.role_id, "responsibility", "", "", None, words, "", 1.0, block.start, block.end, (), rank
        )
    )  # fmt: skip
    ledger.took(number)
    return True


def state_listed_skill(ledger: Ledger, number: int, role: Role, rank: int) -> bool:
    """The block is a skill with its share ("Customer Service, 4%"); False when it is not."""
    block = ledger.blocks[number]
    match = _SKILL_ITEM.fullmatch(ledger.text, block.start, block.end)
    if match is None:
        return False
    skill, share = match.groups()
    ledger.facts.append(
        Fact(
            "skills", role.role_id, "listed", "", "", float(share), skill, "percent", 1.0, block.start, match.end(1), (), rank
        )
    )  # fmt: skip
    ledger.took(number)
    return True
