"""Whom a sentence is about: the name that opens it, what may stand before that, and who is meant by "they".

A lead-in may say for whom, where or when a statement holds ("In Texas, collectors ..."); then it is none about the role as such.
"""

from __future__ import annotations

import re

from pipeline.roles import Role, RoleBook
from pipeline.vocabulary import load

# What may stand between the start of a sentence and its subject.
_CONNECTIVES = frozenset(
    "but while whereas meanwhile that where additionally however also then since because when so".split()
)
_JOINING = frozenset({"and", "as"})
"""These join names and parts of names as well: they begin a clause at its start or behind a comma only."""
_PAUSES = ",:;"
_NARROWING = frozenset(load("sentences")["narrowing"])
_LEAD_INS = frozenset(load("sentences")["lead_ins"])
_VERB = re.compile(r"(?P<subject>.+?)(?: are| is|'re)(?: also)?(?: (?:about|roughly|around))? ")
_CARRIED = re.compile(r",?(?: and| but| while being| while)?(?: also)?(?: (?:about|roughly|around))? ")


def named_subject(words: str, book: RoleBook) -> str:
    """The name of a role that ends `words` behind "Additionally, " or "resumes showed us that "; the longest, or all words.

    >>> book = RoleBook("ushers")
    >>> _ = book.learn(0, 6, plural=True)
    >>> [named_subject(words, book) for words in ("Additionally, ushers", "Bakers and ushers", "In Ohio, ushers")]
    ['ushers', 'Bakers and ushers', 'In Ohio, ushers']
    """
    at = words.find(" ")
    while at != -1:
        if _leads_in(words[:at]) and book.find(words[at + 1 :]) is not None:
            return words[at + 1 :]
        at = words.find(" ", at + 1)
    return words


def subject_before_verb(words: str, book: RoleBook, they: Role | None) -> Role | None:
    """The role that `words`, from the start of a sentence to a figure, say is that much of something ("They're ", "In fact, ushers are ")."""
    match = _VERB.fullmatch(words)
    if match is None:
        return None
    subject = match["subject"]
    lead, _, last = subject.rpartition(" ")
    if last.lower() == "they":
        return they if not lead or _leads_in(lead) else None
    return book.find(subject) or book.find(named_subject(subject, book))


def goes_on(words: str) -> bool:
    """Whether `words` between two figures keep the subject (", and ", " while being ")."""
    return _CARRIED.fullmatch(words) is not None


def _leads_in(lead: str) -> bool:
    if not lead:
        return False
    # A stop behind capitals ("... than CEOs. In fact, ...") is not known for the end of a sentence.
    if lead[-1] in _PAUSES:
        return " " not in lead or not any(map(_narrows, lead.rpartition(". ")[2].lower().split(",")))
    if lead[-1] == ".":
        return True
    before, _, last = lead.rpartition(" ")
    if last.lower() in _JOINING:
        return not before or before[-1] in _PAUSES
    return last.lower() in _CONNECTIVES


def _narrows(lead_in: str) -> bool:
    """Whether a lead-in says where, when or for whom the rest holds."""
    words = lead_in.strip(" :;")
    return words.partition(" ")[0] in _NARROWING and words not in _LEAD_INS
