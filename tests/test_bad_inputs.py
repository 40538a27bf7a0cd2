"""A folder of bad inputs among good pages: each has its fate, the good pages' facts are as if they were alone, nothing hangs."""

import os
import re
import socket
import stat
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import pytest

import pipeline
from benchmarks.pagegen import FORMS, World, comparison_page
from pipeline.build import extract
from pipeline.errors import REASONS
from pipeline.options import Options
from pipeline.text import document_id
from tests import readers_recipes
from tests.readers_recipes import written
from tests.test_readers_containers import _expected

FIXTURES = Path(__file__).parent / "fixtures"
WORLD = World(seed=20, size=40)
GOOD = [FORMS["bulleted"].render(comparison_page(*WORLD.roles[2 * n : 2 * n + 2])) for n in range(20)]
DOCUMENTS = tomllib.loads((FIXTURES / "bad_inputs.toml").read_text(encoding="utf-8"))["case"]
CONTAINERS = [
    case
    for case in tomllib.loads((FIXTURES / "readers/containers.toml").read_text(encoding="utf-8"))["case"]
    if "options" not in case and "records" in case
]
STEPS = {
    "good": lambda data, number: GOOD[number].encode(),
    "unmark": lambda data: data[2:],
    "encode": lambda data, encoding: data.decode().encode(encoding),
}
CONTAINED = {document_id(readers_recipes.page(number).encode()): number for number in range(1, 201)}
OBJECTS = {
    "fifo.txt": "not_a_regular_file",
    "socket.txt": "not_a_regular_file",
    "link.txt": "symlink",
    "outside.txt": "symlink",
    "dangling.txt": "symlink",
    "loop": "symlink",
    "unreadable.txt": "unreadable",
    "sparse.txt": "too_large",
}


def make_objects(folder):
    """F1 to F3: what a folder may hold beside files."""
    os.mkfifo(folder / "fifo.txt")
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(folder)  # the name of a socket has a hundred bytes at most
        server.bind("socket.txt")
        os.chdir(here)
    (folder / "link.txt").symlink_to("../00.txt")
    (folder / "outside.txt").symlink_to("/etc/passwd")
    (folder / "dangling.txt").symlink_to("nowhere")
    (folder / "loop").symlink_to(".")
    (folder / "folder.txt").mkdir()
    (folder / "folder.txt" / "inside.txt").write_text("nothing of use\n")
    (folder / "unreadable.txt").write_text("secret\n")
    (folder / "unreadable.txt").chmod(0)
    with (folder / "sparse.txt").open("wb") as file:
        file.truncate(4 << 30)


def make_names(folder):
    """F4: names that are no text, and that are as long as a name may be."""
    (Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe.txt"))).write_text(GOOD[8] + "\nfour\n")
    (folder / ("n" * 247 + ".txt")).write_text(GOOD[9] + "\nfive\n")


@pytest.fixture(scope="module")
def raw(tmp_path_factory):
    folder = tmp_path_factory.mktemp("raw")
    patch = pytest.MonkeyPatch()
    for name, step in STEPS.items():
        patch.setitem(readers_recipes.STEPS, name, step)
    for number, text in enumerate(GOOD):
        (folder / f"{number:02}.txt").write_text(text)
    for prefix, cases in (("d", DOCUMENTS), ("c", CONTAINERS)):
        for number, case in enumerate(cases):
            place = folder / f"{prefix}{number:03}"
            place.mkdir()
            written(place, case["file"], case["make"])
    patch.undo()
    for name, make in (("objects", make_objects), ("names", make_names)):
        (folder / name).mkdir()
        make(folder / name)
    yield folder
    (folder / "objects/unreadable.txt").chmod(stat.S_IRUSR)


_MEASURED = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)
"""
"""Runs a command and prints its KiB at the peak: Linux counts what the process that starts it has, and tests have much."""


@pytest.fixture(scope="module")
def out(raw, tmp_path_factory):
    """The tables of the folder, from the command line in a process whose memory is watched."""
    out = tmp_path_factory.mktemp("out")
    command = [sys.executable, "-m", "pipeline", "extract", str(raw), "--out", str(out)]
    errors = tmp_path_factory.mktemp("said") / "stderr"
    with errors.open("wb") as file:
        found = subprocess.run(
            [sys.executable, "-c", _MEASURED, *command], stdout=subprocess.PIPE, stderr=file, timeout=300, check=False
        )
    peak = int(found.stdout.split()[-1])
    said = errors.read_text()
    assert found.returncode == 3, said
    assert "Traceback" not in said
    assert all(line.isprintable() for line in said.splitlines())
    last = said.splitlines()[-1]
    assert last.startswith("seen "), last
    assert peak < 2 << 20, f"{peak} KiB at the peak"
    return out


@pytest.fixture(scope="module")
def documents(out):
    return pipeline.open_tables(out).arrow("documents").to_pylist()


@pytest.fixture(scope="module")
def facts(out):
    """Document -> what it states: role, field, category, value and text of each observation."""
    found = {}
    for row in pipeline.open_tables(out).arrow("observations").to_pylist():
        found.setdefault(row["document_id"], []).append(row)
    return found


def fate(document):
    return document["reason"].partition(":")[0] if document["status"] == "quarantined" else document["status"]


def stated(rows):
    names = ("table", "role_id", "field", "category", "other_role_id", "value", "text")
    return Counter(tuple(row[name] for name in names) for row in rows if row["method"] == "stated")


def test_there_are_enough_of_them():
    assert len(DOCUMENTS) + len(CONTAINERS) + len(OBJECTS) >= 60


def test_every_reason_is_one_of_the_closed_list(documents):
    assert {fate(row) for row in documents} <= {"parsed", "duplicate", *REASONS}
    unclear = [row["reason"] for row in documents if row["reason"] and re.search(r"[\x00-\x1f\x7f]", row["reason"])]
    assert not unclear


def test_good_pages_state_what_they_state_alone(raw, out, documents, facts, tmp_path):
    alone = tmp_path / "raw"
    alone.mkdir()
    for number, text in enumerate(GOOD):
        (alone / f"{number:02}.txt").write_text(text)
    extract(alone, tmp_path / "out", Options(cache=False))
    rows = pipeline.open_tables(tmp_path / "out").arrow("observations").to_pylist()
    ids = {document_id(text.encode()) for text in GOOD}
    assert {row["document_id"] for row in rows} - {None} <= ids
    assert all(stated(facts[key]) == stated(row for row in rows if row["document_id"] == key) for key in ids)
    good = {row["source"]: row for row in documents if row["document_id"] in ids}
    assert all(good[f"{number:02}.txt"]["status"] == "parsed" for number in range(20))


@pytest.mark.parametrize("number", range(len(DOCUMENTS)), ids=[case["id"] for case in DOCUMENTS])
def test_document(documents, facts, number):
    case = DOCUMENTS[number]
    (document,) = (row for row in documents if row["source"].startswith(f"d{number:03}/"))
    assert fate(document) in case["fate"], document
    rows = facts.get(document["document_id"], []) if document["status"] == "parsed" else []
    if "same" in case:
        good = facts[document_id(GOOD[case["same"]].encode())]
        assert not stated(good) - stated(rows)
    words = "\n".join(f"{row['raw']}\n{row['text']}" for row in rows)
    assert all(word not in words for word in case.get("lacks", []))
    assert all(word in words for word in case.get("has", []))


@pytest.mark.parametrize("number", range(len(CONTAINERS)), ids=[case["id"] for case in CONTAINERS])
def test_container(documents, number):
    case = CONTAINERS[number]
    rows = [row for row in documents if row["source"].startswith(f"c{number:03}/")]
    rows.sort(key=lambda row: int(row["source"].rpartition("#")[2]) if "#" in row["source"] else 0)
    # What was read is a page of the recipes; its parser's opinion of it does not matter here.
    fates = [CONTAINED.get(row["document_id"]) if has_text(row) else fate(row) for row in rows]
    fates = ["?" if fate is None else fate for fate in fates]
    assert fates == _expected(case, fates)


def has_text(document):
    return document["status"] != "quarantined" or document["char_count"] > 0


@pytest.mark.parametrize("name", OBJECTS)
def test_object(documents, name):
    (document,) = (row for row in documents if row["source"].startswith(f"objects/{name}"))
    if name == "unreadable.txt" and os.geteuid() == 0:
        assert fate(document) == "unknown_family"  # who may read everything reads it
    else:
        assert fate(document) == OBJECTS[name]


def test_odd_names_lead_back_to_their_files(documents, facts):
    from pipeline.readers import bytes_of

    found = {bytes_of(row["source"]): row for row in documents if row["source"].startswith("names/")}
    assert set(found) == {b"names/\xff\xfe.txt", b"names/" + b"n" * 247 + b".txt"}
    for name, good in ((b"names/\xff\xfe.txt", 8), (b"names/" + b"n" * 247 + b".txt", 9)):
        assert found[name]["status"] == "parsed"
        assert not stated(facts[document_id(GOOD[good].encode())]) - stated(facts[found[name]["document_id"]])


def test_evidence_replays(raw, documents, facts):
    """Every value of a text file leads to its characters."""
    from pipeline.encoding import decode
    from pipeline.readers import bytes_of

    checked = 0
    for row in documents:
        if row["status"] != "parsed" or "#" in row["source"] or not row["source"].endswith(".txt"):
            continue
        data = Path(os.fsdecode(os.fsencode(raw) + b"/" + bytes_of(row["source"]))).read_bytes()
        text = decode(data)[0]
        for fact in facts.get(row["document_id"], []):
            if fact["raw"] is not None:
                assert text[fact["start"] : fact["end"]] == fact["raw"]
                checked += 1
    assert checked > 1000


def test_nothing_was_run(raw, out):
    assert not list(Path.cwd().glob("*owned*"))
    assert not list(raw.rglob("owned"))


def test_a_second_run_over_all_of_it_is_the_same(raw, out):
    before = {path.name: path.read_bytes() for path in out.glob("*.parquet")}
    summary = extract(raw, out)
    assert not summary.is_new
    assert {path.name: path.read_bytes() for path in out.glob("*.parquet")} == before
