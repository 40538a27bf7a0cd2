"""Lines that some page family knows, for forms that leave it to the words where one block ends and the next begins."""

from __future__ import annotations

from pipeline.lines import LineMatch, line_book

FAMILIES = ("comparison", "profile")


def known_line(text: str, start: int, end: int) -> LineMatch | None:
    """The known line that `text[start:end]` is in any page family."""
    for family in FAMILIES:
        found = line_book(family).match(text, start, end)
        if found is not None:
            return found
    return None
