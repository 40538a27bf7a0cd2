"""A role's description: the paragraph under its heading, or, where a form drops headings, the one that names it first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from pipeline.ledger import Ledger
from pipeline.roles import Role, mention_key, opens_with
from pipeline.sentences import clause_book

SHORTEST = 80
"""Characters of a description that no heading announces; the shortest in some 150 texts has 180."""
SHORTEST_UNDER_HEADING = 25
_SENTENCE_END = re.compile(r"(?<=[a-z0-9)%\"']{3})\. ")
"""Not behind "sr." or "U.S."."""


_WORD = re.compile(r"[^\W_]+")
_OPENING = 160
"""Characters of the beginning, where an advertisement speaks to its reader and a description of its role."""
_ASIDE_SIGNS = ("?", "ign up", "pply ")
"""What holds one of the words below; to look for these first costs a tenth."""
_ASIDE = re.compile(r"\?|\b(?:[Ss]ign up|[Aa]pply (?:now|today))\b")
_READER = re.compile(r"\b[Yy]ou(?:r|'ll|'re)?\b")


class Describing:
    """States descriptions, one for each role."""

    def __init__(
        self, ledger: Ledger, roles: Iterable[Role], family: str, headings: Mapping[str, int] | None = None
    ) -> None:
        """`headings` has the block of the heading above the description of a role, by the role's key, where there is one."""
        self.ledger = ledger
        self.roles = list(roles)
        self._clauses = clause_book(family)
        self._headings = headings or {}
        self._described: set[str] = set()

    def under_heading(self, number: int, role: Role) -> bool:
        """The block stands where the role's description stands; False when it does not look like one.

        A description names its role, or at least the last word of its name ("Specialists are employees who ...").
        """
        return (
            self._looks_like_prose(number, SHORTEST_UNDER_HEADING, role)
            and self._names_last_word(number, role)
            and self._state(number, role)
        )

    def is_aside(self, number: int) -> bool:
        """Whether the block speaks to its reader, as an advertisement above a description does."""
        opening = self._opening(number)
        return any(sign in opening for sign in _ASIDE_SIGNS) and _ASIDE.search(opening) is not None

    def by_mention(self, number: int) -> bool:
        """The block is a paragraph: the first role that it names is described, unless another paragraph did before.

        What stands above the role's own heading is no description, nor is a sentence of these pages in another wording, as
        every one with an amount may be.
        """
        if not self._looks_like_prose(number, SHORTEST) or self._continues(number):
            return False
        words = self.ledger.text[slice(*self.ledger.blocks[number][1:3])]
        if "$" in words or "%" in words or self._clauses.resembles(words):
            return False
        # With a heading above, "You seat guests" may be how a page describes ushers; without, it is anybody's.
        if _READER.search(self._opening(number)):
            return False
        role = self._first_named(number)
        return role is not None and self._headings.get(role.key, -1) < number and self._state(number, role)

    def in_list(self, number: int) -> bool:
        """The block stands under the heading of a list whose items the form dropped, and is a description.

        A bare line there may also be an item without its marker; those are single sentences.
        """
        block = self.ledger.blocks[number]
        return ". " in self.ledger.text[block.start : block.end] and self.by_mention(number)

    def names(self, number: int, role: Role) -> bool:
        """Whether the block mentions the role."""
        return self._position(self._lower(number), role) != -1

    def _looks_like_prose(self, number: int, shortest: int, role: Role | None = None) -> bool:
        """Whether a block is a paragraph with a beginning and an end; the name of `role` may begin it with a small letter."""
        block, text = self.ledger.blocks[number], self.ledger.text
        if block.kind != "text" or block.end - block.start < shortest or text[block.end - 1] not in '.!?"':
            return False
        if text.find("{", block.start, block.end) != -1:
            return False  # a script, which some tools take for text
        if self.is_aside(number):
            return False
        if not text[block.start].islower():
            return True
        return role is not None and opens_with(text[block.start : block.end], role.key)

    def _names_last_word(self, number: int, role: Role) -> bool:
        last, lower = role.key.rpartition(" ")[2], self._lower(number)
        return last in lower or any(mention_key(word) == last for word in _WORD.findall(lower))

    def _continues(self, number: int) -> bool:
        """Whether the block may be the rest of a paragraph that its form broke: a small first letter, or an open end above.

        A table's row is no such end, however long its cells make it.
        """
        text, blocks = self.ledger.text, self.ledger.blocks
        if not text[blocks[number].start].isupper():
            return True
        kind, start, end, line, _, _ = blocks[number - 1] if number else blocks[number]
        is_next = line == blocks[number].line - 1 and kind != "row"
        return is_next and end - start > SHORTEST and text[end - 1] not in '.!?:"%'

    def _state(self, number: int, role: Role) -> bool:
        if role.key in self._described:
            return False
        self._described.add(role.key)
        block = self.ledger.blocks[number]
        words = self.ledger.quote(block.start, block.end)
        self.ledger.state_fact("roles", role, "description", block.start, block.end, text=words)
        self.ledger.took(number)
        return True

    def _opening(self, number: int) -> str:
        block = self.ledger.blocks[number]
        return self.ledger.text[block.start : min(block.end, block.start + _OPENING)]

    def _lower(self, number: int) -> str:
        block = self.ledger.blocks[number]
        return self.ledger.text[block.start : block.end].lower()

    def _first_named(self, number: int) -> Role | None:
        """The role that the first sentence names first; of two that begin at one place, the longer name."""
        lower = _SENTENCE_END.split(self._lower(number), maxsplit=1)[0]
        named = [
            (at, -len(role.key), role.key, role) for role in self.roles if (at := self._position(lower, role)) != -1
        ]
        return min(named)[3] if named else None

    def _position(self, lower: str, role: Role) -> int:
        """Where the text names the role; at its start in any number, elsewhere as the page writes the name."""
        if opens_with(lower, role.key):
            return 0
        places = [_word_position(lower, name.lower()) for name in (role.singular, role.plural) if name]
        return min((at for at in places if at != -1), default=-1)


def _word_position(lower: str, name: str) -> int:
    """Where the name begins as a word of its own; "collector" is not in "collectorate"."""
    at = lower.find(name)
    while at != -1:
        end = at + len(name)
        if (at == 0 or not lower[at - 1].isalnum()) and (end == len(lower) or not lower[end].isalpha()):
            return at
        at = lower.find(name, at + 1)
    return -1
