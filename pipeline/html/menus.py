"""What leads elsewhere: menus, dialogs, footers. Each is one line of the page's text, and states nothing."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from pipeline.html.elements import CONTENT, SKIPPED, TEXT
from pipeline.html.leaves import in_line

MENU_GAP = " · "
"""Between the texts of a menu."""
_SIGNS_OF_CODE = ("{", "=", "<")
"""What scripts, styles and the markup of a `<noscript>` hold, and menus do not."""


def holds_content(node: LexborNode) -> bool:
    """Whether an element holds what no menu holds: it is part of the page then, whatever it is called."""
    return node.css_first(CONTENT) is not None


def is_in_article(node: LexborNode) -> bool:
    """Whether an element stands in what the page calls its content."""
    above = node.parent
    while above is not None and above.tag not in ("main", "article"):
        above = above.parent
    return above is not None


def menu_text(node: LexborNode) -> str:
    """The texts of a menu in one line; at once, and not element by element, because a menu may be half of a page."""
    text = node.text(separator=MENU_GAP, strip=True, skip_empty=True)
    if any(sign in text for sign in _SIGNS_OF_CODE):
        parts = [part.text_content or "" for part in node.traverse(include_text=True) if _is_seen_text(part)]
        text = MENU_GAP.join([part.strip() for part in parts if part.strip()])
    return in_line(text)


def _is_seen_text(node: LexborNode) -> bool:
    """Whether the node is a text outside of all that is skipped."""
    if node.tag_id != TEXT:
        return False
    above = node.parent
    while above is not None and above.tag not in SKIPPED:
        above = above.parent
    return above is None
