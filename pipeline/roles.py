"""Roles by any of their names: singular or plural, with or without an article, in any case.

No list of roles exists: a page introduces its roles in its title, its headings and its sentences, and every later mention
is looked up among them by a *key* in which number, case, article and punctuation no longer show. The page's own singular is
preferred; the inflection library is asked only where a page shows a plural and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import inflect

_ARTICLE = re.compile(r"(?:an?|the) (?=.)", re.IGNORECASE)
_ARTICLE_INITIALS = frozenset("aAtT")
_NOT_SLUG = re.compile(r"[\W_]+")
_WORD_START = re.compile(r"(?:^|(?<=[\s/(&,-]))[a-z]")
_WORDS = re.compile(r"[^\W_]+")
_IRREGULAR = {"people": "person", "men": "man", "women": "woman", "children": "child", "staff": "staff"}
# "nurses" is the plural of "nurse", "collectionses" that of a role that itself ends in s ("assistant collections").
_ENDINGS = (
    ("people", "person"),
    ("men", "man"),
    ("ies", "y"),
    *((ending + "es", ending) for ending in ("ss", "sh", "ch", "x", "z")),
    ("ses", ""),
    ("se", ""),
)
_MAX_NAME = 90
"""Characters; the longest role name in some 150 texts has 44."""
_NO_NAME = re.compile(
    r'[a-z]{3}[.!?] |[$%"!?:;|{}<>=\[\]\\]|^(?:they|them|it)$|^(?:these|this|those|its|their|both|other|each|all|and|or) '
    r"|\b(?:19|20)[0-9]{2}\b"
)
_PREPOSITION = re.compile(r" (?:of|in|for|to|at|on) ")
# Endings whose plural only adds an s; the inflection library, which takes a tenth of a second to import, is asked about the others.
_REGULAR = re.compile(r"[a-z]{2}[bcdgklmnprtvw]s")


def slug(name: str) -> str:
    """The id of a role or a skill: lower case, apostrophes dropped, `&` read as `and`, `+` as `plus`, `#` as
    `sharp` ("C", "C++" and "C#" are three skills), all but letters and digits one `-`.

    >>> slug("Collections/Accounts Receivable"), slug("Preschool Teacher's Assistant"), slug("C++ Developer")
    ('collections-accounts-receivable', 'preschool-teachers-assistant', 'c-plus-plus-developer')
    """
    return _NOT_SLUG.sub("-", _plain(name)).strip("-")


@lru_cache(maxsize=16_384)
def title_case(name: str) -> str:
    """Every word with a capital, as the pages head their columns; capitals inside a word stay.

    >>> title_case("server and hostess"), title_case("preschool teacher's assistant"), title_case("IT specialist")
    ('Server And Hostess', "Preschool Teacher's Assistant", 'IT Specialist')
    """
    return _WORD_START.sub(lambda match: match[0].upper(), " ".join(name.split()))


def without_article(mention: str) -> str:
    """The mention without a leading article."""
    match = _ARTICLE.match(mention) if mention[:1] in _ARTICLE_INITIALS else None
    return mention[match.end() :] if match else mention


@lru_cache(maxsize=16_384)
def _stem(word: str) -> str:
    """The word with its plural ending dropped, the same for singular and plural; not itself a word of English."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word[-1] not in "sen":
        return word
    for ending, stem in _ENDINGS:
        if word.endswith(ending) and len(word) > 4:
            return word[: -len(ending)] + stem
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


@lru_cache(maxsize=16_384)
def mention_key(mention: str) -> str:
    """What all mentions of one role have in common.

    >>> mention_key("an Accounts Receivable Analyst") == mention_key("accounts receivable analysts")
    True
    """
    return " ".join([_stem(word) for word in _WORDS.findall(_plain(without_article(mention.strip())))])


def opens_with(text: str, key: str) -> bool:
    """Whether `text` begins with a mention of the role with this key, in any number and with or without an article."""
    initial = text[:1].lower()
    if initial != key[:1] and initial not in _ARTICLE_INITIALS:
        return False
    opening = without_article(text[: 2 * _MAX_NAME])
    if opening[:1].lower() != key[:1]:
        return False
    opening = _plain(opening)
    stems = key.split(" ")
    for number, word in enumerate(_WORDS.finditer(opening)):
        if number == len(stems):
            return True
        if _stem(word[0]) != stems[number]:
            return False
    return False


def _plain(mention: str) -> str:
    # Searches for single characters: one pattern for all of them takes longer.
    plain = mention.lower().replace("'", "").replace("’", "")
    return plain.replace(")s", "s)").replace("&", " and ").replace("+", " plus ").replace("#", " sharp ")


@cache
def _inflect() -> inflect.engine:
    """The inflection library. It has every call of its own checked at run time, which takes two seconds to prepare."""
    from unittest.mock import patch

    with patch("typeguard.typechecked", lambda function: function):
        import inflect

    return inflect.engine()


@lru_cache(maxsize=16_384)
def singular_of(plural: str) -> str:
    """The singular of a plural role name, by the inflection library; the name itself where it finds none.

    Commas part names that are inflected each ("line cooks, prep cooks"); slashes do not ("cashier/shift managers").
    """
    parts = re.split(r"(, )", plural)
    return "".join(_singular_part(part) for part in parts)


def _singular_part(part: str) -> str:
    """One name in the singular: of "chiefs of staff" the first noun changes, else the last word."""
    preposition = _PREPOSITION.search(part)
    noun, rest = (part[: preposition.start()], part[preposition.start() :]) if preposition else (part, "")
    head, space, last = noun.rpartition(" ")
    if not last or not last[-1].isalpha():
        return part
    singular = last[:-1] if _REGULAR.search(last.lower(), len(last) - 4) else _inflect().singular_noun(last) or last
    return head + space + singular + rest


class Role:
    """One role of one page: the names that the page gives it, best first."""

    def __init__(self, key: str, mention: tuple[int, int]) -> None:
        self.key = key
        self.heading: str | None = None
        """The name in Title Case where the page heads a column with it."""
        self.singular: str | None = None
        self.plural: str | None = None
        self.span: dict[str, tuple[int, int]] = {}
        """Where the page shows the heading, the singular and the plural."""
        self.mention = mention
        self._id = ""

    @property
    def name(self) -> str:
        """The singular name in Title Case."""
        if self.heading:
            return " ".join(self.heading.split())
        return title_case(self.singular or singular_of(self.plural or self.key))

    @property
    def role_id(self) -> str:
        """The slug of the name, which stays what it was when a fact first asked for it."""
        # No cached property: compiled, that is a property like others.
        if not self._id:
            self._id = slug(self.name)
        return self._id

    @property
    def name_span(self) -> tuple[int, int]:
        """The characters that the name was read from."""
        for kind in ("heading", "singular", "plural"):
            if kind in self.span:
                return self.span[kind]
        return self.mention


class RoleBook:
    """The roles of one page, to be found by any mention."""

    __slots__ = ("_by_key", "_seen", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._by_key: dict[str, Role] = {}
        self._seen: dict[str, Role | None] = {}
        """Mentions that were learned from before."""

    def __iter__(self) -> Iterator[Role]:
        return iter(self._by_key.values())

    def keep(self, roles: Iterable[Role]) -> None:
        """Forget every other role."""
        self._by_key = {role.key: role for role in roles}
        self._seen = {}

    def find(self, mention: str) -> Role | None:
        """The role that the mention names, if the page has introduced it."""
        return self._by_key.get(mention_key(mention))

    def learn(self, start: int, end: int, *, plural: bool, heading: bool = False) -> Role | None:
        """The role named by `text[start:end]`, introduced if need be; None where that cannot be a name."""
        mention = self.text[start:end]
        if not heading and mention in self._seen:
            return self._seen[mention]
        role = self._seen[mention] = self._learn(mention, end, plural=plural, heading=heading)
        return role

    def _learn(self, mention: str, end: int, *, plural: bool, heading: bool) -> Role | None:
        bare = without_article(mention)
        start = end - len(bare)
        key = mention_key(bare)
        role = self._by_key.get(key)
        if role is None:
            if not key or len(bare) > _MAX_NAME or _NO_NAME.search(bare):
                return None
            role = self._by_key[key] = Role(key, (start, end))
        self._note(role, bare, start, end, "heading" if heading else "plural" if plural else "singular")
        return role

    def learn_other_number(self, role: Role, start: int, end: int) -> None:
        """Note `text[start:end]`, a mention of the role, as its plural or singular if the page showed only the other so far."""
        if (role.plural is None) == (role.singular is None):
            return
        bare = without_article(self.text[start:end])
        known = (role.singular or role.plural or "").lower()
        if bare.lower() not in (known, (role.heading or "").lower()):
            self._note(role, bare, end - len(bare), end, "singular" if role.singular is None else "plural")

    def _note(self, role: Role, bare: str, start: int, end: int, kind: str) -> None:
        if kind not in role.span:
            role.span[kind] = (start, end)
            setattr(role, kind, bare)
            if role.plural and role.singular and role.plural.lower() == role.singular.lower():
                # A wording for plurals that the page uses with a singular shows no plural.
                role.plural = None
                del role.span["plural"]
