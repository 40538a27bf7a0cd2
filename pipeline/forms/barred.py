"""A page on one line whose texts a bar parts, as `get_text("|")` of BeautifulSoup joins them: each begins a line of its own."""

from __future__ import annotations

import re

from pipeline.forms.rewriting import Flat, edited

_BARS = re.compile(r"[^\S\n]*\|(?:[^\S\n]*\|)*[^\S\n]*")
_FEWEST = 20
"""Bars on a line; a table that lost its line breaks has as many, and is read the same way."""
_SHARE = 0.8
"""Of the text's characters, those that stand on the line."""


def unbarred(text: str) -> Flat:
    """The text with a line break for each run of bars; unchanged where they part the cells of rows."""
    if text.count("|") < _FEWEST:
        return Flat(text)
    longest = max(text.split("\n"), key=len)
    if len(longest) < _SHARE * len(text) or longest.count("|") < _FEWEST:
        return Flat(text)
    return edited(text, [(*match.span(), "\n") for match in _BARS.finditer(text)])
