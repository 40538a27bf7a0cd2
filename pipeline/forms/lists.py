"""Lists whose items lost their markers, or have them on a line of their own (trafilatura 1.8)."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.forms.known import FAMILIES, known_line
from pipeline.forms.line_blocks import SKILL_WITH_SAMPLE
from pipeline.forms.rewriting import Edit, Flat, each_line, edited
from pipeline.labels import label_end
from pipeline.model import Block
from pipeline.sentences import clause_book

_LISTS = frozenset({"responsibilities", "skills", "companies"})
"""What the lead-in of a list means (vocabulary/lines.toml)."""
_FEWEST = 3
"""Items of a list without markers: a page's shortest has four, and one or two lines may be paragraphs."""
_MAX_ITEM = 400
_MARK = "• "
_MARKERS = ("• ", "- ", "* ", "+ ")


class _Line(NamedTuple):
    start: int
    end: int


def listed(text: str) -> Flat:
    """The text with a marker before every item of its lists; unchanged when they have them."""
    lines = _lines(text)
    edits: list[Edit] = []
    for number, (start, end) in enumerate(lines):
        if text[start:end] == "-" and number and not text.startswith(_MARKERS, lines[number - 1].start):
            # The marker of an item on the line below it: the line is the item's. Behind a blank line it is that of the next.
            is_below = text.count("\n", lines[number - 1].end, start) == 1
            at = lines[number - 1].start if is_below or number + 1 == len(lines) else lines[number + 1].start
            if text.startswith(_MARKERS, at):
                continue  # a lone dash between items that have theirs
            mark = (at, at, "" if (at, at, _MARK) in edits[-3:] else _MARK)
            edits += [mark, (start, end, "")] if at < start else [(start, end, ""), mark]
        match = SKILL_WITH_SAMPLE.match(text, start, end)
        if match is not None and match.end() < end and not _is_row(text[start:end]):
            begin = match.end() + (text[match.end()] == " ")
            edits.append((match.end(), begin, "\n"))
    if not edits and not any(text.startswith(_MARKERS, start) for start, _ in lines):
        edits = _unmarked(text, lines)
    return edited(text, edits)


def _lines(text: str) -> list[_Line]:
    lines: list[_Line] = []
    for start, line in each_line(text):
        bare = line.strip()
        if bare:
            begin = start + line.index(bare[0])
            lines.append(_Line(begin, begin + len(bare)))
    return lines


def _is_row(line: str) -> bool:
    return "\t" in line or "|" in line or label_end(line) > 0


def _unmarked(text: str, lines: list[_Line]) -> list[Edit]:
    """Markers for the lines below the lead-in of a list, up to the next line or sentence that is known."""
    known = [known_line(text, *line) for line in lines]
    if not any(line is not None and line.means in _LISTS for line in known):
        return []
    blocks = [Block("text", start, end, 0) for start, end in lines]
    stated = {number for family in FAMILIES for number in clause_book(family).find(text, blocks)}
    edits: list[Edit] = []
    for number, line in enumerate(known):
        if line is not None and line.means in _LISTS:
            end = number + 1
            while end < len(lines) and known[end] is None and end not in stated:
                if lines[end].end - lines[end].start > _MAX_ITEM or "\t" in text[slice(*lines[end])]:
                    break
                end += 1
            # A list without markers ends where something known begins; at the page's end there may be other links.
            if end - number > _FEWEST and end < len(lines) and (known[end] is not None or end in stated):
                edits += [(start, start, _MARK) for start, _ in lines[number + 1 : end]]
    return edits
