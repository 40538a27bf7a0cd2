import json
import re
import shutil
from pathlib import Path

import pytest

import pipeline
from pipeline.cli import main
from pipeline.options import Options
from pipeline.report import evidence, read_statistics
from pipeline.report.database import connect
from pipeline.report.single import open_document

ROOT = Path(__file__).parent.parent
SEED = "000_09ae78ede56cf255.txt"


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> tuple[Path, Path]:
    """A run over two seeds, a copy, JSON lines with the third, an empty file, and a page of no known family."""
    folder = tmp_path_factory.mktemp("viewer")
    raw, out = folder / "raw", folder / "out"
    raw.mkdir()
    seeds = sorted((ROOT / "raw").iterdir())
    for seed in seeds[:2]:
        shutil.copy(seed, raw / seed.name)
    shutil.copy(seeds[0], raw / "copy.txt")
    lines = [json.dumps({"text": "Nothing known.\nAt all."}), json.dumps({"text": seeds[2].read_text("utf-8")})]
    (raw / "dump.jsonl").write_text("\n".join(lines))
    (raw / "empty.txt").write_text("")
    pipeline.extract(raw, out, Options(workers=1))
    return raw, out


def show(capsys, out: Path, *arguments: str) -> tuple[int, str, str]:
    code = main(["show", *arguments, "--out", str(out)])
    return code, *capsys.readouterr()


def test_each_line_comes_with_what_was_read_from_it(run, capsys):
    code, text, _ = show(capsys, run[1], SEED)
    lines = text.splitlines()
    assert code == 0
    assert lines[0] == f"{SEED}: parsed, comparison, bulleted"
    at = next(place for place, line in enumerate(lines) if line.endswith("Number of jobs24,81723,948"))
    assert [line.strip() for line in lines[at + 1 : at + 3]] == [
        "metrics senior-accounts-receivable-specialist job_count: 24,817 jobs (stated)",
        "metrics collector job_count: 23,948 jobs (stated)",
    ]
    numbered = [line[7:] for line in lines[1:] if line[:5].strip().isdigit()]
    assert numbered == (ROOT / "raw" / SEED).read_text("utf-8").split("\n")


def test_a_document_goes_by_its_id_by_the_beginning_of_it_or_by_an_observation(run, capsys):
    found = json.loads(show(capsys, run[1], SEED, "--json")[1])
    key = found["id"]
    for name in (key, key[:8], f"{key}-0004", f"derived-{key}-0004", f"derived-{key}"):
        assert json.loads(show(capsys, run[1], name, "--json")[1]) == found


def test_a_copy_is_shown_by_the_document_that_it_copies(run, capsys):
    assert show(capsys, run[1], "copy.txt", "--json")[1] == show(capsys, run[1], SEED, "--json")[1]


def test_records_of_containers_and_quarantined_pages_have_a_text(run, capsys):
    found = json.loads(show(capsys, run[1], "dump.jsonl#1", "--json")[1])
    assert found["status"] == "quarantined"
    assert found["text"] == "Nothing known.\nAt all."
    assert found["unparsed"] == [[0, 14, "a line of no known wording"], [15, 22, "a line of no known wording"]]
    assert "unparsed: a line of no known wording" in show(capsys, run[1], "dump.jsonl#1")[1]
    assert json.loads(show(capsys, run[1], "dump.jsonl#2", "--json")[1])["facts"]


def test_a_document_has_the_path_of_its_file_for_a_name_too(run, capsys, monkeypatch):
    raw, out = run
    by_source = show(capsys, out, SEED, "--json")
    assert show(capsys, out, str(raw / SEED), "--json") == by_source
    monkeypatch.chdir(raw.parent)
    assert show(capsys, out, f"{raw.name}/{SEED}", "--json") == by_source
    second = f"{raw.name}/dump.jsonl#2"
    assert show(capsys, out, second, "--json") == show(capsys, out, "dump.jsonl#2", "--json")
    assert main(["text", second, "--out", str(out)]) == 0
    third = sorted((ROOT / "raw").iterdir())[2]
    assert capsys.readouterr().out.rstrip("\n") == third.read_text("utf-8").rstrip("\n")
    (raw.parent / "elsewhere.txt").write_text("Collector vs usher", "utf-8")
    for stranger in ("elsewhere.txt", f"{raw.name}/dump.jsonl#9", raw.name, "a" * 5000):
        assert show(capsys, out, stranger)[0] == 2
        assert main(["text", stranger, "--out", str(out)]) == 2


def test_a_page_holds_one_document(run, capsys, tmp_path):
    code, said, _ = show(capsys, run[1], SEED, "--html", str(tmp_path / "page.html"))
    assert (code, said) == (0, f"{tmp_path}/page.html\n")
    page = (tmp_path / "page.html").read_text("utf-8")
    block = page.split('id="data-documents">')[1].split("</script>")[0]
    assert [document["source"] for document in json.loads(block)["documents"]] == [SEED]
    assert "report.html" not in page


@pytest.mark.parametrize(
    ("name", "problem"),
    [("nowhere.txt", "no document"), ("", "no document"), ("000", "no document"), ("empty.txt", "holds no text"),
     ("%", "no document"), ("_" * 32, "no document")],
)  # fmt: skip
def test_what_cannot_be_shown_is_a_usage_error(run, capsys, name, problem):
    code, said, errors = show(capsys, run[1], name)
    assert (code, said) == (2, "")
    assert errors.startswith("error: ")
    assert problem in errors


def test_a_text_that_is_not_what_the_run_read_is_not_shown(run, capsys, tmp_path):
    (tmp_path / SEED).write_bytes((ROOT / "raw" / SEED).read_bytes() + b"x")
    code, _, errors = show(capsys, run[1], SEED, "--raw", str(tmp_path))
    assert code == 2
    assert "is not what the run read" in errors
    (tmp_path / SEED).unlink()
    assert "has no" in show(capsys, run[1], SEED, "--raw", str(tmp_path))[2]


def test_the_beginning_of_several_ids_is_not_enough(run, monkeypatch):
    tables = pipeline.open_tables(run[1])
    ids = sorted(tables.pandas("documents")["document_id"].unique())
    found = [{"document_id": key, "source": key} for key in ids]
    monkeypatch.setattr("pipeline.report.single.rows", lambda *_: found)
    with pytest.raises(pipeline.errors.UsageError, match="begins several document ids"):
        open_document(tables, run[1], "abcd")


# --- the evidence of a run ------------------------------------------------------------------------------------------


def gather(run, **limits: int):
    raw, out = run
    with connect(out / "current") as connection:
        ids = pipeline.open_tables(out).pandas("documents")["document_id"]
        wanted = evidence.list_documents(connection, sorted(ids.unique()))
        texts = evidence.read_again(raw, wanted, {}, **limits)
        return wanted, texts, evidence.pack(connection, wanted, texts)


def test_a_dump_that_is_one_container_has_its_evidence(run, tmp_path):
    raw, _ = run
    pipeline.extract(raw / "dump.jsonl", tmp_path / "out", Options(workers=1))
    block = re.search(r'id="data-documents">(.*?)</script>', (tmp_path / "out/evidence.html").read_text("utf-8"), re.S)[
        1
    ]
    assert {entry["source"] for entry in json.loads(block)["documents"]} == {"dump.jsonl#1", "dump.jsonl#2"}
    odd = raw.parent / "odd#2"
    odd.write_bytes((ROOT / "raw" / SEED).read_bytes())
    assert evidence.read_again(odd, {"x": {"source": "odd#2"}}, {}).keys() == set()  # no id fits, but the file is found
    assert evidence._file_of(odd, "odd#2") == "odd#2"


def test_texts_are_read_again_from_files_and_containers(run):
    wanted, texts, packed = gather(run)
    assert {row["source"] for row in wanted.values()} == {
        SEED, "001_d1e7f1a7dd775149.txt", "dump.jsonl#1", "dump.jsonl#2", "empty.txt",
    }  # fmt: skip
    assert texts.keys() == {key for key, row in wanted.items() if row["source"] != "empty.txt"}
    assert {row["id"] for row in packed} == texts.keys()
    for row in packed:
        spans = [(fact[1], fact[2]) for fact in row["facts"]] + [tuple(part[:2]) for part in row["unparsed"]]
        assert all(0 <= start < end <= len(row["text"]) for start, end in spans)


def test_reading_again_stops_at_its_limit(run):
    assert gather(run, limit=0)[1].keys() < gather(run)[1].keys()


def test_the_evidence_has_room_for_so_much(run, monkeypatch):
    full = gather(run)[2]
    monkeypatch.setattr(evidence, "DOCUMENTS", 2)
    assert len(gather(run)[2]) == 2
    monkeypatch.setattr(evidence, "DOCUMENTS", 200)
    monkeypatch.setattr(evidence, "CHARACTERS", 7_000)
    small = gather(run)[2]
    assert 0 < len(small) < len(full)
    assert sum(len(row["text"]) for row in small) <= 7_000
    monkeypatch.setattr(evidence, "LONGEST", 100)
    cut = gather(run)[2]
    assert [len(row["text"]) + row["cut"] for row in cut] == [len(row["text"]) for row in full]
    page = evidence.evidence_page(cut, left_out=3).decode()
    assert "3 more documents of the report are not in this file" in page


def test_a_source_never_leads_out_of_the_dump(run, tmp_path):
    (tmp_path / "secret.txt").write_text("secret")
    inside = tmp_path / "raw"
    inside.mkdir()
    (inside / "link.txt").symlink_to(tmp_path / "secret.txt")
    for source in ("../secret.txt", "link.txt", f"{tmp_path}/secret.txt", "..%2fsecret.txt", "missing.txt"):
        assert evidence.read_again(inside, {"x": {"source": source}}, {}) == {}


# --- columns of other names -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def odd_run(tmp_path_factory) -> tuple[Path, Path]:
    """A run over JSON lines whose page is in a column that it had to be told."""
    folder = tmp_path_factory.mktemp("columns")
    raw, out = folder / "raw", folder / "out"
    raw.mkdir()
    row = {"text": "Not the page.", "page": {"body": (ROOT / "raw" / SEED).read_text("utf-8")}}
    (raw / "dump.jsonl").write_text(json.dumps(row))
    pipeline.extract(raw, out, Options(workers=1, text_column="page.body"))
    return raw, out


def test_the_evidence_of_a_run_is_read_from_its_columns(odd_run):
    page = (odd_run[1] / "evidence.html").read_text("utf-8")
    block = page.split('id="data-documents">')[1].split("</script>")[0]
    assert [document["text"].startswith("Post job") for document in json.loads(block)["documents"]] == [True]


def test_a_document_is_shown_from_the_columns_of_its_run(odd_run, capsys, tmp_path):
    found = json.loads(show(capsys, odd_run[1], "dump.jsonl#1", "--json")[1])
    assert found["text"] == (ROOT / "raw" / SEED).read_text("utf-8")
    assert main(["report", "--out", str(odd_run[1]), "--to", str(tmp_path / "report")]) == 0
    assert (tmp_path / "report/evidence.html").read_bytes() == (odd_run[1] / "evidence.html").read_bytes()


def test_a_value_is_explained_from_the_columns_of_its_run(odd_run, capsys):
    raw, out = odd_run
    assert main(["explain", "collector", "job_count", "--out", str(out), "--raw", str(raw)]) == 0
    assert "Number of jobs24,817[23,948]" in capsys.readouterr().out


def test_a_text_is_printed_from_the_column_that_is_named(odd_run, capsys):
    raw = ["--raw", str(odd_run[0])]
    assert main(["text", "dump.jsonl#1", *raw, "--text-column", "page.body"]) == 0
    assert capsys.readouterr().out == (ROOT / "raw" / SEED).read_text("utf-8").removesuffix("\n") + "\n"
    assert main(["text", "dump.jsonl#1", *raw]) == 0
    assert capsys.readouterr().out == "Not the page.\n"


# --- where the dump is ------------------------------------------------------------------------------------------------


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A working folder with a dump of its own, whose page has the name of the run's."""
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "dump.jsonl").write_text(json.dumps({"text": "Another dump."}))
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("elsewhere")
def test_the_words_around_a_value_come_from_where_the_run_read_them(odd_run, capsys):
    assert main(["explain", "collector", "job_count", "--out", str(odd_run[1])]) == 0
    said = capsys.readouterr()
    assert "Number of jobs24,817[23,948]" in said.out
    assert said.err == ""


@pytest.mark.usefixtures("elsewhere")
def test_a_text_comes_from_where_the_run_read_it(odd_run, capsys):
    raw, out = map(str, odd_run)
    page = (ROOT / "raw" / SEED).read_text("utf-8").removesuffix("\n") + "\n"
    for place in (["--out", out], ["--out", out, "--raw", raw]):
        assert main(["text", "dump.jsonl#1", *place]) == 0
        assert capsys.readouterr().out == page
    assert main(["text", "dump.jsonl#1", "--out", out, "--text-column", "text"]) == 0
    assert capsys.readouterr().out == "Not the page.\n"
    assert main(["text", "dump.jsonl#1", "--raw", "raw"]) == 0
    assert capsys.readouterr().out == "Another dump.\n"


@pytest.mark.usefixtures("elsewhere")
def test_without_a_run_the_dump_has_to_be_given(capsys):
    assert main(["text", "dump.jsonl#1"]) == 2
    errors = capsys.readouterr().err
    assert errors.startswith("error: out: no tables are published there\n")
    assert "--raw FOLDER" in errors


@pytest.fixture
def moved(run, tmp_path) -> tuple[Path, Path]:
    """A run whose dump has another name since."""
    raw, out = tmp_path / "raw", tmp_path / "out"
    shutil.copytree(run[0], raw)
    pipeline.extract(raw, out, Options(workers=1))
    return raw.rename(tmp_path / "moved"), out


@pytest.mark.parametrize("command", ["show", "text"])
def test_that_the_dump_was_moved_is_told_and_how_to_name_its_place(moved, capsys, command):
    raw, out = map(str, moved)
    assert main([command, SEED, "--out", out]) == 2
    assert capsys.readouterr().err.splitlines() == [
        f"error: {moved[0].parent}/raw: the dump is not there any more, where the run read it",
        "help: say where the dump is now: --raw FOLDER",
    ]
    assert main([command, SEED, "--out", out, "--raw", raw]) == 0


def test_a_value_is_explained_without_the_words_around_it_where_the_dump_was_moved(moved, capsys):
    raw, out = map(str, moved)
    assert main(["explain", "collector", "job_count", "--out", out, "--json"]) == 0
    said = capsys.readouterr()
    assert {statement["before"] for statement in json.loads(said.out)["statements"]} == {""}
    assert said.err.startswith(f"warning: {moved[0].parent}/raw: the dump is not there any more")
    assert "--raw FOLDER" in said.err
    assert main(["explain", "collector", "job_count", "--out", out, "--raw", raw]) == 0
    said = capsys.readouterr()
    assert "Number of jobs24,817[23,948]" in said.out
    assert said.err == ""


@pytest.mark.parametrize(("lost", "code"), [("statistics.json", 0), ("raw", 0), ("both", 2)])
def test_the_manifest_says_where_the_dump_is_and_else_the_statistics(run, capsys, tmp_path, lost, code):
    folder = tmp_path / "out"
    shutil.copytree(run[1] / "current", folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["raw"] == read_statistics(folder)["run"]["raw"] == "../raw"
    if lost in ("statistics.json", "both"):
        (folder / "statistics.json").unlink()
    if lost in ("raw", "both"):
        del manifest["raw"]
        (folder / "manifest.json").write_text(json.dumps(manifest))
    shutil.copytree(run[0], tmp_path / "raw")
    assert main(["text", SEED, "--out", str(folder)]) == code
    assert ("the run does not say where its dump is" in capsys.readouterr().err) is bool(code)
