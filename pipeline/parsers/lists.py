"""Items of a list: responsibilities, and skills with their shares."""

from __future__ import annotations

import re

from pipeline.ledger import Ledger, new_fact
from pipeline.roles import Role

_SHARE = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,2})?")
_LETTER = re.compile(r"[^\W\d_]")
_LONGEST_SKILL = 150
_SENTENCE_END = re.compile(r"[a-z]{3}\. ")


def state_responsibility(ledger: Ledger, number: int, role: Role, rank: int) -> bool:
    """The block is one of the role's responsibilities; False when it is a skill with its share, of a list that follows, or no words."""
    _, start, end, _, _, _ = ledger.blocks[number]
    text = ledger.text
    if _skill_end(text, start, end) or not (text[start].isalpha() or _LETTER.search(text, start, end)):
        return False
    words = ledger.quote(start, end)
    ledger.facts.append(new_fact(
        ("responsibilities", role.role_id, "responsibility", "", "", None, words, "", 1.0, start, end, (), rank, None)
    ))  # fmt: skip
    ledger.took(number)
    return True


def state_listed_skill(ledger: Ledger, number: int, role: Role, rank: int, most: float = 100.0) -> float | None:
    """The share of a skill in percent, where the block is one with its share ("Customer Service, 4%"); else None.

    `most` is the share above it: lists are sorted downwards, so that a larger one begins another list, whose heading is missing.
    """
    text = ledger.text
    _, start, end, _, _, _ = ledger.blocks[number]
    stop = _skill_end(text, start, end)
    if not stop:
        return None
    share = _share(text, start, end)
    if share > most:
        return None
    skill = text[start:stop]
    ledger.facts.append(
        new_fact(("skills", role.role_id, "listed", "", "", share, skill, "percent", 1.0, start, stop, (), rank, None))
    )
    ledger.took(number)
    return share


def listed_skill(ledger: Ledger, number: int) -> tuple[str, float] | None:
    """The skill and the share that the block gives; None when it is something else."""
    _, start, end, _, _, _ = ledger.blocks[number]
    stop = _skill_end(ledger.text, start, end)
    return (ledger.text[start:stop], _share(ledger.text, start, end)) if stop else None


def _share(text: str, start: int, end: int) -> float:
    """The share at the end of an item that gives one, in percent."""
    return float(text[text.rindex(" ", start, end) : end - 1])


def _skill_end(text: str, start: int, end: int) -> int:
    """Where the skill ends of an item that gives a skill and its share, with or without a comma; 0 for other items."""
    if text[end - 1] != "%":
        return 0
    space = text.rfind(" ", start, end)
    stop = space - 1 if text[space - 1] == "," and space - 1 > start else space
    if not start < stop <= start + _LONGEST_SKILL or "%" in text[start:stop] or "\n" in text[start:stop]:
        return 0
    if text.find(". ", start, stop) != -1 and _SENTENCE_END.search(text, start, stop):
        return 0  # a form joined the sentence above to the item
    if not (text[start].isalpha() or _LETTER.search(text, start, stop)):
        return 0  # a year and its numbers
    return stop if _SHARE.fullmatch(text, space + 1, end - 1) else 0
