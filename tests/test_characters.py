"""Pages that are printed with other characters say the same; the data is in `fixtures/cases/characters.toml`."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from pipeline import parse_text

HERE = Path(__file__).parent
CASES = tomllib.loads((HERE / "fixtures/cases/characters.toml").read_text(encoding="utf-8"))["case"]
PAGES = {path.name[:3]: path.read_text(encoding="utf-8") for path in sorted((HERE.parent / "raw").glob("*.txt"))}
UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\ufeff"))


def shown(words: str | None) -> str | None:
    """The words as a reader sees them."""
    if words is None:
        return None
    plain = unicodedata.normalize("NFKC", unescape(words)).translate(UNSEEN).replace("’", "'")
    return " ".join(plain.split())


def says(text: str) -> set[tuple[object, ...]]:
    """All that a page says; its evidence is led back to the page's own characters."""
    page = parse_text(text)
    return {
        (
            *fact[:5],
            fact.value,
            shown(fact.text),
            fact.unit,
            fact.rank,
            shown(page.text[slice(*fact.example)]) if fact.example else None,
            tuple((reading.value, shown(reading.text)) for reading in fact.readings),
            shown(page.text[fact.start : fact.end]),
        )
        for fact in page.facts
    }


@pytest.mark.parametrize("case", [pytest.param(case, id=case["label"]) for case in CASES])
@pytest.mark.parametrize("number", PAGES)
def test_other_characters_say_the_same(number: str, case: dict[str, Any]) -> None:
    text = PAGES[number]
    changed = re.sub(case["pattern"], lambda _: case["with"], text)
    assert says(changed) == says(text)


def test_letters_with_their_accents_apart_are_one_role() -> None:
    table = "Café ManagerUsher\nYearly salary$34,872$31,000\nAverage age4638"
    text = f"Café manager vs usher\n\n{table}"
    apart = unicodedata.normalize("NFD", text)
    assert apart != text
    assert says(apart) == says(text)
