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
_PAUSES = (",", ":", ";")
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
        if book.find(words[at + 1 :]) is not None and _leads_in(words[:at]):
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
    # A stop behind capitals ("... than CEOs. In fact, ...") is not known for the end of a sentence.
    lead = lead.rpartition(". ")[2]
    if lead.endswith("."):
        return True
    before, _, last = lead.rpartition(" ")
    if lead.endswith(_PAUSES):
        return not any(_narrows(part.strip()) for part in lead.lower().split(","))
    if last.lower() in _JOINING:
        return not before or before.endswith(_PAUSES)
    return last.lower() in _CONNECTIVES


def _narrows(lead_in: str) -> bool:
    """Whether a lead-in says where, when or for whom the rest holds."""
    vocabulary = load("sentences")
    return lead_in.partition(" ")[0] in vocabulary["narrowing"] and lead_in.rstrip(":;") not in vocabulary["lead_ins"]
