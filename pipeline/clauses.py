"""The wordings of clauses that state facts (vocabulary/sentences.toml), and what each of them states.

What a clause states is data (:class:`Statement`); turning it into facts is the parsers' work, because only they know the
page's roles.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from pipeline.templates import Template, compile_template, inner_words
from pipeline.vocabulary import each

_ROLE_HOLES = frozenset({"role", "roles", "peer", "peers", "who", "pair", "pairs"})


@dataclass(frozen=True, slots=True)
class Statement:
    """What a clause states, by the names of its holes; see the head of sentences.toml."""

    kind: str
    """`metric`, `skill`, `compare` or `example`."""
    field: str
    role: str
    other: str
    value: str
    text: str
    category: str
    sign: str
    skills: str
    share: str
    length: int
    """Number of skills in a list without quotes; 0 for a quoted list."""
    rank: int
    """Place of the one skill that the clause names in its list."""


@dataclass(frozen=True, slots=True)
class RoleHole:
    """A hole that names a role, or two."""

    name: str
    type: str
    plural: bool
    is_pair: bool
    is_own: bool
    """Whether it names the page's own role, on a page of one role."""
    opens: bool
    """Whether the clause begins with it: it may hold a lead-in as well then ("Additionally, ...")."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One wording and what it states; one that opens loosely begins with a hole that admits almost anything."""

    template: Template
    statements: tuple[Statement, ...]
    opens_with_role: bool
    opens_loosely: bool
    roles: tuple[RoleHole, ...]
    """The template's holes that name roles."""
    names_a_peer: bool
    """Whether a hole may name another role than the page's own."""


def _statement(entry: dict[str, Any]) -> Statement:
    kind = next(kind for kind in ("metric", "skill", "compare", "example") if kind in entry)
    hole = entry.get
    return Statement(
        kind, entry[kind], hole("role", ""), hole("other", ""), hole("value", ""), hole("text", ""),
        hole("category", ""), hole("sign", ""), hole("skills", ""), hole("share", ""), hole("count", 0), hole("rank", 0),
    )  # fmt: skip


def _clause(entry: dict[str, Any]) -> Clause:
    template = compile_template(entry["text"], unless=entry.get("unless", ()))
    if "anchor" in entry:
        words = template.words.union(inner_words(entry["anchor"]))
        template = replace(template, anchor=entry["anchor"], leading=False, words=words)
    opens_with_role = entry["text"].startswith(tuple("{" + hole for hole in _ROLE_HOLES))
    opens_loosely = opens_with_role or entry["text"].startswith("{skill")
    statements = tuple(map(_statement, entry.get("facts", ())))
    roles = tuple(
        RoleHole(
            hole.name, hole.type, hole.plural, hole.type in ("pair", "pairs"), hole.type in ("role", "roles"),
            opens_with_role and number == 0,
        )
        for number, hole in enumerate(template.holes)
        if hole.type in _ROLE_HOLES
    )  # fmt: skip
    names_a_peer = any(not hole.is_own for hole in roles)
    return Clause(template, statements, opens_with_role, opens_loosely, roles, names_a_peer)


def clauses_of_family(family: str) -> list[Clause]:
    """The clauses that pages of a family may hold, in the order of the vocabulary."""
    made = each("sentences", lambda entry: _clause(entry) if family in entry["pages"] else None)
    return [clause for clause in made if clause is not None]
