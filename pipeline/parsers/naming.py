"""Which two roles a comparison page compares: from its title, else its sentences, its headings, or its header row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from pipeline.glued import read_run
from pipeline.kinds import KINDS
from pipeline.labels import label_book
from pipeline.lines import LineMatch
from pipeline.model import Block
from pipeline.parsers.pairing import roles_of_pairs
from pipeline.roles import Role, RoleBook, mention_key
from pipeline.sentences import ClauseMatch

Span = tuple[int, int]

_VERSUS = re.compile(r" [Vv][Ss]\.? ")
_TAIL = re.compile(r" [-–—|·] | [(\[]|:? (?:in |for )?(?=(?:19|20)[0-9]{2}\b)")
"""What may begin something else than the name: a site's own name, an aside, a year."""
_MAX_TITLE = 220
_NAMING_LINES = frozenset({"description", "responsibilities", "skills"})


class Versus(NamedTuple):
    """A block "A vs b", a heading or the title."""

    number: int
    names: tuple[Span, Span]
    keys: tuple[str, str]
    """What all mentions of each role have in common."""


def name_roles(
    book: RoleBook,
    blocks: Sequence[Block],
    lines: Mapping[int, LineMatch],
    clauses: Mapping[int, Sequence[ClauseMatch]],
    titles: Sequence[Versus],
) -> list[Role]:
    """The page's two roles, first column first, introduced into `book`; fewer when the page does not say."""
    spans = (
        _most_named(titles)
        or _from_sentences(clauses.values())
        or _from_headings(book.text, lines.values())
        or _from_header(book.text, blocks)
    )
    roles = [book.learn(start, end, plural=False) for start, end in spans] or roles_of_pairs(
        book, lines.values(), clauses
    )
    return [role for role in dict.fromkeys(roles) if role is not None]


def compared(text: str, blocks: Sequence[Block], lines: Mapping[int, LineMatch]) -> list[Versus]:
    """Every line "A vs b" of a page."""
    found = []
    search = _VERSUS.search
    for number, (kind, start, end, _, _, _) in enumerate(blocks):
        if number in lines:
            line = lines[number]
            if not line.template.compares:
                continue
            first, second = line.match.span("a"), line.match.span("b")
            second = second[0], _without_tail(text, *second)
        elif kind in ("text", "heading") and end - start <= _MAX_TITLE and (cut := search(text, start, end)):
            first, second = (start, cut.start()), (cut.end(), _without_tail(text, cut.end(), end))
        else:
            continue
        keys = mention_key(text[slice(*first)]), mention_key(text[slice(*second)])
        if all(keys) and keys[0] != keys[1]:
            found.append(Versus(number, (first, second), keys))
    return found


def _most_named(titles: Sequence[Versus]) -> Sequence[Span]:
    """The pair that most lines "A vs b" name: a page repeats its own pair in its headings."""
    count = Counter([title.keys for title in titles])
    return max(titles, key=lambda title: count[title.keys]).names if titles else ()


def _without_tail(text: str, start: int, end: int) -> int:
    """The end of the name at `text[start:end]`, before a site's own name or a year ("... vs teller - Example Careers", "... (2026)").

    A role may have a dash or brackets in its name; the page then never speaks of it without.
    """
    tail = _TAIL.search(text, start, end)
    if tail is None:
        return end
    lower = text.lower()
    return tail.start() if lower.count(lower[start : tail.start()]) > lower.count(lower[start:end]) else end


def _from_sentences(clauses: Iterable[Sequence[ClauseMatch]]) -> list[Span]:
    spans: list[Span] = []
    for hits in clauses:
        for hit in hits:
            types = [hole.type for hole in hit.clause.template.holes]
            if types[:1] == ["role"] and not hit.clause.opens_with_role:
                spans.append(hit.match.span(hit.clause.template.holes[0].name))
    return spans if len(spans) == 2 else []


def _from_headings(text: str, lines: Iterable[LineMatch]) -> list[Span]:
    named: dict[str, Span] = {}
    for hit in lines:
        if hit.means in _NAMING_LINES:
            span = hit.match.span("role")
            named.setdefault(mention_key(text[slice(*span)]), span)
    return list(named.values()) if len(named) == 2 else []


def _from_header(text: str, blocks: Sequence[Block]) -> list[Span]:
    """The line above the first table row; where it is glued, the cut whose two names the page uses elsewhere."""
    for above, block in pairwise(blocks):
        begins_table = block.kind == "rule" or (block.kind == "row" and _has_label(text, block))
        if begins_table and above.kind in ("text", "heading", "row"):
            cells = _header_cells(text, above)
            if len(cells) == 2:
                return cells
    return []


def _header_cells(text: str, above: Block) -> list[Span]:
    if above.kind == "row":
        cells = [cell for cell in above.cells if cell[1] > cell[0]]
        return [] if _has_label(text, above) else cells
    cuts = read_run(KINDS["words"], text, above.start, above.end, 2, above.gap)
    if len(cuts) > 1:
        lower = text.lower()
        cuts = [cut for cut in cuts if all(_used_elsewhere(lower, lower[s:e], above) for s, e in cut)]
    return list(cuts[0]) if len(cuts) == 1 else []


def _has_label(text: str, row: Block) -> bool:
    start, end = row.cells[0]
    return label_book().exact(text[start:end]) is not None


def _used_elsewhere(lower: str, name: str, header: Block) -> bool:
    return lower.find(name, header.end) != -1 or lower.find(name, 0, header.start) != -1
