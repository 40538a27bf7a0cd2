"""Text with one block a line: bulleted, dashed, stripped, and tables with one row a line.

These forms differ in their item markers, in whether headings survive, and in how they draw table rows; all of that shows on
the line itself, so that one pass serves them all, and mixtures of them as well. Rarer forms are rewritten into this one
(:mod:`pipeline.forms.rare`), where a tab parts the cells of a row; the pass notes the signs of them.
"""

from __future__ import annotations

import re
from functools import cache

from pipeline.forms.characters import BULLETS
from pipeline.forms.signs import Signs
from pipeline.labels import PREFIX, label_book, label_end
from pipeline.model import Block, BlockKind
from pipeline.templates import Template, compile_template
from pipeline.vocabulary import load

Span = tuple[int, int]

LONG_LINE = 1_200
"""Characters; the longest paragraph in some 150 texts has 900: a longer line may be several blocks."""
_SHORT_LINE = 60
"""Characters; a shorter line that ends no sentence is a heading, or an item that lost its marker."""
_GLUED = frozenset("$-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
"""Characters that begin a cell right behind its label."""
_BULLETS = frozenset("•-*+" + BULLETS)
_LOWER = frozenset("abcdefghijklmnopqrstuvwxyz")
_RULERS = frozenset("-=*_|:+")
_RULED = "".join(_RULERS) + " \t"
_SPECIAL = _BULLETS | _LOWER | _RULERS | frozenset("#0123456789")
_NUMBERED = re.compile(r"[0-9]{1,2}[.)] +(?=\S)")
_RULE = re.compile(r"[\s|:+=*_-]*(?:-{3}|={3}|\*{3}|_{3}|\* \* \*)[\s|:+=*_-]*")
_HEADING = re.compile(r"(?:#{1,6}|={1,6})\s+(?=\S)")
# Where a heading may be glued to the paragraph before it (seed 002: "...your resume.Compare different ...").
_JOIN = re.compile(r"[.!?](?<=[a-z0-9)%\"']{2}.)(?=[A-Z])")
_MAX_HEADING = 250
_TRAILING = 300
"""Spaces at the end of a line, at most."""
_PARAGRAPH_WITH_HEADING = 120
"""Characters of the shortest line that is a paragraph with a heading glued to its end."""
_MAX_CELL = 100
"""Characters of the longest cell of a row that neither bars nor a label mark as one."""
SKILL_WITH_SAMPLE = re.compile(r"(?:[^,%.\n]|\.(?=\w)){2,100}, [0-9]{1,3}(?:\.[0-9]{1,2})?%(?=\s*[A-Z0-9\"'])")
"""A skill of a list, run together with the sentence under it."""

_new = tuple.__new__


def line_blocks(text: str) -> tuple[list[Block], Signs]:
    """The blocks of a folded text, in order, which cover every non-blank line, and what the lines show of their form."""
    pass_ = _Pass(text)
    signs, add, new = pass_.signs, pass_.blocks.append, _new
    labels = label_book().ends_by_prefix
    has_pipes, has_tabs, has_joins = "|" in text, "\t" in text, pass_.has_joins
    start = short = glued = bullets = dashes = 0
    for number, line in enumerate(text.split("\n"), 1):
        bare = line.strip()
        if bare:
            length, first = len(bare), bare[0]
            begin = start if line[0] == first else start + line.index(first)
            end = begin + length
            stop = 0
            if first in "•-" and bare[1:2] == " " and "%" not in bare[2:-1] and bare[2] not in "- ":
                bullets += first == "•"
                dashes += first == "-"
                add(new(Block, ("item", begin + 2, end, number, (), "")))
            elif (
                (has_tabs and "\t" in line and pass_.tabs(line, start, number))
                or (has_pipes and "|" in bare and pass_.pipes(bare, begin, number))
                or (first in _SPECIAL and pass_.special(bare, begin, number))
            ):
                pass
            elif (likely := labels.get(bare[:PREFIX].lower())) and (stop := label_end(bare, likely)):
                gap = "" if bare[stop : stop + 1] in _GLUED else signs.label(bare, stop)
                glued += 1
                add(new(Block, ("row", begin, end, number, ((begin, begin + stop),), gap)))
            elif length < _SHORT_LINE:
                short += bare[-1] not in ".:!?"
                add(new(Block, ("text", begin, end, number, (), "")))
            elif length < _PARAGRAPH_WITH_HEADING or not (has_joins and pass_.paragraph(begin, end, number)):
                add(new(Block, ("text", begin, end, number, (), "")))
        start += len(line) + 1
    signs.short_lines += short
    signs.bullets += bullets
    signs.dashes += dashes
    signs.glued_rows += glued
    return pass_.blocks, signs


class _Pass:
    """One pass over a text: the blocks found, and the rarer kinds of lines."""

    __slots__ = ("_headings", "blocks", "has_joins", "signs", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.blocks: list[Block] = []
        self.signs = Signs()
        self._headings = [heading for heading in _glued_headings() if heading.anchor in text]
        self.has_joins = bool(self._headings) or len(text) > LONG_LINE

    def _add(self, kind: BlockKind, start: int, end: int, number: int) -> None:
        self.blocks.append(_new(Block, (kind, start, end, number, (), "")))

    def special(self, bare: str, begin: int, number: int) -> bool:
        """A line that its first character marks as an item, a heading or a rule; False when it is a plain line."""
        first, end = bare[0], begin + len(bare)
        if first in _LOWER:
            self.signs.lower_lines += self._is_continued(begin)
            return False
        if first in _BULLETS and bare[1:2] == " " and not (bare[2] in _RULERS and _is_rule(bare)):
            self.signs.item("-" if first in "-*+" else "•")
            begin = end - len(bare[1:].lstrip())
            self.signs.sampled_items += "%" in bare[:-1] and SKILL_WITH_SAMPLE.match(self.text, begin, end) is not None
            self._add("item", begin, end, number)
        elif first in _RULERS and _is_rule(bare):
            self._add("rule", begin, end, number)
        elif first in "#=" and (mark := _HEADING.match(bare)):
            self.signs.headings += 1
            self._add("heading", begin + mark.end(), end, number)
        elif mark := _NUMBERED.match(bare):
            self._add("item", begin + mark.end(), end, number)
        else:
            self.signs.lone_marks += bare == "-"
            return False
        return True

    def _is_continued(self, begin: int) -> bool:
        """Whether the line above the one that begins there ends inside a sentence; a peer's paragraph may begin in lower case (seed 002)."""
        end = self.text.rfind("\n", 0, begin)
        above = self.text[max(0, end - _TRAILING) : max(0, end)].rstrip(" ")
        return above != "" and above[-1] not in ".:!?\n"

    def paragraph(self, begin: int, end: int, number: int) -> bool:
        """A long line with a known heading glued to its end; False when there is none."""
        if end - begin > LONG_LINE:
            self.signs.long_lines += 1
            return False
        low = max(begin, end - _MAX_HEADING)
        for heading in self._headings:
            if self.text.find(heading.anchor, low, end) != -1:
                for join in reversed(list(_JOIN.finditer(self.text, low, end))):
                    if heading.pattern.fullmatch(self.text, join.end(), end):
                        self._add("text", begin, join.end(), number)
                        self._add("text", join.end(), end, number)
                        return True
        return False

    # --- rows whose cells are kept apart ---------------------------------------------------------------------------

    def tabs(self, line: str, start: int, number: int) -> bool:
        """A row whose cells are parted by tabs."""
        cells = _cells(line, start, "\t")
        self._row(cells[1:] if cells[0][0] == cells[0][1] else cells, number)
        self.signs.tab_rows += 1
        return True

    def pipes(self, bare: str, begin: int, number: int) -> bool:
        """A row whose cells are parted by bars, or the rule between such rows; False when it is neither."""
        if _is_rule(bare):
            self._add("rule", begin, begin + len(bare), number)
            return True
        cells = _cells(bare, begin, "|")
        barred = bare[0] == "|" or bare[-1] == "|"
        # Outer bars leave an empty piece at either end; an empty cell inside is a cell.
        if bare[0] == "|":
            del cells[0]
        if len(cells) > 1 and cells[-1][0] == cells[-1][1]:
            del cells[-1]
        if len(cells) < 2 or sum([end > start for start, end in cells]) < 2:
            self.signs.barred_cells += barred
            return False
        if not barred and not label_end(bare) and any(end - start > _MAX_CELL for start, end in cells):
            return False
        self._row(cells, number)
        self.signs.pipe_rows += 1
        return True

    def _row(self, cells: list[Span], number: int) -> None:
        if len(cells) > 1:
            filled = [cell for cell in cells if cell[1] > cell[0]]
            self.blocks.append(_new(Block, ("row", filled[0][0], filled[-1][1], number, tuple(cells), "")))
        else:
            self._add("text", *cells[0], number)


def _is_rule(bare: str) -> bool:
    return not bare.strip(_RULED) and _RULE.fullmatch(bare) is not None


def _cells(line: str, start: int, separator: str) -> list[Span]:
    """The spans of the cells of a line that starts at `start`, without the spaces around them."""
    cells: list[Span] = []
    for piece in line.split(separator):
        bare = piece.strip()
        at = start + (piece.index(bare[0]) if bare else 0)
        cells.append((at, at + len(bare)))
        start += len(piece) + 1
    return cells


@cache
def _glued_headings() -> tuple[Template, ...]:
    return tuple(
        compile_template(entry["text"], whole=True, ignore_case=True)
        for entry in load("lines")["line"]
        if entry.get("glued")
    )
