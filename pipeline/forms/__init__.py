"""Shape: every text form becomes the same list of blocks.

How a page's text reached us says nothing of what it is about: a parser sees blocks and never asks which form they came from.
"""

from __future__ import annotations

from pipeline.forms.line_blocks import line_blocks
from pipeline.model import Block, Shape
from pipeline.text import fold


def shape(text: str) -> Shape:
    """Recognise the text form of `text` and turn it into blocks that cover every non-blank line."""
    folded = fold(text)
    blocks = line_blocks(folded)
    return Shape(folded, blocks, _form(folded, blocks))


def _form(text: str, blocks: list[Block]) -> str:
    kinds = {block.kind for block in blocks}
    if "row" in kinds and any(len(block.cells) > 1 for block in blocks):
        return "pipe"
    if "item" in kinds:
        dashes = text.count("\n- ") + text.startswith("- ")
        return "dashed" if dashes > text.count("• ") else "bulleted"
    return "glued" if "row" in kinds else "stripped"
