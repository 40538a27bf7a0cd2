"""Pages that lost a line, their beginning or their end: what is still there is read as before, or left."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import parse_text
from pipeline.model import Fact

_HERE = Path(__file__).parent
BROKEN_LINES = ("html2text", "lynx", "pandoc-plain")
"""Forms that break paragraphs and items at a width: a part of them that is cut at a sentence's end reads as a whole."""
PAGES = [
    path
    for path in sorted([*(_HERE.parent / "raw").glob("*.txt"), *(_HERE / "fixtures/forms").glob("*.txt")])
    if not path.name.startswith(BROKEN_LINES)
]


def _facts(text: str) -> set[tuple[object, ...]]:
    return {_key(fact) for fact in parse_text(text).facts if not fact.readings and not _is_inferred(fact)}


def _key(fact: Fact) -> tuple[object, ...]:
    text = (fact.text or "").casefold()
    return fact.table, fact.role_id, fact.field, fact.category, fact.other_role_id, fact.value, text


def _is_inferred(fact: Fact) -> bool:
    """A skill whose item is lost may still be known by its sample sentence, without its share."""
    return fact.field == "listed" and fact.value is None


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_that_lost_lines_says_nothing_new(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    whole = _facts(text)
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if not line.strip():
            continue
        for what, left in (
            ("without", [*lines[:number], *lines[number + 1 :]]),
            ("cut behind", lines[: number + 1]),
            ("beginning with", lines[number:]),
        ):
            new = _facts("\n".join(left)) - whole
            assert not new, f"{what} {line[:100]!r}: {sorted(map(str, new))[:3]}"
