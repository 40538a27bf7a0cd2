"""Shape: every text form becomes the same list of blocks.

How a page's text reached us says nothing of what it is about: a parser sees blocks and never asks which form they came from.
"""

from __future__ import annotations

from pipeline.forms.characters import has_odd_characters
from pipeline.forms.line_blocks import line_blocks
from pipeline.forms.signs import Signs, hangs, has_markup
from pipeline.model import Shape
from pipeline.text import fold


def shape(text: str) -> Shape:
    """Recognise the text form of `text` and turn it into blocks that cover every non-blank line."""
    folded = fold(text)
    blocks, signs = line_blocks(folded)
    if (
        signs.rare
        or has_markup(folded)
        or len(blocks) == 1
        or signs.hides_rows(folded)
        or hangs(folded)
        or has_odd_characters(folded)
    ):
        return _rare(text, folded, signs)
    return Shape(folded, blocks, signs.form(), text)


def _rare(text: str, folded: str, signs: Signs) -> Shape:
    from pipeline.forms.rare import rewritten

    flat, name = rewritten(folded)
    blocks, after = line_blocks(flat.text)
    form = name or ("spaced" if after.spaced_labels else signs.form())
    if flat.origin is None:
        return Shape(folded, blocks, form, text)
    source = flat.text if folded == text else flat.origin.restore(flat.text, text)
    return Shape(flat.text, blocks, form, source, flat.origin)
