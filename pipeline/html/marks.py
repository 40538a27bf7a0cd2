"""Characters that a page holds beside its words: they are left out of the canonical text.

What could be part of a figure is never joined to it nor taken from it: it stays, and the figure is unparsed.
"""

from __future__ import annotations

import re

_UNSEEN = re.compile(
    "(?<![0-9])[\u00ad\u200b\u200c\u200e\u2060\ufeff]+|[\u00ad\u200b\u200c\u200e\u2060\ufeff]+(?![0-9])"
)
"""Soft hyphens, places where a line may break or may not, left-to-right marks; between two digits nobody knows what they part."""


def seen(text: str) -> str:
    """The text without the characters that no reader sees; for a text beyond ASCII."""
    return _UNSEEN.sub("", text)
