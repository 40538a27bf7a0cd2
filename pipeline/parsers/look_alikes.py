"""Pages that look like those that are read and are not (vocabulary/families.toml): known by name, and nothing is read from them."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NamedTuple

from pipeline.ledger import Ledger
from pipeline.model import Problem, Shape
from pipeline.parsers.outcome import Outcome
from pipeline.templates import Template, compile_template
from pipeline.vocabulary import each


class LookAlike(NamedTuple):
    """One family: its page_kind, what it is for people, and what it is known by."""

    page_kind: str
    about: str
    signs: tuple[Template, ...]
    paths: tuple[str, ...]

    def parse(self, source: str, shape: Shape) -> Outcome:
        """No facts: every line is left, and the problem says what the page is."""
        ledger = Ledger(source, shape.text, shape.blocks)
        ledger.close()
        return Outcome(ledger, Problem("unknown_family", f"{self.about}; only comparison and profile pages are read"))


def look_alike(text: str) -> LookAlike | None:
    """The family of which the (folded) text has a sign."""
    lower = text.lower()
    for family in _families():
        for sign in family.signs:
            if sign.anchor.lower() in lower and sign.pattern.search(text):
                return family
    return None


def look_alike_at(url: str) -> LookAlike | None:
    """The family that the address of a page belongs to."""
    if url.isascii() and not _may_belong(url.lower()):
        return None
    match = _addresses().match(url)
    return _families()[int(match.lastgroup[1:])] if match and match.lastgroup else None


def _may_belong(url: str) -> bool:
    """Whether an address, in lower case, has what that of some family cannot lack: the pattern takes ten times as long."""
    parts, ends = _literals()
    for part in parts:  # `any` over a generator takes longer than all the searches
        if part in url:
            return True
    path = url.partition("?")[0].partition("#")[0]
    return path.endswith(ends) or path.removesuffix("/").endswith(ends)


@cache
def _literals() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """For every path what it begins with, and what it ends in where its beginning tells nothing."""
    paths = {path.lower() for family in _families() for path in family.paths}
    open_paths = {path for path in paths if path.startswith("/*")}
    parts = {path.partition("*")[0] for path in paths - open_paths}
    return tuple(sorted(parts)), tuple(sorted({path.rpartition("*")[2] for path in open_paths}))


@cache
def _addresses() -> re.Pattern[str]:
    """The addresses of all families, in a group each."""
    paths = []
    for number, family in enumerate(_families()):
        patterns = (re.escape(path).replace(r"\*", "[^?#]+") for path in family.paths)
        paths.append(f"(?P<f{number}>{'|'.join(patterns)})")
    return re.compile(rf"[a-z][a-z0-9+.-]{{0,20}}://[^/?#]+(?:{'|'.join(paths)})/?(?:[?#]|\Z)", re.IGNORECASE)


@cache
def _families() -> tuple[LookAlike, ...]:
    return tuple(each("families", _look_alike))


def _look_alike(entry: dict[str, Any]) -> LookAlike:
    signs = tuple(compile_template(sign, ignore_case=True) for sign in entry["signs"])
    return LookAlike(entry["name"], entry["about"], signs, tuple(entry["paths"]))
