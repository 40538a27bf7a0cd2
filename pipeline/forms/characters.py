"""Characters that show nothing, and letters in more or fewer characters than they are: soft hyphens, ligatures, accents apart.

Browsers show "collec<soft hyphen>tor" as one word; left as it is, it would be another role.
"""

from __future__ import annotations

import re
import unicodedata

from pipeline.forms.rewriting import Edit, Flat, edited
from pipeline.text import UNSEEN, UNSEEN_RUN

BULLETS = "◦‣⁃∙○■□▶▸►✓✔➢➤❖\uf0b7"
"""What begins an item beside the plain bullet; the last is the bullet of Word's own font."""
_SIGNS = UNSEEN + "\ufb01\ufb02\u0301\u0303\u0308\u0327"
"""What a text with such characters has one of. (To look for one of these costs a page a tenth of a microsecond; not so for U+FB00
and U+0300, whose low bytes are 0.)"""
_ODD = re.compile(
    UNSEEN_RUN + "|[\ufb00-\ufb06]|[A-Za-z][\u0300-\u036f]+|(?m:^)(?P<indent>[ \\t]*)[" + BULLETS + "](?= )"
)


def has_odd_characters(text: str) -> bool:
    """Whether the text may hold such characters."""
    return not text.isascii() and any(map(text.__contains__, _SIGNS))


def plain(text: str) -> Flat:
    r"""The text without characters that show nothing, its ligatures as letters, its letters with their accents, and with one bullet.

    >>> plain("Co\u00adllector, of\ufb01ce, cafe\u0301").text
    'Collector, office, café'
    """
    if text.isascii():
        return Flat(text)
    return edited(text, [_edit(match) for match in _ODD.finditer(text)])


def _edit(match: re.Match[str]) -> Edit:
    return max(match.start(), match.end("indent")), match.end(), _shown(match[0])


def _shown(odd: str) -> str:
    if odd[-1] in BULLETS:
        return "•"
    return "" if odd[0] in UNSEEN else unicodedata.normalize("NFKC", odd)
