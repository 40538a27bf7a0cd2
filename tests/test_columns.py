"""Columns of facts against the facts themselves, one by one."""

from __future__ import annotations

from pipeline.columns import Facts
from pipeline.model import Fact, Page
from pipeline.page import parse_text
from pipeline.shards import process

PLAIN = "Collector vs usher\n\nCollectorUsher\nYearly salary$34,872$31,000\nNumber of jobs24,81723,948"
OPEN = "Baker vs cook\n\nBakerCook\nYearly salary$34,872-\nNumber of jobs4668,658"
OTHER_LETTERS = "\U0001f950 Pâtissier vs cook\n\nPâtissierCook\nYearly salary$34,872$31,000\nHighest paying cityZürich, MNBoston, MA"


def test_each_row_is_its_fact() -> None:
    pages = [(f"{number:032d}", parse_text(text)) for number, text in enumerate((PLAIN, "", OPEN, OTHER_LETTERS))]
    rows = Facts(pages).observations().to_pylist()
    facts = [(key, page, number, fact) for key, page in pages for number, fact in enumerate(page.facts)]
    assert len(rows) == len(facts) > 10
    for row, (key, page, number, fact) in zip(rows, facts, strict=True):
        assert row["observation_id"] == f"{key}-{number:04d}"
        assert {name: row[name] for name in Fact._fields if name not in ("readings", "example")} == {
            name: cell for name, cell in fact._asdict().items() if name not in ("readings", "example")
        }
        assert row["raw"] == page.text[fact.start : fact.end]
        assert row["line"] == page.text.count("\n", 0, fact.start) + 1
        assert row["method"] == ("ambiguous" if fact.readings else "stated")
        assert row["alternatives"] == [page.text[cell.start : cell.end] for cell in fact.readings]


def test_examples_stand_beside_their_facts_only() -> None:
    text = "Skills: baking & more. A resume said:  made &amp; sold bread"
    start = text.index("made")
    fact = Fact("skills", "baker", "listed", "", "", 4.0, "baking", "percent", 1.0, 8, 14)
    facts = (fact, fact._replace(example=(start, len(text))), fact)
    rows = Facts([("0" * 32, Page(text, "profile", "stripped", facts=facts))]).observations().to_pylist()
    assert [row["example"] for row in rows] == [None, "made & sold bread", None]
    assert [(row["example_start"], row["example_end"]) for row in rows] == [
        (None, None),
        (start, len(text)),
        (None, None),
    ]


def test_no_records_are_no_rows() -> None:
    assert [batch.num_rows for batch in process([])] == [0, 0, 0, 0]
