"""Site navigation and lists of related jobs around a page's content, in text forms that do not set them apart.

Many short lines in a row that end no sentence and bear no figure, above the first fact of a page or below the last one, lead
elsewhere: they are boilerplate. Fewer are left, as are such lines between facts, where they may be a list of something unknown.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from pipeline.ledger import BOILERPLATE, UNSEEN, Ledger

_FEWEST = 4
"""Links of a menu; a title, a site's name and a heading are three lines."""
_LONGEST = 60
"""Characters of a link."""
_NO_LINK = re.compile(r'[$%"]|[.!?:;]\Z')
_FIGURE = re.compile(r'[$%"]')
_WORDS_OF_A_MENU = 12
_CAPITALS = 0.7
"""Share of the words of a menu on one line that begin with a capital; a sentence has one, a heading in Title Case few words."""
_SITE = re.compile(r" [-|] [^-|\n]{2,60}\Z")
"""The name of a site behind a title."""
_NAMES = frozenset({"name", "name_plural", "job_category"})


def pass_by_links(ledger: Ledger) -> None:
    """Know the links around the content; to be asked when every block has been offered to the parser."""
    if UNSEEN not in ledger.state:
        return
    starts = [fact.start for fact in ledger.facts if fact.field not in _NAMES]
    if not starts:
        return
    begins = [block.start for block in ledger.blocks]
    first, last = bisect_right(begins, min(starts)) - 1, bisect_right(begins, max(starts)) - 1
    titles = {_words(ledger, number) for number, state in enumerate(ledger.state) if state != UNSEEN}
    for numbers in (range(first), range(last + 1, len(begins))):
        for run in _runs(ledger, numbers):
            if len(run) >= _FEWEST:
                for number in run:
                    ledger.knew(number, "link")
        for number in numbers:
            if ledger.state[number] == UNSEEN and (_is_menu(ledger, number) or _is_title(ledger, number, titles)):
                ledger.knew(number, "link")


def _runs(ledger: Ledger, numbers: Sequence[int]) -> Iterator[list[int]]:
    """The links that nothing but boilerplate parts."""
    run: list[int] = []
    for number in numbers:
        state = ledger.state[number]
        if state == UNSEEN and _is_link(ledger, number):
            run.append(number)
        elif state != BOILERPLATE:
            yield run
            run = []
    yield run


def _is_link(ledger: Ledger, number: int) -> bool:
    block = ledger.blocks[number]
    return block.end - block.start <= _LONGEST and not _NO_LINK.search(ledger.text, block.start, block.end)


def _is_menu(ledger: Ledger, number: int) -> bool:
    """Whether the block holds many links on one line."""
    words = ledger.text[ledger.blocks[number].start : ledger.blocks[number].end]
    if _FIGURE.search(words):
        return False
    parts = words.split()
    capitals = sum(part[0].isupper() for part in parts)
    return len(parts) >= _WORDS_OF_A_MENU and capitals >= _CAPITALS * len(parts)


def _is_title(ledger: Ledger, number: int, titles: set[str]) -> bool:
    """Whether the block is a title of the page with the name of its site behind it."""
    words = _words(ledger, number)
    site = _SITE.search(words)
    return site is not None and words[: site.start()] in titles


def _words(ledger: Ledger, number: int) -> str:
    block = ledger.blocks[number]
    return ledger.text[block.start : block.end].lower() if block.end - block.start < 300 else ""
