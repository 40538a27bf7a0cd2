"""Consistency rules: each has cases that break it and cases that keep it."""

from __future__ import annotations

import pytest

from pipeline.resolve import resolve
from pipeline.resolve.rules import RULES
from tests.resolve_pages import Row, dump, load

CASES = load("checks.toml", "case")


@pytest.mark.parametrize("case", CASES, ids=[f"{case['rule']}: {case['label']}" for case in CASES])
def test_rule(case: Row) -> None:
    tables = resolve(*dump(case["page"]).arrow())
    failures = [row for row in tables["checks"].to_pylist() if row["rule"] == case["rule"]]
    found = [
        [f"{row['role_id']} {row['metric']} {_place(row['document_id'])}", row["expected"], row["found"]]
        for row in failures
    ]
    assert sorted(found) == sorted(case["fails"])
    flags = [
        f"{row['role_id']} {row['metric']} {row['category']}".rstrip()
        for row in tables["metrics"].to_pylist()
        if case["rule"] in row["flags"]
    ]
    assert sorted(flags) == sorted(case["flags"])
    assert {row["explanation"] for row in failures} <= {rule.why for rule in RULES if rule.name == case["rule"]}


def _place(document_id: str | None) -> str:
    return document_id.lstrip("0").rjust(2, "0") if document_id else "merged"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_is_broken_and_kept_by_a_case(rule: object) -> None:
    outcomes = {bool(case["fails"]) for case in CASES if case["rule"] == getattr(rule, "name", "")}
    assert outcomes == {True, False}


def test_rules_are_named_once_and_explained() -> None:
    names = [rule.name for rule in RULES]
    assert len(set(names)) == len(names)
    assert all(rule.why.endswith(".") and len(rule.why) > 40 for rule in RULES)
