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
    # Every line of the real pages, and every third of what tools made of two others.
    each = 1 if path.parent.name == "raw" else 3
    for number, line in list(enumerate(lines))[::each]:
        if not line.strip():
            continue
        for what, left in (
            ("without", [*lines[:number], *lines[number + 1 :]]),
            ("cut behind", lines[: number + 1]),
            ("beginning with", lines[number:]),
        ):
            new = _facts("\n".join(left)) - whole
            assert not new, f"{what} {line[:100]!r}: {sorted(map(str, new))[:3]}"


NOISE = (_HERE / "fixtures/cases/noise.txt").read_text(encoding="utf-8").splitlines()
_STEP = 5


@pytest.mark.parametrize("path", sorted((_HERE.parent / "raw").glob("*.txt")), ids=lambda path: path.stem)
def test_lines_from_elsewhere_are_not_read_as_the_page_s_own(path: Path) -> None:
    """Each line stands at every fifth place of the page, on a line of its own or as a paragraph."""
    text = path.read_text(encoding="utf-8")
    whole = _facts(text)
    lines = text.split("\n")
    places = [number for number, line in enumerate(lines) if line.strip()]
    for kind, noise in enumerate(NOISE):
        for turn, number in enumerate(places[kind % _STEP :: _STEP]):
            gap = "\n" * (1 + turn % 2)
            new = _facts("\n".join(lines[:number]) + gap + noise + gap + "\n".join(lines[number:])) - whole
            assert not new, f"{noise!r} above {lines[number][:100]!r}: {sorted(map(str, new))[:3]}"
