"""`rolepages explain` on the five real pages: the value, its places, and what was rejected."""

import json
from pathlib import Path

import pytest

from pipeline import extract
from pipeline.cli import main

RAW = Path(__file__).parent.parent / "raw"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("explain") / "out"
    extract(RAW, folder)
    return folder


def asked(capsys: pytest.CaptureFixture[str], out: Path, *words: str) -> str:
    assert main(["explain", *words, "--out", str(out), "--raw", str(RAW)]) == 0
    return capsys.readouterr().out


def test_a_stated_value_shows_every_place(capsys: pytest.CaptureFixture[str], out: Path) -> None:
    text = asked(capsys, out, "collector", "salary_yearly")
    assert "34,872 USD/year" in text
    assert text.count("000_09ae78ede56cf255.txt:") == 3
    assert text.count("003_7c7aad810981a532.txt:") == 3
    assert "Yearly salary$54,494[$34,872]" in text


def test_a_resolved_cell_shows_the_readings_that_lost(capsys: pytest.CaptureFixture[str], out: Path) -> None:
    text = asked(capsys, out, "Accounts Receivable Specialist", "best_paying_company")
    assert "[InfosysPublicService]University of California, Berkeley" in text
    assert "not [Infosys]" in text
    assert "not [InfosysPublic]" in text


def test_a_derived_value_shows_what_it_was_computed_from(capsys: pytest.CaptureFixture[str], out: Path) -> None:
    text = asked(capsys, out, "accounts-receivable-analyst", "salary_yearly")
    assert "43,692 USD/year" in text
    assert "[$37,938]" in text
    assert "[$5,754]" in text


def test_flags_are_explained(capsys: pytest.CaptureFixture[str], out: Path) -> None:
    found = json.loads(asked(capsys, out, "collector", "experience_years", "--json"))
    assert found["value"]["value"] == 12
    assert found["value"]["flags"] == ["experience_in_months"]
    assert found["checks"]


def test_what_nobody_states_is_a_usage_error(capsys: pytest.CaptureFixture[str], out: Path) -> None:
    assert main(["explain", "collector", "shoe_size", "--out", str(out)]) == 2
    assert "no page gives shoe_size of collector" in capsys.readouterr().err


def test_so_many_statements_are_listed_unless_all_are_wanted(
    capsys: pytest.CaptureFixture[str], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.cli.explain._SHOWN", 2)
    text = asked(capsys, out, "collector", "salary_yearly")
    assert text.count("_09ae78ede56cf255.txt:") == 2
    assert "  ... and 4 more; --all lists them" in text
    found = json.loads(asked(capsys, out, "collector", "salary_yearly", "--json"))
    assert (len(found["statements"]), found["counts"]["for"]) == (2, 6)
    assert len(json.loads(asked(capsys, out, "collector", "salary_yearly", "--json", "--all"))["statements"]) == 6
