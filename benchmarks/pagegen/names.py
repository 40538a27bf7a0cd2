"""Role names, composed and inflected: the words for one role in every shape that a page prints it in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from random import Random

from benchmarks.pagegen.words import (
    ACRONYMS,
    DOUBLE_FIELDS,
    FIELDS,
    HEADS,
    INVENTED_ENDS,
    INVENTED_STARTS,
    OWNERS,
    RANKS,
)

_IRREGULAR = {"foreman": "foremen", "salesperson": "salespeople", "staff": "staff", "child": "children"}
_HEAD_FIRST = re.compile(r"(\w+)( of .+)")
_WORD_START = re.compile(r"(?:^|(?<=[\s/(&-]))[a-z]")
_SOUNDS_LIKE_CONSONANT = ("uni", "use", "usa", "uti", "eu", "one")
_SOUNDS_LIKE_VOWEL = ("hour", "honor", "heir")
_LETTERS_WITH_AN = frozenset("AEFHILMNORSX")


def plural_word(word: str) -> str:
    """The plural of one English noun.

    >>> [plural_word(word) for word in ("secretary", "coach", "foreman", "attorney", "waitress")]
    ['secretaries', 'coaches', 'foremen', 'attorneys', 'waitresses']
    """
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + "ies"
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return word + "es"
    return word + "s"


def plural_name(name: str) -> str:
    """The plural of a role name: each part of a comma list, the head of an "of" phrase, else the last word.

    >>> plural_name("line cook, prep cook"), plural_name("director of nursing"), plural_name("server and host")
    ('line cooks, prep cooks', 'directors of nursing', 'server and hosts')
    """
    if ", " in name:
        return ", ".join(plural_name(part) for part in name.split(", "))
    if match := _HEAD_FIRST.fullmatch(name):
        return plural_word(match[1]) + match[2]
    head, last = re.fullmatch(r"(.*?)([^\s/-]+)", name).groups()  # type: ignore[union-attr]
    return head + plural_word(last)


def article(name: str) -> str:
    """`a` or `an`, by sound.

    >>> [article(name) for name in ("usher", "utility worker", "HR clerk", "CNC operator", "hourly guard")]
    ['an', 'a', 'an', 'a', 'an']
    """
    if re.match(r"[A-Z]{2,}\b", name):
        return "an" if name[0] in _LETTERS_WITH_AN else "a"
    lower = name.lower()
    if lower.startswith(_SOUNDS_LIKE_VOWEL):
        return "an"
    return "an" if lower[0] in "aeiou" and not lower.startswith(_SOUNDS_LIKE_CONSONANT) else "a"


def title_case(name: str) -> str:
    """Every word with a capital, as the pages head their columns."""
    return _WORD_START.sub(lambda match: match[0].upper(), name)


def sentence_case(name: str) -> str:
    """The first letter with a capital."""
    return name[:1].upper() + name[1:]


def slug(name: str) -> str:
    """The role's id as the contract words it: apostrophes dropped, `&`, `+` and `#` read as words, other runs one `-`.

    >>> slug("Preschool Teacher's Assistant"), slug("R&D Lead")
    ('preschool-teachers-assistant', 'r-and-d-lead')
    """
    plain = name.lower().replace("'", "").replace("’", "")
    for sign, word in ("&", "and"), ("+", "plus"), ("#", "sharp"):
        plain = plain.replace(sign, f" {word} ")
    return "-".join(re.findall(r"[^\W_]+", plain))


@dataclass(frozen=True)
class RoleName:
    """One role's name: lower case but for acronyms; everything else follows from singular and plural."""

    singular: str
    plural: str

    @classmethod
    def of(cls, singular: str) -> RoleName:
        """The name with its regular plural."""
        return cls(singular, plural_name(singular))

    @cached_property
    def a(self) -> str:
        """`an usher`."""
        return f"{article(self.singular)} {self.singular}"

    @cached_property
    def title(self) -> str:
        """`Line Cook`."""
        return title_case(self.singular)

    @cached_property
    def titles(self) -> str:
        """`Line Cooks`."""
        return title_case(self.plural)

    @cached_property
    def start(self) -> str:
        """`Line cook`, at the start of a sentence."""
        return sentence_case(self.singular)

    @cached_property
    def starts(self) -> str:
        """`Line cooks`, at the start of a sentence."""
        return sentence_case(self.plural)

    @cached_property
    def role_id(self) -> str:
        """The slug."""
        return slug(self.singular)

    @cached_property
    def key(self) -> str:
        """What is left of the name when number and punctuation are gone: no two roles of a world share it."""
        plain = self.singular.lower().replace("'", "").replace("&", " and ")
        words = re.findall(r"[a-z0-9]+", plain)
        return " ".join(re.sub(r"(?:es|s)$", "", word) for word in words)


def invented_word(rng: Random) -> str:
    """A word that no dictionary knows: "glimwright"."""
    middle = rng.choice(("", "", "a", "o", "e"))
    return rng.choice(INVENTED_STARTS) + middle + rng.choice(INVENTED_ENDS)


def _plain_name(rng: Random) -> str:
    head = invented_word(rng) if rng.random() < 0.25 else rng.choice(HEADS)
    count = rng.choices((0, 1, 2), (2, 6, 2))[0]
    fields = [rng.choice(DOUBLE_FIELDS) if rng.random() < 0.2 else rng.choice(FIELDS) for _ in range(count)]
    if rng.random() < 0.05:
        fields.insert(0, rng.choice(ACRONYMS))
    if rng.random() < 0.04:
        fields.append(rng.choice(OWNERS))
    rank = [rng.choice(RANKS)] if rng.random() < 0.2 else []
    words = dict.fromkeys(" ".join([*rank, *fields, head]).split())
    return " ".join(words)


def compose(rng: Random) -> RoleName:
    """A role name of one to seven words; one in ten has a slash, a comma, an ampersand or an inner plural."""
    draw = rng.random()
    name = _plain_name(rng)
    short = rng.choice(HEADS)
    if draw < 0.02:
        name = f"{rng.choice(HEADS)}/{name}"
    elif draw < 0.035:
        name = f"{rng.choice(FIELDS)}s/{name}"
    elif draw < 0.05:
        name = f"{short} and {rng.choice(HEADS)}"
    elif draw < 0.065:
        name = f"{rng.choice(FIELDS)} & {name}"
    elif draw < 0.08:
        name = f"{rng.choice(FIELDS)} {short}, {rng.choice(FIELDS)} {short}"
    elif draw < 0.09:
        name = f"{rng.choice(('director', 'head', 'chief'))} of {rng.choice(FIELDS)}"
    elif draw < 0.10:
        name = f"{rng.choice(FIELDS)} and {rng.choice(FIELDS)} {short}"
    return RoleName.of(name)
