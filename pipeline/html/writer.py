"""The canonical text of a page, and its blocks over that text, from the leaves of its document tree.

One leaf a line: items behind a bullet, the cells of a row parted by tabs, a blank line above a heading.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.html.leaves import Leaf
from pipeline.model import Block, Shape
from pipeline.text import fold

FORM = "html"
"""The name of the text form."""
_BULLET = "• "
_INDENT = len(_BULLET)
_new = tuple.__new__


def written(leaves: Sequence[Leaf]) -> Shape:
    """The page that has these leaves."""
    parts: list[str] = []
    blocks: list[Block] = []
    at, line = 0, 1
    for kind, cells, _, label in leaves:
        if kind == "row":
            spans = []
            begin = at
            for cell in cells:
                end = begin + len(cell)
                spans.append((begin, end))
                begin = end + 1
            start, end = (at, end) if cells[0] and cells[-1] else _filled(spans)
            blocks.append(_new(Block, ("row", start, end, line, tuple(spans), "")))
            parts.append("\t".join(cells))
            at, line = begin, line + 1
            continue
        if kind == "empty":
            continue
        text = cells[0]
        if kind == "item":
            text = _BULLET + text
            begin = at + _INDENT
        elif kind == "heading" and parts:
            parts.append("")
            begin = at = at + 1
            line += 1
        else:
            begin = at
        end = at + len(text)
        if kind == "run":
            blocks.append(Block("row", begin, end, line, ((begin, begin + label),), _gap(text, label)))
        else:
            blocks.append(_new(Block, (kind, begin, end, line, (), "")))
        parts.append(text)
        at, line = end + 1, line + 1
    text = "\n".join(parts)
    return Shape(fold(text), blocks, FORM, text)


def _filled(spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """From the first cell that is not empty to the last one."""
    filled = [span for span in spans if span[1] > span[0]]
    return filled[0][0], filled[-1][1]


def _gap(text: str, label: int) -> str:
    """What parts the cells of a run behind its label, as far as it shows."""
    return " " if text[label : label + 1] == " " and text.find(" ", label + 1) != -1 else ""
