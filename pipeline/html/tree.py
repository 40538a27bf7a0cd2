"""From the bytes of a page to its document tree, by lexbor; what would hang the parser, or escape it, is noticed.

A parser that stops early says nothing (an unclosed comment, script or attribute swallows the rest of a page without an error),
so every page is parsed with an element of our own behind its end: where the tree does not hold it, the end was not reached.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipeline.html.code import without_code
from pipeline.html.elements import SKIPPED
from pipeline.html.head import Head, head_of
from pipeline.html.menus import holds_content, is_in_article, menu_text
from pipeline.model import Problem

END = "rolepages-end"
"""The element behind the end of the page."""
_END = f"<{END}>".encode()
_HARMLESS = 1 << 17
"""Bytes of a page that is parsed in 2 s whatever it holds."""
_SEEN_TAGS = 5_000
"""Tags of a page that may be nested as it likes: the time for nesting grows with its square, and is 0.1 s there."""
_DEEPEST = 1_000
"""Elements inside each other; browsers stop at 512."""
_LARGEST_TAG = 1 << 16
"""Bytes of one tag; the time for attributes grows with the square of their number."""
_OFTEN = 200
"""Bytes of HTML per tag; a page with fewer has no tag that is too large."""
_LONGEST_CUT = 2_000
"""Bytes of a tag in which a page may end."""
_CUT_TAG = re.compile(rb"</?[a-zA-Z][^<>]*\Z|<!?-?\Z")
_TAG = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9]{0,15})")
_FLAT = frozenset(
    b"area base br col colgroup dd dt embed hr img input li link meta option optgroup p param rp rt source tbody td tfoot th "
    b"thead tr track wbr".split()
)
"""Elements that are empty, or end by themselves where the next one begins: they nest inside others only."""
_TELLING = "[hidden],[aria-hidden],[style],[role]"
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_ROOTS = frozenset({"html", "body"})
"""Elements that are hidden only until a script shows the page."""
_MENU_ROLES = frozenset(
    {"alertdialog", "banner", "complementary", "contentinfo", "dialog", "menu", "menubar", "navigation"}
)
_MENU_ROLES_OF_PAGES = frozenset({"complementary", "contentinfo"})
_BODY = re.compile(rb"<body[\s>]", re.IGNORECASE)
_NOSCRIPT = re.compile(rb"<noscript[\s>]", re.IGNORECASE)
_END_NOSCRIPT = re.compile(rb"</noscript\s*>", re.IGNORECASE)
_SCRIPT = re.compile(rb"</?script", re.IGNORECASE)


class Tree(NamedTuple):
    """The tree of a page: what is hidden is not in it, and a menu by its role is a `<nav>`."""

    parser: LexborHTMLParser
    head: Head
    body: LexborNode


def parse_tree(html: bytes) -> Tree | Problem:
    """The document tree of a page in UTF-8, or why it cannot be had."""
    problem = _unparseable(html)
    if problem is not None:
        return problem
    if b"\0" in html:
        # Parsers drop it, and "1\0" beside "2" is not 12.
        html = html.replace(b"\0", "\ufffd".encode())
    html = without_code(html)
    tree = _whole(html)
    if tree is None and (cut := _CUT_TAG.search(html, max(0, len(html) - _LONGEST_CUT))):
        tree = _whole(html[: cut.start()])
    if tree is None:
        return Problem("html_unclosed", "a comment, script or tag that is never closed swallows the end of the page")
    # From the last to the first, so that no element is looked at after the one around it was taken out.
    for node in reversed(tree.parser.css(_TELLING)):
        attributes = node.attributes
        if node.tag in _ROOTS:
            continue
        if _is_hidden(attributes) or (attributes.get("role") == "tooltip" and not holds_content(node)):
            node.decompose()
        elif _is_menu(attributes.get("role"), node):
            menu = tree.parser.create_node("nav")
            menu.insert_child(menu_text(node))
            node.replace_with(menu)
    return tree


def _is_menu(role: str | None, node: LexborNode) -> bool:
    """Whether an element leads elsewhere by its role; beside or below an article's text it may be part of it, as `<aside>` may."""
    return (
        role in _MENU_ROLES and not holds_content(node) and not (role in _MENU_ROLES_OF_PAGES and is_in_article(node))
    )


def _is_hidden(attributes: dict[str, str | None]) -> bool:
    style = attributes.get("style")
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or (style is not None and _HIDDEN_STYLE.search(style) is not None)
    )


def _whole(html: bytes) -> Tree | None:
    """The tree of the page if it reaches the page's end, outside of all that is skipped."""
    parser = LexborHTMLParser(html + _END)
    head = head_of(parser)
    if head.has_noscript:
        # Read without scripts, a `<noscript>` in the head may spill its text into the page.
        parser = LexborHTMLParser(_without_noscript(html) + _END)
        head = head_of(parser)
    body = parser.body
    if body is None:
        return None
    last = body.last_child
    end = last if last is not None and last.tag == END else parser.css_first(END)
    if end is None:
        return None
    node = end.parent
    while node is not None:
        if node.tag in SKIPPED:
            return None
        node = node.parent
    return Tree(parser, head, body)


def _without_noscript(html: bytes) -> bytes:
    """The page without the `<noscript>` elements of its head, but for those that seem to stand in a script."""
    body = _BODY.search(html)
    end = body.start() if body else len(html)
    kept, at = [], 0
    while (begins := _NOSCRIPT.search(html, at, end)) and (ends := _END_NOSCRIPT.search(html, begins.end(), end)):
        if _SCRIPT.search(html, begins.end(), ends.start()):
            break
        kept.append(html[at : begins.start()])
        at = ends.end()
    return b"".join([*kept, html[at:]])


def _unparseable(html: bytes) -> Problem | None:
    """Why the parser should not be asked: its time grows with the square of some sizes."""
    if len(html) <= _HARMLESS:
        return None
    tags = html.count(b"<")
    if tags > _SEEN_TAGS and (depth := _depth(html)) > _DEEPEST:
        return Problem("html_too_deep", f"elements nested {depth:,} deep; the limit is {_DEEPEST:,}")
    if len(html) > max(_LARGEST_TAG, tags * _OFTEN):
        # What follows the last `<` before a `>` is a tag.
        large = [piece for piece in html.split(b">") if len(piece) > _LARGEST_TAG]
        largest = max((len(piece) - piece.rfind(b"<") for piece in large if b"<" in piece), default=0)
        if largest > _LARGEST_TAG:
            return Problem("too_large", f"a tag of {largest:,} bytes; the limit is {_LARGEST_TAG:,}")
    return None


def _depth(html: bytes) -> int:
    """How deep the page's elements can be nested at most, closing tags of elements that are not open aside."""
    is_open: Counter[bytes] = Counter()
    depth = deepest = 0
    for match in _TAG.finditer(html):
        name = match[2].lower()
        if name in _FLAT:
            continue
        if not match[1]:
            is_open[name] += 1
            depth += 1
            deepest = max(deepest, depth)
        elif is_open[name]:
            is_open[name] -= 1
            depth -= 1
    return deepest
