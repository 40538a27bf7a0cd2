"""Wordings with holes, from the vocabulary's TOML files, compiled to patterns.

A wording is the page's text with `{type}` or `{type:name}` where it varies, and `[one|or|another]` where it was seen
reworded ("[|yearly ]" for a word that may be missing). The hole types are the keys of :data:`HOLES`; a hole's name is its
type unless given, and plural types (`roles`, `peers`) share the name of their singular.

>>> template = compile_template("It typically takes {months} to become both {role:a} and {role:b}.")
>>> template.pattern.match("It typically takes 6-12 months to become both an usher and a baker.")["b"]
'a baker'
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_NAME = r'[^$%"!?\n]{2,110}?'
_LIST = r'[^$%"\n]{3,400}?'
HOLES: dict[str, str] = {
    # a role by name; the page's own role, and the role that it is compared with
    "role": _NAME,
    "roles": _NAME,
    "peer": _NAME,
    "peers": _NAME,
    # any role of the page; two roles with " and " between them
    "who": _NAME,
    "pair": _LIST,
    "pairs": _LIST,
    # No sentence gives a salary in cents; ".24" behind one is a stop that a form glued to "24 hour nurses".
    "money": r"\$[1-9][0-9]{0,2}(?:(?:,[0-9]{3}){1,3}|\.[0-9]{2})?(?![0-9])",
    # Not the end of another number (".5%", "1,234%"), of a range ("2-3%"), or what is a bound only ("<1%"). (The digit comes
    # first and is looked back from: a pattern that begins with a digit is searched for many times as fast.)
    "percent": r"[0-9](?<![0-9.,<>~+].)(?<![0-9]-.)[0-9]{0,2}(?:\.[0-9]{1,2})?%",
    "count": r"[1-9][0-9]{0,2}(?:,[0-9]{3}){0,3}",
    # a span of time; its parts are the groups NAME_low, NAME_high and NAME_unit
    "months": r"(?P<NAME_low>[0-9]{1,2})-(?P<NAME_high>[0-9]{1,2}) (?P<NAME_unit>months|years)",
    "direction": r"higher|lower|more|less|greater|fewer",
    # Where the name seems to hold "industry" the sentence is worded otherwise than we know.
    "industry": r"(?![Ii]ndustr(?:y|ies)\b)[A-Za-z](?:(?! industr(?:y|ies)\b)[A-Za-z0-9 &/,'-]){1,60}?",
    "skills": _LIST,
    "quoted": r'"[^"]{1,200}"(?:[,;]? ?(?:and )?"[^"]{1,200}"){0,12}',
    "quote": r'"[^"]{1,1000}"',
    "skill": r'(?:[^$%"\n.]|\.(?! )){2,120}?',
    "date": r"[A-Z][a-z]+ [0-9]{1,2}, [0-9]{4}",
    "number": r"[0-9][0-9,]*",
    "field": r"[^$%\"\n]{2,80}?",
    "any": r"[^\n]{1,300}?",
}
_SINGULAR = {"roles": "role", "peers": "peer", "pairs": "pair"}
_SIGNS = {"quoted": '"', "quote": '"', "money": "$", "percent": "%"}
_PIECE = re.compile(r"\{(?P<type>\w+)(?::(?P<name>\w+))?\}|\[(?P<choice>[^\]]*)\]|(?P<literal>[^{\[]+)")
_OPEN_END = re.compile(r"\{(?:roles?|peers?|who|pairs?|skills?|industry|field|any)(?::\w+)?\}\Z")
# A full stop ends a sentence only before white space, the end, or a new word: not in "node.js", "Angular.JS" or "U.S. tax law",
# nor behind one or two letters where the next word is small ("a sr. developer").
_STOP = r"(?<!\.[A-Za-z])\.(?=\s|$|[A-Z][a-z ])(?!(?:(?<=\b[A-Za-z]\.)|(?<=\b[A-Za-z]{2}\.))\s(?-i:[a-z0-9]))"


# What may stand behind an amount that ends a wording: the end of the sentence or of a part of it. A full stop may begin cents
# ("$61,717.50"), or stand before a name that a form glued to it (".24 hour nurses").
_CENTS = r"(?:[0-9] |[0-9]{1,3}(?:[.,;!]|\s*\Z| (?:per|an?|each|every|annually|yearly|in|and|or|to|while)\b))"
_AMOUNT_END = rf"(?=\s*\Z|[;!]|,(?![0-9])|\.(?!{_CENTS})| (?:while|whereas|but|compared|which|and(?! \$))\b)"
_ENDS_WITH_AMOUNT = re.compile(r"\{money(?::\w+)?\}(?:\[[^\]]*\])?\Z")


@dataclass(frozen=True, slots=True)
class Hole:
    """A hole of a template: its name, its type, and whether its wording is plural."""

    name: str
    type: str
    plural: bool


@dataclass(frozen=True, slots=True)
class Template:
    """A compiled wording.

    `anchor` is a literal that every match holds, and `leading` says whether it begins the wording; `longest` is the literal
    least likely to stand anywhere else: text without them need not be matched at all. `words` are those of its literals that stand between spaces: every match holds them as words
    of its own, in the wording's case unless case is ignored. `sign` is a character that its holes hold, "" if there is none.
    """

    pattern: re.Pattern[str]
    holes: tuple[Hole, ...]
    anchor: str
    leading: bool
    longest: str
    words: frozenset[str]
    sign: str
    compares: bool
    """Whether it names two roles as `a` and `b`, as headings of comparison pages do."""


def compile_template(
    wording: str, *, whole: bool = False, ignore_case: bool = False, unless: Sequence[str] = ()
) -> Template:
    """Compile `wording`; with `whole` it must cover all of a text, as a heading does. None of `unless` follows a match."""
    parts: list[str] = []
    holes: list[Hole] = []
    literals: list[tuple[int, str]] = []
    for piece in _PIECE.finditer(wording):
        if piece["literal"] is not None:
            literals.append((piece.start(), piece["literal"]))
            parts.append(_literal(piece["literal"], last=piece.end() == len(wording)))
        elif piece["choice"] is not None:
            parts.append("(?:" + "|".join(re.escape(choice) for choice in piece["choice"].split("|")) + ")")
        else:
            parts.append(_hole(piece["type"], piece["name"], holes))
    if not whole and _OPEN_END.search(wording):
        raise ValueError(f"nothing says where the last hole of this wording ends: {wording!r}")
    anchor, leading = _anchor(literals)
    if _ENDS_WITH_AMOUNT.search(wording):
        parts.append(_AMOUNT_END)
    if unless:
        parts.append(f"(?!{'|'.join(map(re.escape, unless))})")
    # The last hole of a whole line has nothing behind it to stop at.
    pattern = re.compile("".join(parts) + (r"\Z" if whole else ""), re.IGNORECASE if ignore_case else 0)
    words = frozenset(word for _, literal in literals for word in inner_words(literal))
    sign = next((_SIGNS[hole.type] for hole in holes if hole.type in _SIGNS), "")
    longest = max((literal for _, literal in literals), key=len, default="")
    return Template(
        pattern, tuple(holes), anchor, leading, longest, words, sign, {"a", "b"} <= {hole.name for hole in holes}
    )


def inner_words(literal: str) -> list[str]:
    """The words of a literal that it parts by spaces from whatever stands around it.

    >>> inner_words(" earn the most "), inner_words("On average, the ")
    (['earn', 'the', 'most'], ['average,', 'the'])
    """
    return [word for word in literal.split(" ")[1:-1] if word]


def _literal(literal: str, *, last: bool) -> str:
    escaped = re.escape(literal).replace(r"\ ", " ")
    return escaped[:-2] + _STOP if last and literal.endswith(".") else escaped


def _hole(type_: str, name: str | None, holes: list[Hole]) -> str:
    if type_ not in HOLES:
        raise ValueError(f"no hole {{{type_}}}; there are: {', '.join(HOLES)}")
    name = name or _SINGULAR.get(type_, type_)
    if type_ == "any":
        return HOLES[type_]
    if any(hole.name == name for hole in holes):
        return f"(?P={name})" if type_ == "skill" else f"(?:{HOLES[type_]})"
    holes.append(Hole(name, type_, type_ in _SINGULAR))
    return f"(?P<{name}>{HOLES[type_].replace('NAME', name)})"


_LEADING_ANCHOR = 8
"""Characters; shorter openings ("But ", "In ") are met in too many sentences to be worth finding."""


def _anchor(literals: list[tuple[int, str]]) -> tuple[str, bool]:
    if not literals:
        return "", False
    position, first = literals[0]
    if position == 0 and len(first) >= _LEADING_ANCHOR:
        return first, True
    candidates: list[str] = []
    for _, literal in literals:
        stop = literal.find(". ", 1)
        candidates.append(literal if stop == -1 else literal[:stop])
        if stop != -1 or literal.startswith(". "):
            break
    return max(candidates, key=len), False
