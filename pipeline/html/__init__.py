"""HTML as it came: its document tree becomes a canonical text of the page, and blocks whose cells have real boundaries.

The text is what a reader of the page sees, one block a line: items behind a bullet, the cells of a row parted by tabs, what
leads elsewhere (menus, dialogs, footers) as one line each. It is what every offset in the tables refers to, and what
`rolepages text` prints. lexbor, which reads the markup as browsers do, does not say where in the HTML a character stood, so
there are no offsets into the HTML.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from pipeline.html.charset import decode_html, is_likely_utf8
from pipeline.html.head import canonical_url, modified_on
from pipeline.html.tree import parse_tree
from pipeline.html.walk import Walk
from pipeline.html.writer import written
from pipeline.model import Problem, Shape

__all__ = ["HtmlPage", "read_html"]


class HtmlPage(NamedTuple):
    """A page of HTML: its blocks over its canonical text, and what its head says of it."""

    shape: Shape
    encoding: str
    url: str | None
    updated_on: date | None


def read_html(data: bytes, charset: str | None = None) -> HtmlPage | Problem:
    """The page that the HTML holds; `charset` is what its container says of its encoding.

    A Problem when no encoding reads it, when it is nested too deep, or when the tree does not reach its end.
    """
    if is_likely_utf8(data):
        page = _read(data, "utf-8")
        # The parser sets U+FFFD for every byte that is no UTF-8.
        if isinstance(page, Problem) or "\ufffd" not in page.shape.text:
            return page
    decoded = decode_html(data, charset)
    return decoded if isinstance(decoded, Problem) else _read(*decoded)


def _read(html: bytes, encoding: str) -> HtmlPage | Problem:
    tree = parse_tree(html)
    if isinstance(tree, Problem):
        return tree
    shape = written(Walk().run(tree.body))
    if not shape.blocks:
        return Problem("no_content", "no text that a reader of the page sees")
    return HtmlPage(shape, encoding, canonical_url(tree.parser, tree.head), modified_on(tree.head))
