"""Marks of tools that no form is named after: what they are taken for, and what stands between them."""

from __future__ import annotations

from pipeline import parse_text

TABLE = "Yearly salary{0}$54,494{0}$34,872\nMost common major{0}Business{0}Accounting\nAverage age{0}46{0}44\n"
PROFILE = """What does a collector do?

Collectors call people who are late with a payment, agree with them on dates and amounts, and note what was said.

Collector responsibilities

Here are examples of responsibilities from real collector resumes:

-   Prepare files for new partners and their contacts for Medicare,
    Medicaid, and private insurers.
-   Update the ledger and the aging sheet, and tell the supervisor about
    errors that come up twice.
"""


def _values(text: str) -> set[tuple[str, str, object]]:
    return {(fact.role_id, fact.field, fact.value or fact.text) for fact in parse_text(text).facts if not fact.readings}


def _items(text: str) -> list[tuple[int | None, str | None]]:
    return [(fact.rank, fact.text) for fact in parse_text(text).facts if fact.table == "responsibilities"]


def test_headings_between_stars() -> None:
    page = f"****** Usher vs collector ******\n\n***** Usher vs collector overview *****\n\n| |Usher|Collector|\n{TABLE.format('|')}"
    assert {("usher", "salary_yearly", 54494.0), ("collector", "salary_yearly", 34872.0)} <= _values(page)
    assert {role for role, _, _ in _values(page)} == {"usher", "collector"}


def test_attributes_boxes_and_spans_of_pandoc() -> None:
    page = (
        '::: {#top .page role="main"}\n# Usher vs collector {#usher-vs-collector .title}\n\n::: inner\n'
        f"[Usher vs collector overview]{{.heading}}\n\n|  | Usher | Collector |\n|---|---|---|\n{TABLE.format(' | ')}:::\n:::\n"
    )
    assert {("usher", "salary_yearly", 54494.0), ("collector", "age", 44.0)} <= _values(page)
    assert {role for role, _, _ in _values(page)} == {"usher", "collector"}
    texts = [parse_text(page).text[left.start : left.end] for left in parse_text(page).unparsed]
    assert not any(":::" in text or "{" in text for text in texts)


def test_escapes_before_any_sign() -> None:
    page = f"# Usher vs collector\n\n|  | Usher | Collector |\n|---|---|---|\n{TABLE.format(' | ')}".replace("$", "\\$")
    page += "Most common degree | Bachelor\\'s Degree, 49\\% | Bachelor\\'s Degree, 31\\%\n"
    assert ("usher", "most_common_degree", 49.0) in _values(page)
    assert {fact.text for fact in parse_text(page).facts if fact.field == "most_common_degree"} == {"Bachelor's Degree"}


def test_items_go_on_below_their_words() -> None:
    assert _items(PROFILE) == [
        (1, "Prepare files for new partners and their contacts for Medicare, Medicaid, and private insurers."),
        (2, "Update the ledger and the aging sheet, and tell the supervisor about errors that come up twice."),
    ]


def test_a_company_and_its_count_below_are_no_item_that_goes_on() -> None:
    page = PROFILE + "\nThe three companies that hire the most collectors are:\n\n"
    page += (
        "-   Saint Bartholomew and Saint Anne Hospital Group\n    8 collectors jobs\n-   Uline\n    3 collectors jobs\n"
    )
    companies = {fact.category: fact.value for fact in parse_text(page).facts if fact.field == "hiring_company_jobs"}
    assert companies == {"Saint Bartholomew and Saint Anne Hospital Group": 8.0, "Uline": 3.0}


def test_how_people_rate_a_company_is_not_its_name() -> None:
    page = PROFILE + "\nThe three companies that hire the most collectors are:\n\n"
    page += (
        "Saint Anne Hospital\n4.2 out of 5 stars\n8 collectors jobs\nUline\n3.9/5 (312 reviews)\n6 collectors jobs\n"
    )
    page += "Frost-Arnett\n★★★★☆\n7 collectors jobs\n5 Star Painting\n3 collectors jobs\n"
    companies = {fact.category: fact.value for fact in parse_text(page).facts if fact.field == "hiring_company_jobs"}
    assert companies == {"5 Star Painting": 3.0}


def test_two_tables_without_blank_lines_have_columns_of_their_own() -> None:
    page = """Usher vs collector
                     Usher        Collector
Yearly salary        $54,494      $34,872
Most common major    Business     Accounting
Ushers and collectors have different pay scales, as shown in the table below.
                     Usher                          Collector
Average salary       $54,494                        $34,872
Highest paying state Connecticut                    Alaska
                     Rowan Solutions was founded as
Best paying company  a family business and has      Uline
                     grown ever since.
Best paying industry Technology                     Finance
"""
    assert {
        ("usher", "most_common_major", "Business"),
        ("usher", "best_paying_company", "Rowan Solutions"),
        ("collector", "best_paying_company", "Uline"),
        ("usher", "best_paying_industry", "Technology"),
        ("collector", "best_paying_industry", "Finance"),
    } <= _values(page)


def test_scripts_that_a_tool_took_for_text_are_no_description() -> None:
    page = 'Usher vs collector window.data=window.data||[];var page={"salary":"$1","text":"Ushers seat guests."};\n'
    page += f"UsherCollector\n{TABLE.format('')}"
    assert not any(fact.field == "description" for fact in parse_text(page).facts)


def test_what_stands_above_marked_items_is_none() -> None:
    page = f"Usher vs collector\n\n{TABLE.format('|')}\nUsher example responsibilities.\n\n[[advertisement-9c75]]\n\n"
    page += "* Seat guests and answer what they ask.\n* Check tickets at the door.\n"
    assert _items(page) == [(1, "Seat guests and answer what they ask."), (2, "Check tickets at the door.")]
