"""Which paragraph is a role's description, where a form drops the headings."""

from pathlib import Path

import pytest

from pipeline import parse_text

TABLE = """Programmer vs Community Guard

| | Programmer | Community Guard |
| Yearly salary | $52,000 | $41,001 |
| Number of jobs | 1,234 | 5,678 |
| Years of experience | 4 | 2 |
{last}
"""
PROSE = """A programmer reads incoming requests, decides which of them are urgent and hands each one to the right desk.
A community guard watches over parks and streets, writes down what happens there and calls for help in time.
"""
LONG_ROW = "| Most common college | University of California, Berkeley | University of California, Los Angeles |"
BROKEN = "The people of a busy town hall, who see the square from their windows every day of the week and the night"


def descriptions(text):
    return {fact.role_id: fact.text for fact in parse_text(text).facts if fact.field == "description"}


def test_a_table_that_ends_in_a_long_row_is_no_paragraph_that_goes_on():
    programmer, guard = PROSE.splitlines()
    assert descriptions(TABLE.format(last=LONG_ROW) + PROSE) == {"programmer": programmer, "community-guard": guard}


@pytest.mark.parametrize("above", [BROKEN, BROKEN + ","])
def test_a_line_below_one_that_ends_in_the_middle_of_a_sentence_is_none(above):
    _, guard = PROSE.splitlines()
    assert descriptions(TABLE.format(last=LONG_ROW) + f"\n{above}\n{PROSE}") == {"community-guard": guard}


ADVERTISEMENTS = [
    "Looking for {role} jobs near you? We have more than 3,400 open positions for every {role} in this area, and more to come.",
    "The {role} job market is growing fast. Sign up for the newsletter and never miss a {role} job that fits your skills.",
    "Every {role} deserves a good employer. Our members rate theirs each year, and a {role} of any age finds the list helpful.",
]
SEEDS = sorted((Path(__file__).parent.parent / "raw").glob("*.txt"))


@pytest.mark.parametrize("advertisement", ADVERTISEMENTS[:2])
@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_an_advertisement_anywhere_on_a_page_is_no_description(path, advertisement):
    page = path.read_text(encoding="utf-8")
    names = [fact.text.lower() for fact in parse_text(page).facts if fact.field == "name"]
    lines = page.split("\n")
    for number, line in enumerate(lines):
        if line.strip():
            said = advertisement.format(role=names[0])
            text = "\n".join([*lines[:number], said, "", *lines[number:]])
            assert descriptions(text) == descriptions(page), line


def test_what_stands_above_the_heading_of_a_description_is_none():
    page = SEEDS[0].read_text(encoding="utf-8")
    said = ADVERTISEMENTS[2].format(role="collector")
    assert descriptions(page.replace("\n\n", f"\n\n{said}\n\n", 1)) == descriptions(page)
