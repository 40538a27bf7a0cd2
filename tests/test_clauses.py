"""The search for clauses rules most of them out by words: no clause may be ruled out that a pattern would find."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.clauses import clauses_of_family
from pipeline.forms import shape
from pipeline.sentences import clause_book
from pipeline.templates import compile_template

RAW = sorted(Path(__file__).parent.parent.joinpath("raw").glob("*.txt"))


@pytest.mark.parametrize("family", ["comparison", "profile"])
@pytest.mark.parametrize("path", RAW, ids=lambda path: path.name[:3])
def test_a_clause_that_a_paragraph_holds_is_not_ruled_out(path: Path, family: str):
    shaped = shape(path.read_text(encoding="utf-8"))
    found = clause_book(family).find(shaped.text, shaped.blocks)
    held = 0
    for number, (kind, start, end, *_) in enumerate(shaped.blocks):
        for clause in clauses_of_family(family) if kind == "text" else ():
            # Loosely opening wordings admit lead-ins and more: where they begin is tested by the cases.
            match = None if clause.opens_loosely else clause.template.pattern.search(shaped.text, start, end)
            if match and shaped.text[match.start()] != '"':
                held += 1
                assert match.span() in [hit.match.span() for hit in found[number]]
                assert clause.template.words <= set(match[0].split())
    assert held or (family == "comparison") != (path.name[:3] in ("000", "001", "003"))


def test_words_of_a_wording_are_those_between_spaces():
    template = compile_template("On average, {peers} earn [a|one] big {money} more[| or less] per year.")
    assert template.words == {"average,", "earn", "big", "per"}


def test_known_blocks_hold_no_clauses():
    text = "It typically takes 6-12 months to become both a baker and an usher.\nUshers usher."
    blocks = shape(text).blocks
    book = clause_book("comparison")
    assert list(book.find(text, blocks)) == [0]
    assert book.find(text, blocks, {0}) == {}


def test_each_clause_is_tried_so_often_only(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("pipeline.sentences.MAX_TRIES", 3)
    text = "\n".join(["It typically takes 6-12 months to become both a baker and an usher."] * 5)
    assert list(clause_book("comparison").find(text, shape(text).blocks)) == [0, 1, 2]
