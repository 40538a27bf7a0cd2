"""Do README.md and the other documents say what the program does? Their commands, snippets, outputs and links are tried."""

import re
import shlex
import shutil
import tomllib
from pathlib import Path
from typing import Any

import click
import duckdb
import pandas as pd
import pytest

import pipeline
from pipeline.cli import main
from pipeline.cli.main import rolepages
from pipeline.glued import read_run
from pipeline.kinds import KINDS
from pipeline.options import Options
from pipeline.tables import METRIC_UNITS
from pipeline.templates import compile_template

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")] + sorted(
    (ROOT / "docs").glob("*.md")
)
README = (ROOT / "README.md").read_text("utf-8")
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_COMMAND = re.compile(r"\brolepages(?: [^`\n|)#]*)?")
_TARGET = re.compile(r"(?:^|`)make ([a-z][a-z-]*)", re.MULTILINE)
_SNIPPETS = {path.name: _FENCE.findall(path.read_text("utf-8")) for path in DOCUMENTS}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder like a fresh clone after `make extract`, with two pages of the reader's own."""
    folder = tmp_path_factory.mktemp("clone")
    shutil.copytree(ROOT / "raw", folder / "raw")
    forms = ROOT / "tests" / "fixtures" / "forms"
    shutil.copy(forms / "page.comparison.html", folder / "page.html")
    shutil.copy(forms / "inscriptis.comparison.txt", folder / "page.txt")
    pipeline.extract(folder / "raw", folder / "out", Options(workers=1))
    return folder


def snippets(document: str, language: str) -> list[str]:
    return [code for kind, code in _SNIPPETS[document] if kind == language]


# --- README.md -----------------------------------------------------------------------------------------------------


def test_the_messy_line_becomes_the_rows_shown(place: Path) -> None:
    line = snippets("README.md", "text")[0].strip()
    _, _, *rows = [row for row in README.split("```")[2].splitlines() if row.startswith("|")]
    shown = [[cell.strip(" `") for cell in row.strip("|").split("|")] for row in rows[:2]]
    found = pd.read_parquet(place / "out" / "observations.parquet")
    found = found[(found["field"] == "job_count") & (found["document_id"] == _document_of(place, line))]
    for role_id, metric, value, unit, raw, method, confidence in shown:
        fact = found[found["role_id"] == role_id].iloc[0]
        assert [fact["field"], fact["value"], fact["unit"]] == [metric, float(value), unit]
        assert [fact["raw"], fact["method"], fact["confidence"]] == [raw, method, float(confidence)]


def _document_of(place: Path, line: str) -> str:
    source = next(path.name for path in sorted((place / "raw").iterdir()) if line in path.read_text("utf-8"))
    documents = pd.read_parquet(place / "out" / "documents.parquet")
    return str(documents.loc[documents["source"] == source, "document_id"].item())


def test_what_is_open_has_the_readings_named() -> None:
    label, run, *readings = re.search(
        r"`([A-Z][a-z ]+)(\d+)` is (\d+) and (\d+),\s+or (\d+) and (\d+)\)", README
    ).groups()  # type: ignore[union-attr]
    assert label == "Years of experience"
    cuts = read_run(KINDS["years"], run, 0, len(run), 2)
    assert [[run[start:end] for start, end in cut] for cut in cuts] == [readings[:2], readings[2:]]


def test_snippets_of_python_run(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place)
    names: dict[str, Any] = {}
    for code in snippets("README.md", "python"):
        exec(compile(code, "README.md", "exec"), names)  # noqa: S102 - the document's own code
    assert names["page"].text_form == "html"
    assert len(names["metrics"]) == len(names["tables"].pandas("metrics"))
    assert not names["tables"].roles_wide().empty


def test_questions_in_sql_have_answers(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place)
    questions = [code for name in _SNIPPETS for code in snippets(name, "sql")]
    assert len(questions) == 2
    for question in questions:
        assert "$34,872" in {cell for row in duckdb.sql(question).fetchall() for cell in row}


@pytest.mark.parametrize("command", ["make extract", "rolepages explain"])
def test_what_commands_print_is_what_they_print(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    monkeypatch.chdir(place)
    shown = next(code for code in snippets("README.md", "text") if code.startswith(f"$ {command}"))
    line, _, expected = shown.partition("\n")
    arguments = shlex.split(line)[2:] if command.startswith("rolepages") else ["extract", "raw", "--out", "again"]
    assert main(arguments if command == "make extract" else ["explain", *arguments[1:]]) == 0
    said = "".join(capsys.readouterr()).replace("again/current", "out/current")
    places = [said.find(part.strip()) for part in expected.split("...\n")]
    assert min(places) >= 0, said
    assert places == sorted(places)


# --- all documents -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    for link in _LINK.findall(document.read_text("utf-8")):
        path, _, anchor = link.partition("#")
        if "://" in link:
            continue
        target = (document.parent / path.replace("\\", "")).resolve() if path else document
        assert target.exists(), link
        assert not anchor or anchor in _anchors(target), link


def _anchors(document: Path) -> set[str]:
    titles = re.findall(r"^#+ (.*)$", document.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_commands_and_their_options_are_there(document: Path) -> None:
    text = document.read_text("utf-8").replace("\\\n", " ")
    for words in map(str.split, _COMMAND.findall(text)):
        command: click.Command = rolepages
        options = _options(rolepages)
        for word in words[1:]:
            if isinstance(command, click.Group) and word in command.commands:
                command = command.commands[word]
                options |= _options(command)
            elif word.startswith("--"):
                assert word.partition("=")[0].rstrip(".,;:") in options, " ".join(words)
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert targets.issuperset(_TARGET.findall(text))


def _options(command: click.Command) -> set[str]:
    return {name for item in command.params for name in (*item.opts, *item.secondary_opts)} | {"--help"}


def test_entries_of_the_vocabulary_are_as_shown() -> None:
    label, wrong, right = (tomllib.loads(code) for code in snippets("CONTRIBUTING.md", "toml"))
    for entry in label["label"]:
        assert entry["kind"] in KINDS
        assert METRIC_UNITS.keys() >= set(entry["metric"])
    with pytest.raises(ValueError, match="nothing says where the last hole"):
        compile_template(wrong["clause"][0]["text"])
    holes = {hole.name for hole in compile_template(right["clause"][0]["text"]).holes}
    (fact,) = right["clause"][0]["facts"]
    assert holes == {fact["role"], fact["other"], fact["value"], fact["sign"]}
