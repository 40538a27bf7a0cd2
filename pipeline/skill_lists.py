"""Lists of skills inside a sentence: quoted ("a," "b," and "c.") or bare (a, b and c).

A bare list is ambiguous where a skill holds "and" itself; the number of its items is then the only help, and several
readings are handed on.

>>> text = "crm, research and development and excel"
>>> [[text[s:e] for s, e in reading] for reading in bare_list(text, 0, len(text), 3)]
[['crm', 'research and development', 'excel'], ['crm', 'research', 'development and excel']]
"""

from __future__ import annotations

import re

Span = tuple[int, int]

_QUOTED = re.compile(r'"([^"]+)"')
_AND = re.compile(r",? and ")
_TRIM = " ,.;"
MAX_READINGS = 20


def trimmed(text: str, start: int, end: int, characters: str = _TRIM) -> Span:
    """The span without the given characters at either end (pages put commas, stops and spaces inside the quotes)."""
    words = text[start:end].lstrip(characters)
    start = end - len(words)
    return start, start + len(words.rstrip(characters))


def quoted_list(text: str, start: int, end: int) -> list[Span]:
    """The quoted items of `text[start:end]`, without the quotes and the punctuation inside them."""
    spans: list[Span] = []
    for match in _QUOTED.finditer(text, start, end):
        words = match[1].lstrip(_TRIM)
        length = len(words.rstrip(_TRIM))
        if length:
            at = match.end(1) - len(words)
            spans.append((at, at + length))
    return spans


def bare_list(text: str, start: int, end: int, count: int) -> list[list[Span]]:
    """Every way to read `text[start:end]` as `count` items parted by commas, the last by "and" (with or without a comma)."""
    head = _split_commas(text, start, end)
    readings: list[list[Span]] = []
    last_start, last_end = head[-1]
    if text.startswith("and ", last_start, last_end):
        # "a, b, and c": the comma has already parted the last item
        readings.append([*head[:-1], (last_start + 4, last_end)])
    else:
        ands = reversed(list(_AND.finditer(text, last_start, last_end)))
        readings += [[*head[:-1], (last_start, match.start()), (match.end(), last_end)] for match in ands]
    fitting = [reading for reading in readings if len(reading) == count and all(e > s for s, e in reading)]
    return fitting[:MAX_READINGS]


def _split_commas(text: str, start: int, end: int) -> list[Span]:
    spans: list[Span] = []
    at = start
    while (comma := text.find(", ", at, end)) != -1:
        spans.append((at, comma))
        at = comma + 2
    spans.append((at, end))
    return spans
