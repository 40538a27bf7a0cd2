"""HTML that is safe by construction: every string is escaped on its way in, and no page may run or load anything foreign.

Pages are hostile: they hold `<script>`, quotes that end attributes, and characters that turn text around or cannot be seen.
Those are shown by their names (`U+202E`), everything else is escaped (OWASP, "Cross Site Scripting Prevention").
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from functools import cache
from importlib import resources
from typing import Any

import orjson


class Markup(str):
    """HTML that is finished: nothing in it needs escaping any more."""

    __slots__ = ()


UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\ufff0-\uffff\U000e0000-\U000e0fff]"
)
"""Controls, bidirectional marks (Unicode TR 9), and characters without a shape: they act on what stands beside them."""


def reveal(text: str) -> str:
    """The text with what cannot be seen named as `U+202E`; tabs and newlines stay."""
    return UNSEEN.sub(lambda match: f"U+{ord(match[0]):04X}", text)


def escape(value: object) -> Markup:
    """A value as HTML, in text and in quoted attributes; Markup stays what it is."""
    return value if isinstance(value, Markup) else Markup(html.escape(reveal(str(value)), quote=True))


def element(name: str, *children: object, **attributes: object) -> Markup:
    """An element. In names of attributes `_` stands for `-`, a trailing one is dropped; False and None leave one out."""
    pairs = [
        f" {key.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{escape(value)}"')
        for key, value in attributes.items()
        if value is not None and value is not False
    ]
    return Markup(f"<{name}{''.join(pairs)}>{join(*children)}</{name}>")


def join(*parts: object) -> Markup:
    """Parts one after the other."""
    return Markup("".join(map(escape, parts)))


def data(name: str, value: Any) -> Markup:
    """Data for the page's script, as JSON that cannot end its element."""
    content = orjson.dumps(value).decode().replace("<", "\\u003c")
    return Markup(f'<script type="application/json" id="data-{name}">{content}</script>')


def page(title: str, body: Markup, *, data_blocks: Markup, scripts: tuple[str, ...]) -> bytes:
    """A whole page, self-contained: styles and scripts of `assets` are in it, and it may load nothing.

    The content security policy names each script by its hash, so that no other runs. Styles are open, because charts set
    attributes; they cannot load anything either.
    """
    codes = [asset(name) for name in scripts]
    policy = (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src {' '.join(map(_hash, codes))}; "
        "base-uri 'none'; form-action 'none'"
    )
    head = join(
        Markup('<meta charset="utf-8">'),
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{html.escape(policy)}">'),
        Markup('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        Markup('<meta name="referrer" content="no-referrer"><meta name="color-scheme" content="light dark">'),
        element("title", title),
        Markup(f"<style>{asset('style.css')}</style>"),
    )
    tail = Markup("".join(f"<script>{code}</script>" for code in codes))
    content = Markup(f'<html lang="en"><head>{head}</head><body>{body}{data_blocks}{tail}</body></html>')
    return f"<!doctype html>{content}\n".encode("utf-8", "replace")


@cache
def asset(name: str) -> str:
    """A file of `assets`."""
    return resources.files("pipeline.report").joinpath("assets", name).read_text("utf-8")


@cache
def _hash(code: str) -> str:
    digest = hashlib.sha256(code.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
