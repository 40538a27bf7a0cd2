"""The title of a page, with what sites and tools put around it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import parse_text

PAGE = next((Path(__file__).parent.parent / "raw").glob("000_*.txt")).read_text(encoding="utf-8")
TITLE = "Senior accounts receivable specialist vs collector"


@pytest.mark.parametrize("site", [" - Example Careers", " | Example Careers", " – Example Careers"])
@pytest.mark.parametrize("copies", [1, 2])
def test_the_name_of_a_site_is_no_part_of_a_role(site, copies):
    page = parse_text(f"{TITLE}{site}\n" * copies + PAGE.replace(f"{TITLE}\n", "", 1))
    assert {fact.role_id for fact in page.facts if fact.field == "name"} == {
        "senior-accounts-receivable-specialist",
        "collector",
    }
    degree = {fact.role_id: fact.text for fact in page.facts if fact.field == "most_common_degree"}
    assert degree == {"senior-accounts-receivable-specialist": "Bachelor's Degree", "collector": "Bachelor's Degree"}


@pytest.mark.parametrize(
    "tail", [" (2025)", " 2025 data", " [Updated 2025]", " in 2025", ": 2025 Guide", " (salary, skills)"]
)
def test_nor_is_a_year_or_an_aside(tail):
    facts = {fact[:9] for fact in parse_text(PAGE).facts}
    page = PAGE.replace(f"{TITLE}\n", f"{TITLE}{tail}\n")
    assert page != PAGE
    assert {fact[:9] for fact in parse_text(page).facts} == facts


def test_a_name_with_a_year_is_no_role():
    headings = [f"{TITLE} 2025 data\n" for _ in range(3)]
    page = parse_text("".join(headings) + "Yearly salary$54,494$34,872\nAverage age4638\n")
    assert not [fact for fact in page.facts if "2025" in fact.role_id]


def test_a_role_may_have_a_dash_in_its_name():
    page = parse_text(
        PAGE.replace("collector", "collector - night shift").replace("Collector", "Collector - Night Shift")
    )
    assert "collector-night-shift" in {fact.role_id for fact in page.facts if fact.field == "salary_yearly"}


@pytest.mark.parametrize("glue", ["", " ", "  "])
def test_a_glued_header_in_another_order_than_the_title_says_whose_the_columns_are(glue):
    header = f"Collector{glue}Senior Accounts Receivable Specialist"
    page = parse_text(PAGE.replace("Senior Accounts Receivable SpecialistCollector", header))
    hourly = {fact.role_id: fact.value for fact in page.facts if fact.field == "salary_hourly"}
    assert hourly == {"collector": 26.20, "senior-accounts-receivable-specialist": 16.77}
