"""Characters that a page shows beside its words, or does not show at all: they are left out of the canonical text.

Soft hyphens, marks of footnotes, markers of lists, numbers and anchors of headings, and what is there twice, once for small
screens. What could be part of a figure is never joined to it nor taken from it: it stays, apart, and the figure is unparsed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from unicodedata import category

from pipeline.text import UNSEEN, UNSEEN_RUN

_UNSEEN = re.compile(UNSEEN_RUN)


def seen(text: str) -> str:
    """The text without the characters that no reader sees; for a text beyond ASCII."""
    for sign in UNSEEN:
        if sign in text:
            return _UNSEEN.sub("", text)
    return text


# --- footnotes -----------------------------------------------------------------------------------------------------

_SURE_NOTE = re.compile(r"\[[^\[\]]{1,30}\]|\([0-9]{1,2}\)|[*†‡§¶#]{1,3}")
_NOTE = re.compile(r"[0-9]{1,3}(?:, ?[0-9]{1,3})*")
_BEFORE_NOTE = re.compile(r"""(?:[^\W\d_]{3}|[A-Z]{2}|[%.,;:!?)"'’”]|\A[-–—])\Z""")
"""What a footnote's number follows: a word, a state, a sentence, a share, the sign for no value. The 2 behind the m of a square metre is none."""


def raised(before: str, text: str, *, is_link: bool) -> str:
    """What a `<sup>` with this text adds to the text before it: nothing if it is the mark of a footnote.

    "$54<sup>94</sup>" may be 54 dollars with a note or with cents: behind a figure a figure stays, apart, and neither is read.
    """
    mark, before = text.strip(), before.rstrip()
    if not before or not mark:
        return text
    if _SURE_NOTE.fullmatch(mark):
        return ""
    if not _NOTE.fullmatch(mark):
        return text
    if is_link:
        return ""
    if before.rstrip(".,")[-1:].isdigit():
        return f" {mark}"
    return "" if _BEFORE_NOTE.search(before) else text


LONGEST_STRUCK = 200
"""Characters of a text that is struck out, which the page states no more."""

# --- lists and headings --------------------------------------------------------------------------------------------

_BULLETS = frozenset("•●▪◦‣⁃∙■□▸►▶➤➔✓✔☑✅")
"""What nothing but an item of a list begins with."""
_DASHES = frozenset("-–·*+»")
"""What an item begins with if a space and a word follow: otherwise it may be a sign, or the cell of a row without a value."""
_DRAWN = frozenset({"So", "Sk"})
"""Unicode categories of pictographs and the tones of their skin."""
_NUMBER = re.compile(r"[0-9]{1,2}[.)] +(?=[^\W\d_])")


def marker_end(text: str) -> int:
    """Where the marker ends that a text begins with, 0 where there is none."""
    if text[0] in _BULLETS:
        return len(text) - len(text[1:].lstrip("\ufe0e\ufe0f "))
    return 2 if text[0] in _DASHES and text[1:2] == " " and text[2:3].isalpha() else 0


def is_bullet(text: str) -> bool:
    """Whether a text is nothing but the marker of an item."""
    return text[:1] in _BULLETS and marker_end(text) == len(text)


def unnumbered(text: str) -> str:
    """The text of an item or heading without the number that it begins with."""
    match = _NUMBER.match(text)
    return text[match.end() :] if match else text


PICTURES = "\u2022"
"""The first of the bullets, arrows, drawings and pictographs, which no word and no figure begins with."""


def without_picture(text: str) -> str:
    """The text without the pictographs that it begins with, unless it holds nothing else."""
    at = 0
    while at < len(text) and (text[at] in " \u200d\ufe0f" or category(text[at]) in _DRAWN):
        at += 1
    return text[at:] or text


def is_anchor(text: str) -> bool:
    """Whether a link in a heading is nothing but a sign, such as the one that leads to the heading itself."""
    return not any(character.isalnum() for character in text)


# --- twice ---------------------------------------------------------------------------------------------------------


def once(pieces: Sequence[str]) -> Sequence[str]:
    """The pieces of a cell or heading without their second half if that only says again what the first one says.

    Pages do that for small screens. "4" and "4" may be 44: figures alone are kept, apart.
    """
    parts = [piece for piece in pieces if piece and not piece.isspace()]
    half = len(parts) // 2
    if not half or len(parts) % 2 or parts[:half] != parts[half:]:
        return pieces
    if not "".join(parts[:half]).strip().isdigit():
        return parts[:half]
    return pieces if half > 1 else [parts[0], " ", parts[1]]


# --- shares --------------------------------------------------------------------------------------------------------

SHARE = re.compile(r"[0-9]{1,3}(?:\.[0-9]+)?%")


def share_apart(pieces: Sequence[str]) -> Sequence[str]:
    """The pieces of a text with a space before a share that is an element of its own, and that nothing else parts from a name."""
    if len(pieces) != 2 or not pieces[0][-1:].isalpha() or not SHARE.fullmatch(pieces[1]):
        return pieces
    return [pieces[0], " ", pieces[1]]


def is_glued(pieces: Sequence[str]) -> bool:
    """Whether inline elements meet without a space where a word ends and another begins ("Collector" and "Uline")."""
    return any(left[-1:].isalpha() and right[:1].isupper() for left, right in pairwise(pieces))
