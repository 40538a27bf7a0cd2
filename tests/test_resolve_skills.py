"""Skills, responsibilities and roles from several pages."""

from __future__ import annotations

import pytest

from pipeline.resolve import resolve
from pipeline.roles import slug, title_case
from tests.resolve_pages import Dump, Row, dump, load

CASES = load("skills.toml", "case")
NAMES = (
    "Collections/Accounts Receivable", "R&D Lead", "teacher's  aide", "ICD-9 (billing)", "C++", "C#", "café—bar", "x",
    "Résumé_Review", "кассовая книга", "日本語", "№ 5 ½",
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_skills(case: Row) -> None:
    rows = {
        (row["role_id"], row["skill_id"], row["relation"], row["other_role_id"]): row
        for row in resolve(*dump(case["page"]).arrow())["skills"].to_pylist()
    }
    for role, skill_id, skill, relation, other, share in case["skills"]:
        row = rows[role, skill_id, relation, other]
        assert (row["skill"], row["share"]) == (skill, None if share == "" else share)


@pytest.mark.parametrize("name", NAMES)
def test_slugs_and_titles_are_those_of_roles(name: str) -> None:
    page = {"id": "01", "facts": [["skills", "a", "soft", "", "", "", name]]}
    (row,) = resolve(*dump([page]).arrow())["skills"].to_pylist()
    assert (row["skill_id"], row["skill"]) == (slug(name), title_case(name))


def _responsibilities(*pages: list[tuple[int, str]]) -> list[Row]:
    made = Dump()
    for number, duties in enumerate(pages):
        made.add({"id": f"0{number}", "facts": [["metrics", f"peer-{number}", "age", "", "", 40, ""]]})
        for rank, text in duties:
            made.add_duty(f"0{number}", "a", rank, text)
    return list(resolve(*made.arrow())["responsibilities"].to_pylist())


def test_a_responsibility_is_one_row_where_it_was_first_seen() -> None:
    rows = _responsibilities([(1, "Sweep."), (2, "Mop."), (7, "Sweep.")], [(1, "Mop."), (2, "Dust.")])
    assert [(r["text"], r["position"], r["observation_count"], r["document_count"]) for r in rows] == [
        ("Dust.", 2, 1, 1),
        ("Mop.", 1, 2, 2),
        ("Sweep.", 1, 2, 1),
    ]


def test_names_of_roles() -> None:
    pages = [
        {
            "id": f"0{number}",
            "facts": [
                ["roles", "line-cook-prep-cook", "name", "", "", "", name],
                ["roles", "line-cook-prep-cook", "name_plural", "", "", "", "Line Cooks, Prep Cooks"],
                ["roles", "line-cook-prep-cook", "description", "", "", "", description],
                ["roles", "line-cook-prep-cook", "job_category", "", "", "", category],
                ["metrics", f"peer-{number}", "age", "", "", 40, ""],
            ],
        }
        for number, (name, description, category) in enumerate(
            [
                ("Line Cook/Prep Cook", "Cooks cook.", "food"),
                ("Line Cook, Prep Cook", "Cooks cook and clean.", "office"),
                ("Line Cook, Prep Cook", "Cooks cook.", "food"),
            ]
        )
    ]
    rows = {row["role_id"]: row for row in resolve(*dump(pages).arrow())["roles"].to_pylist()}
    cook = rows["line-cook-prep-cook"]
    assert (cook["name"], cook["name_plural"]) == ("Line Cook, Prep Cook", "Line Cooks, Prep Cooks")
    assert cook["aliases"] == ["Line Cook/Prep Cook"]
    assert (cook["description"], cook["job_category"], cook["document_count"]) == ("Cooks cook.", "food", 3)
    assert rows["peer-0"]["name"] == "Peer 0"
