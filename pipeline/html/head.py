"""What the head of a page says of it: its address, and when it was last changed."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipeline.html.elements import number
from pipeline.readers.moments import moment

_MAX_URL = 2_000
_CANONICAL = 'link[rel~="canonical" i][href]'
_MODIFIED = {
    "property": ("article:modified_time", "og:updated_time"),
    "itemprop": ("dateModified",),
    "name": ("last-modified",),
    "http-equiv": ("last-modified",),
}
"""Attributes of a `<meta>` that tells when the page was last changed, and their values."""
_ANY_CASE = frozenset({"name", "http-equiv"})
_LINK, _META, _NOSCRIPT = number("link"), number("meta"), number("noscript")


class Head(NamedTuple):
    """The elements of a head that say something of the page."""

    links: list[LexborNode]
    metas: list[LexborNode]
    has_noscript: bool


def head_of(parser: LexborHTMLParser) -> Head:
    """The head's elements, in one pass: a selector takes as long for each that it looks for."""
    links, metas, has_noscript = [], [], False
    node = parser.head.first_child if parser.head is not None else None
    while node is not None:
        tag = node.tag_id
        if tag == _LINK:
            links.append(node)
        elif tag == _META:
            metas.append(node)
        elif tag == _NOSCRIPT:
            has_noscript = True
        node = node.next
    return Head(links, metas, has_noscript)


def canonical_url(parser: LexborHTMLParser, head: Head) -> str | None:
    """The address in `<link rel=canonical>`, when it is a whole one; the head's before one in the body."""
    found = next(filter(_is_canonical, [node.attributes for node in head.links]), None)
    if found is None:
        node = parser.css_first(_CANONICAL)
        found = node.attributes if node is not None else {}
    url = (found.get("href") or "").strip()
    return url if url.startswith(("http://", "https://")) and len(url) <= _MAX_URL else None


def _is_canonical(attributes: dict[str, str | None]) -> bool:
    return "href" in attributes and "canonical" in (attributes.get("rel") or "").lower().split()


def modified_on(head: Head) -> date | None:
    """The day on which the page was last changed, by the first of the usual `<meta>` elements."""
    for node in head.metas:
        attributes = node.attributes
        if _tells_change(attributes):
            time = moment(attributes.get("content"))
            return time.date() if time is not None else None
    return None


def _tells_change(attributes: dict[str, str | None]) -> bool:
    for name, values in _MODIFIED.items():
        value = attributes.get(name)
        if value is not None and (value.lower() if name in _ANY_CASE else value) in values:
            return True
    return False
