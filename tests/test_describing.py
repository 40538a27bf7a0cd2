"""Which paragraph is a role's description, where a form drops the headings."""

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
