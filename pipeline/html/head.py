"""What the head of a page says of it: its address, and when it was last changed."""

from __future__ import annotations

from datetime import date

from pipeline.html.tree import Tree
from pipeline.readers.moments import moment

_MAX_URL = 2_000
_MODIFIED = (
    'meta[property="article:modified_time"],meta[property="og:updated_time"],meta[itemprop="dateModified"],'
    'meta[name="last-modified" i],meta[http-equiv="last-modified" i]'
)


def canonical_url(tree: Tree) -> str | None:
    """The address in `<link rel=canonical>`, when it is a whole one."""
    node = tree.parser.css_first('link[rel~="canonical" i][href]')
    url = (node.attributes["href"] or "").strip() if node is not None else ""
    return url if url.startswith(("http://", "https://")) and len(url) <= _MAX_URL else None


def modified_on(tree: Tree) -> date | None:
    """The day on which the page was last changed, by the first of the usual `<meta>` elements."""
    head = tree.parser.head
    node = head.css_first(_MODIFIED) if head is not None else None
    time = moment(node.attributes.get("content")) if node is not None else None
    return time.date() if time is not None else None
