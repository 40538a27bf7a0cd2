"""Two pages in one file: what is read is on one of them, and of the one that the file is taken for nothing is missing."""

from itertools import permutations
from pathlib import Path

import pytest

from pipeline.model import Page
from pipeline.page import parse_text

PAGES = Path(__file__).parent / "fixtures" / "pages"
TEXTS = {
    folder.name: (folder / "page.txt").read_text()
    for folder in sorted(PAGES.iterdir())
    if folder.name.startswith(("comparison", "profile"))
}
SAME_FORM = [name for name in TEXTS if name.startswith("comparison-bulleted")]


def cells(page: Page) -> set[tuple[object, ...]]:
    """What a page says, whatever the place; what it leaves open stays open with a number for every reading."""
    return {
        (fact.table, fact.role_id, fact.field, fact.category, fact.other_role_id, fact.value, fact.text)
        for fact in page.facts
        if fact.table != "roles" and not fact.readings
    }


ALONE = {name: cells(parse_text(text)) for name, text in TEXTS.items()}


@pytest.mark.parametrize(("first", "second"), [*permutations(TEXTS, 2)])
def test_nothing_is_read_that_neither_page_says(first: str, second: str) -> None:
    both = cells(parse_text(f"{TEXTS[first]}\n{TEXTS[second]}"))
    assert not both - ALONE[first] - ALONE[second]


@pytest.mark.parametrize(("first", "second"), [*permutations(SAME_FORM, 2)])
def test_the_page_that_the_file_is_taken_for_is_whole(first: str, second: str) -> None:
    both = cells(parse_text(f"{TEXTS[first]}\n{TEXTS[second]}"))
    assert both >= ALONE[first] or both >= ALONE[second]
