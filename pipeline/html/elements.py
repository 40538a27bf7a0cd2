"""What the elements of HTML are to the text of a page: one table.

Blocks part text, inline elements do not, and what holds no text of the page is passed by. To add an element, add its name.
"""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

SKIPPED = frozenset(
    "applet audio base canvas colgroup datalist embed frame frameset head iframe link meta meter noembed noframes noscript "
    "object param progress rp script select style svg template textarea title track video".split()
)
"""Elements whose text is nothing that the page says: code, what is shown instead of what browsers draw, what a visitor can fill in."""
CONTENT = "h1,table,main,article"
"""Elements that no menu holds."""
INLINE, LINK, RAISED, STRUCK, BLOCK, ITEM, HEADING, CELL, LIST, ROW, TABLE, BREAK, LINES, MENU, ASIDE, SKIP = range(16)
NAMES: dict[str, int] = {
    **dict.fromkeys(SKIPPED, SKIP),
    **dict.fromkeys(
        "address article blockquote body button center dd details dir div dl dt fieldset figcaption figure form header hgroup "
        "html legend main optgroup option p search section summary caption".split(),
        BLOCK,
    ),
    **dict.fromkeys("h1 h2 h3 h4 h5 h6".split(), HEADING),
    **dict.fromkeys("ol ul menu".split(), LIST),
    **dict.fromkeys("pre listing xmp".split(), LINES),
    **dict.fromkeys("br hr".split(), BREAK),
    **dict.fromkeys("td th".split(), CELL),
    **dict.fromkeys("del s strike".split(), STRUCK),
    **dict.fromkeys("nav dialog".split(), MENU),
    **dict.fromkeys("aside footer".split(), ASIDE),
    "a": LINK,
    "li": ITEM,
    "sup": RAISED,
    "tr": ROW,
    "table": TABLE,
}
"""What becomes of an element; those that are not listed are inline."""


_BLANK = LexborHTMLParser("x<!---->")


def number(name: str) -> int:
    """The parser's number of an element, which it tells four times as fast as the name."""
    return _BLANK.create_node(name).tag_id


def _numbers() -> tuple[dict[int, int], int]:
    """The parts by the parser's numbers of elements, and the number of texts."""
    assert _BLANK.root is not None, "the parser makes a root of any page"
    nodes = {node.tag: node.tag_id for node in _BLANK.root.traverse(include_text=True)}
    return {number(name): part for name, part in NAMES.items()} | {nodes["-comment"]: SKIP}, nodes["-text"]


PARTS, TEXT = _numbers()
