"""Tags in a text: XML and TEI as trafilatura writes them, and the minimal HTML that resiliparse prints.

Such a text is not parsed as a document: a tag begins a line, parts two cells, or disappears, and all else stays where it is.
"""

from __future__ import annotations

import html
import re

from pipeline.forms.rewriting import Edit, Flat, Rewriting, edited
from pipeline.text import fold

_TAG = re.compile(
    r"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9:_-]{0,30})(?P<rest>(?:\s[^<>]{0,2000}|/)?)>|<[!?][^<>]{0,2000}>"
)
_FEWEST = 3
"""Closing tags; a text with fewer has them by accident."""
_CELLS = frozenset({"cell", "td", "th"})
_LINES = frozenset(
    "article blockquote body comments div doc dl dt dd footer form h1 h2 h3 h4 h5 h6 head header hr html item li list main nav "
    "ol p row section table tbody tei teiheader text tfoot thead title tr ul".split()
)
_MARKS = {"item": "• ", "li": "• ", "head": "# ", **{f"h{level}": "# " for level in range(1, 7)}}
_HIDDEN = frozenset({"script", "style", "template", "noscript"})
_SPACES = re.compile(r"[ \t]*\n\s*")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")


def untagged(text: str) -> Flat:
    """The text with tags turned into lines and cells; unchanged when it has none of the tags that do so."""
    if text.count("</") < _FEWEST:
        return Flat(text)
    tags = list(_TAG.finditer(text))
    known = sum(tag["close"] == "/" and tag["name"].lower() in _LINES | _CELLS for tag in tags)
    return _Untagging(text).run(tags) if known >= _FEWEST else Flat(text)


class _Untagging:
    """One walk over the tags of a text; `pending` is what the tags since the last words ask for."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.rewriting = Rewriting(text)
        self.pending = ""
        self.in_row = self.is_first_cell = False
        self.hidden = ""
        # Where cells are tagged, a line break is only how the markup was printed; without them it may end a row.
        self.breaks = not re.search(r"<(?:cell|td)\b", text)

    def run(self, tags: list[re.Match[str]]) -> Flat:
        at = 0
        for tag in tags:
            self._words(at, tag.start())
            self._tag((tag["name"] or "").lower(), bool(tag["close"]), tag["rest"] or "")
            at = tag.end()
        self._words(at, len(self.text))
        return self.rewriting.done()

    def _tag(self, name: str, closes: bool, rest: str) -> None:
        if name in _HIDDEN and not rest.endswith("/"):
            self.hidden = "" if closes else name
        elif name in _CELLS and not closes:
            self.pending = self.pending.rstrip(" ") + ("" if self.is_first_cell else "\t")
            self.is_first_cell = False
        elif name in _LINES and not (self.in_row and name == "p"):
            self.pending = "\n" if closes or name not in _MARKS else "\n" + _MARKS[name]
            if name in ("row", "tr"):
                self.in_row = self.is_first_cell = not closes
        elif name in ("lb", "br", "p") and not self.pending:
            self.pending = " " if self.in_row else "\n"

    def _words(self, start: int, end: int) -> None:
        bare = self.text[start:end].strip()
        if self.hidden or not bare:
            if end > start and not self.pending:
                self.pending = "\n" if self.breaks and "\n" in self.text[start:end] else " "
            return
        begin = self.text.index(bare[0], start)
        stop = begin + len(bare)
        if not self.pending and begin > start:
            self.pending = "\n" if self.breaks and "\n" in self.text[start:begin] else " "
        self.rewriting.put(self.pending, begin, begin)
        for match in () if self.breaks else _SPACES.finditer(self.text, begin, stop):
            self.rewriting.keep(begin, match.start())
            self.rewriting.put(" ", *match.span())
            begin = match.end()
        self.rewriting.keep(begin, stop)
        self.pending = "" if stop == end else "\n" if self.breaks and "\n" in self.text[stop:end] else " "


def unescaped(text: str) -> Flat:
    """The text with character references as the characters that they stand for."""
    if "&" not in text:
        return Flat(text)
    edits: list[Edit] = []
    for match in _ENTITY.finditer(text):
        character = fold(html.unescape(match[0]))
        if character != match[0]:
            edits.append((*match.span(), character.replace("\n", " ").replace("\t", " ")))
    return edited(text, edits)
