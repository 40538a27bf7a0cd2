"""The head of a page without its scripts and styles, which are half of many a page, and a quarter of the time to parse it.

Only where it is beyond doubt that they are such: up to the first thing that is not written as the HTML standard wants it.
"""

from __future__ import annotations

import re

_ATTRIBUTES = rb"""(?:[ \t\n\f\r]++[a-z:_-]++(?:=(?:"[^"<>]*+"|'[^'<>]*+'|[^\s"'`=<>]++))?+)*+[ \t\n\f\r]*+/?>"""
_MARKUP = re.compile(
    rb"(?:[ \t\n\f\r]++|<(?:!doctype\b[^<>\"']*+>|(?:html|head|meta|link|base)"
    + _ATTRIBUTES
    + rb"|title>[^<]*+</title>"
    rb"|!--(?!-?>)(?:[^-]++|-(?!-))*+-->))*+",
    re.IGNORECASE,
)
"""What the head holds besides code, and what stands before it; a comment with `--` in it may end otherwise than it seems."""
_CODE = re.compile(rb"<(script|style)" + _ATTRIBUTES, re.IGNORECASE)
_ENDS = {name: re.compile(rb"</" + name + rb"[ \t\n\f\r]*>", re.IGNORECASE) for name in (b"script", b"style")}
_ODD = re.compile(rb"<(?:!--|/?script|/style)", re.IGNORECASE)
"""What makes the end of a script or style another than the first `</script>`: a comment, and what stands in it."""
_MOST_SIGNS = 50
"""`<` in one script; where there are more, the parser is the faster one."""


def without_code(html: bytes) -> bytes:
    """The page without the scripts and styles that its head begins with."""
    kept: list[bytes] = []
    at = start = 0
    while True:
        markup = _MARKUP.match(html, start)
        start = markup.end() if markup else start
        code = _CODE.match(html, start)
        end = _end(html, code) if code else 0
        if not end:
            break
        kept.append(html[at:start])
        at = start = end
    return b"".join([*kept, html[at:]]) if kept else html


def _end(html: bytes, code: re.Match[bytes]) -> int:
    """Where a script or style ends, its end tag included; 0 where that is not plain to see."""
    ends = _ENDS[code[1].lower()]
    sign = code.end() - 1
    for _ in range(_MOST_SIGNS):
        sign = html.find(b"<", sign + 1)
        if sign < 0:
            break
        if end := ends.match(html, sign):
            return end.end()
        if _ODD.match(html, sign):
            break
    return 0
