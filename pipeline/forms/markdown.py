"""Markdown inside a line: links, emphasis and escapes; headings, items and tables are the common pass's own."""

from __future__ import annotations

import re

from pipeline.forms.rewriting import Edit, Flat, edited

_URL = r"<?[^()\s]{0,1000}(?:\([^()\s]{0,200}\)[^()\s]{0,500})?>?"
_LINK = re.compile(rf"!?\[(?P<words>[^\[\]\n]{{0,300}})\](?:\({_URL}(?:\s\"[^\"\n]{{0,300}}\")?\)|\[[0-9]{{1,4}}\])")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(?P<words>[^*_\n]{1,1000}?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*_])([*_])(?=[^\s*_])(?P<words>[^*_\n]{1,1000}?)(?<=\S)\1(?![\w*_])")
_ESCAPE = re.compile(r"\\(?P<words>[!-/:-@\[-`{-~])")
_STARRED = re.compile(r"^[ \t]*(\*{2,8}) (?P<words>[^*\n]{1,300}) \1[ \t]*$", re.MULTILINE)
"""A heading as the html2text of Debian draws it."""


_ATTRIBUTES = re.compile(r"(?P<words>) *\{[#.:][^{}\n]{1,300}\}[ \t]*$", re.MULTILINE)
"""What pandoc and kramdown write behind a heading: its id and classes."""


_SPAN = re.compile(r"\[(?P<words>[^\[\]\n]{0,300})\]\{[^{}\n]{1,300}\}")
_FENCE = re.compile(r"^[ \t]*:{3,}(?: ?\{[^{}\n]{0,500}\}| [\w-]{1,60})?(?P<words>)[ \t]*$", re.MULTILINE)
"""Where a box begins or ends in pandoc's Markdown."""


def unmarked(text: str) -> Flat:
    """The text without the signs of links, emphasis and escapes, and without the attributes of headings and boxes."""
    flat = Flat(text)
    if "{" in text:
        flat = flat.then(_bare(flat.text, _SPAN)) if "]{" in text else flat
        flat = flat.then(_bare(flat.text, _ATTRIBUTES))
    if "\n:::" in text:
        flat = flat.then(_bare(flat.text, _FENCE))
    for _ in range(2):
        # An image that is a link is a link inside a link.
        if "](" in flat.text or "][" in flat.text:
            flat = flat.then(_bare(flat.text, _LINK))
    if "** " in text:
        flat = flat.then(_bare(flat.text, _STARRED, "# "))
    if "**" in text or "__" in text:
        flat = flat.then(_bare(flat.text, _STRONG))
    if "_" in flat.text or "*" in flat.text:
        flat = flat.then(_bare(flat.text, _EMPHASIS))
    if "\\" in text:
        flat = flat.then(_bare(flat.text, _ESCAPE))
    return flat


def _bare(text: str, pattern: re.Pattern[str], mark: str = "") -> Flat:
    edits: list[Edit] = []
    for match in pattern.finditer(text):
        start, end = match.span("words")
        edits += [(match.start(), start, mark), (end, match.end(), "")]
    return edited(text, edits)
