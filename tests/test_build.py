"""Does a run give the same tables whatever it runs on, in whatever order, and whether pages are known or not?"""

import errno
import hashlib
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import pipeline
from benchmarks.pagegen import make_dump
from pipeline import readers
from pipeline.build import extract
from pipeline.cache import describe_cache, prune_cache
from pipeline.cli import main
from pipeline.engines.limits import Limits
from pipeline.errors import NothingUsableError, OutputError, UsageError
from pipeline.model import Record
from pipeline.options import Options, Quarantined
from pipeline.shards import process
from pipeline.tables import TABLES

SEEDS = sorted(Path("raw").glob("*.txt"))
COLD = Options(cache=False)


@pytest.fixture(scope="module")
def dump(tmp_path_factory):
    """Sixty pages of a generated dump, some of them twice; a page that is none; an empty file."""
    folder = tmp_path_factory.mktemp("dump")
    pages = list(make_dump(7, 60))
    for number, page in enumerate(pages):
        (folder / f"{number:03}.txt").write_bytes(page.data)
    (folder / "copies").mkdir()
    for number in (3, 30, 31):
        (folder / "copies" / f"{number}.txt").write_bytes(pages[number].data)
    (folder / "note.txt").write_text("Not a career page.\n")
    (folder / "empty.txt").write_bytes(b"")
    return folder


@pytest.fixture(scope="module")
def expected(dump, tmp_path_factory):
    """The tables of that dump, from one worker and no cache."""
    out = tmp_path_factory.mktemp("expected")
    extract(dump, out, Options(workers=1, cache=False))
    return digests(out)


def digests(out):
    """SHA-256 of each published table."""
    return {table.name: hashlib.sha256((out / f"{table.name}.parquet").read_bytes()).hexdigest() for table in TABLES}


class Given(readers.Records):
    """Records that no file holds."""

    def __init__(self, records):
        super().__init__(os.devnull, readers.ReadOptions(), None)
        self._records = iter(records)


def rows(out, name):
    return pipeline.open_tables(out).arrow(name).to_pylist()


def test_pages_in_a_column_of_another_name(tmp_path):
    given = {"text_column": "page.raw", "url_column": "where"}
    with (tmp_path / "dump.jsonl").open("w") as lines:
        for path in SEEDS:
            json.dump({"page": {"raw": path.read_text("utf-8")}, "where": f"https://jobs.example/{path.name}"}, lines)
            lines.write("\n")
    summary = extract(tmp_path / "dump.jsonl", tmp_path / "out", Options(cache=False, **given))
    assert summary.parsed == len(SEEDS)
    assert {row["url"].rpartition("/")[2] for row in rows(tmp_path / "out", "documents")} == {p.name for p in SEEDS}
    with pytest.raises(UsageError, match=r"no column 'page\.text'; there are: 'page', 'where', 'page\.raw'"):
        extract(tmp_path / "dump.jsonl", tmp_path / "out", Options(text_column="page.text"))


def test_five_real_pages(tmp_path):
    steps = []
    summary = extract("raw", tmp_path, progress=lambda progress: steps.append(progress.step))
    assert (summary.parsed, summary.duplicate, summary.quarantined) == (5, 0, 0)
    assert list(dict.fromkeys(steps))[:3] == ["read", "resolve", "publish"]
    observed = {row["observation_id"]: row["raw"] for row in rows(tmp_path, "observations") if row["raw"]}
    shard = process([Record(path.name, path.read_bytes()) for path in SEEDS])
    assert observed.keys() == set(shard.observations["observation_id"].to_pylist())
    assert summary.rows == {table.name: len(rows(tmp_path, table.name)) for table in TABLES}
    manifest = pipeline.open_tables(tmp_path).manifest
    assert {file["source"]: file["sha256"] for file in manifest["inputs"]} == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in SEEDS
    }


@pytest.mark.slow
@pytest.mark.parametrize("workers", [2, 4])
@pytest.mark.parametrize("size", [20_000, 1])
def test_tables_do_not_depend_on_workers_and_batches(dump, expected, tmp_path, workers, size):
    extract(dump, tmp_path, Options(workers=workers, cache=False), limits=Limits(batch_bytes=size))
    assert digests(tmp_path) == expected


@pytest.mark.slow
def test_tables_do_not_depend_on_the_order_of_records(dump, expected, tmp_path, monkeypatch):
    read = readers.read

    def shuffled(*args, **options):
        records = list(read(*args, **options))
        random.Random(1).shuffle(records)
        return Given(records)

    monkeypatch.setattr(readers, "read", shuffled)
    extract(dump, tmp_path, COLD, limits=Limits(batch_bytes=30_000))
    assert digests(tmp_path) == expected


@pytest.mark.slow
def test_only_documents_depend_on_the_names_of_files(dump, expected, tmp_path):
    raw = tmp_path / "raw"
    raw.mkdir()
    files = sorted(dump.rglob("*.txt"))
    random.Random(2).shuffle(files)
    for number, path in enumerate(files):
        (raw / f"{number:03}.txt").write_bytes(path.read_bytes())
    extract(raw, tmp_path / "out", COLD)
    found = {table.name: rows(tmp_path / "out", table.name) for table in TABLES if table.name != "documents"}
    extract(dump, tmp_path / "out", COLD)
    assert digests(tmp_path / "out") == expected
    assert found == {name: rows(tmp_path / "out", name) for name in found}


@pytest.mark.slow
@pytest.mark.parametrize(
    "environment",
    [
        {"TZ": "Pacific/Auckland", "LANG": "tr_TR.UTF-8", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
        {"TZ": "America/Los_Angeles", "LANG": "C", "PYTHONHASHSEED": "2", "PYTHONUTF8": "0"},
    ],
    ids=["east", "west"],
)
def test_tables_do_not_depend_on_the_environment(dump, expected, tmp_path, environment):
    command = [sys.executable, "-m", "pipeline", "extract", str(dump), "--out", str(tmp_path / "out"), "--quiet"]
    done = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=False)
    assert done.returncode == 3, done.stderr
    assert digests(tmp_path / "out") == expected


# --- documents -----------------------------------------------------------------------------------------------------


def test_copies_are_marked_and_count_once(dump, expected, tmp_path):
    summary = extract(dump, tmp_path, COLD)
    assert (summary.parsed, summary.duplicate, summary.quarantined) == (60, 3, 2)
    documents = {row["source"]: row for row in rows(tmp_path, "documents")}
    for number in (3, 30, 31):
        copy = documents[f"copies/{number}.txt"]
        assert (copy["status"], copy["reason"]) == ("duplicate", f"duplicate_of: same bytes as {number:03}.txt") or (
            documents[f"{number:03}.txt"]["reason"] == f"duplicate_of: same bytes as copies/{number}.txt"
        )
    assert summary.reasons == {"empty": 1, "unknown_family": 1}
    assert summary.examples == tuple(
        Quarantined(source=row["source"], reason=row["reason"])
        for row in rows(tmp_path, "documents")
        if row["status"] == "quarantined"
    )
    assert summary.unparsed_lines == sum(
        row["lines_unparsed"] for row in documents.values() if row["status"] != "duplicate"
    )


def publish_records(records, out, monkeypatch, options=COLD, limits=None):
    monkeypatch.setattr(readers, "read", lambda *args, **kwargs: Given(records))
    return extract("raw", out, options, limits=limits)


@pytest.mark.parametrize("size", [1, 1 << 20], ids=["apart", "together"])
@pytest.mark.parametrize("order", [1, -1])
def test_of_copies_that_are_read_differently_the_first_parsed_one_counts(tmp_path, monkeypatch, size, order):
    page = SEEDS[0].read_bytes().replace(b"Collector", "Collectör".encode())
    records = [
        Record("a", page, charset="utf-16"),
        Record("b", page, charset="cp1252"),
        Record("c", page, charset="utf-8"),
        Record("d", page),
    ]
    publish_records(records[::order], tmp_path, monkeypatch, limits=Limits(batch_bytes=size))
    documents = {row["source"]: row for row in rows(tmp_path, "documents")}
    first = min(source for source, row in documents.items() if row["status"] == "parsed")
    assert [source for source, row in documents.items() if row["status"] == "duplicate"] == [
        source for source in documents if source != first
    ]
    alone = tmp_path / "alone"
    publish_records([record for record in records if record.source == first], alone, monkeypatch)
    for table in TABLES:
        if table.name != "documents":
            assert rows(tmp_path, table.name) == rows(alone, table.name), table.name


def test_inputs_that_gave_nothing_keep_their_own_reasons(tmp_path, monkeypatch):
    from pipeline.model import Problem

    records = [
        *(Record(path.name, path.read_bytes()) for path in SEEDS),
        Record("x.gz", b"", problem=Problem("truncated", "ends early")),
        Record("y.gz", b"", problem=Problem("checksum", "does not fit")),
        Record("z.txt", b""),
        Record("copy.txt", SEEDS[0].read_bytes(), problem=Problem("changed_during_read", "the file changed")),
    ]
    publish_records(records, tmp_path, monkeypatch)
    documents = {row["source"]: row["reason"] for row in rows(tmp_path, "documents")}
    assert documents["x.gz"].startswith("truncated: ")
    assert documents["y.gz"].startswith("checksum: ")
    assert documents["z.txt"].startswith("empty: ")
    assert documents["copy.txt"].startswith("changed_during_read: ")


# --- nothing usable ------------------------------------------------------------------------------------------------


def test_nothing_usable_keeps_the_old_tables(tmp_path):
    bad = tmp_path / "bad"
    bad.mkdir()
    (bad / "a.txt").write_text("nothing of use\n")
    out = tmp_path / "out"
    extract("raw", out, COLD)
    before = digests(out)
    with pytest.raises(NothingUsableError, match=r"none of 1 documents could be parsed \(1 unknown_family\)"):
        extract(bad, out, COLD)
    (bad / "a.txt").unlink()
    with pytest.raises(NothingUsableError, match="holds no documents"):
        extract(bad, out, COLD)
    assert digests(out) == before
    summary = extract(bad, out, Options(allow_empty=True))
    assert summary.rows == dict.fromkeys((table.name for table in TABLES), 0)


# --- the cache -----------------------------------------------------------------------------------------------------


def parsed_sources(monkeypatch):
    """Notes the sources of the records that reach the engine."""
    from pipeline.engines.local import LocalEngine

    seen = []
    parse = LocalEngine.parse

    def noted(engine, records):
        def note(records):
            for record in records:
                if not record.problem:
                    seen.append(record.source)
                yield record

        return parse(engine, note(records))

    monkeypatch.setattr(LocalEngine, "parse", noted)
    return seen


@pytest.mark.slow
def test_known_pages_are_not_parsed_again_and_tables_are_the_same(dump, expected, tmp_path, monkeypatch):
    seen = parsed_sources(monkeypatch)
    extract(dump, tmp_path)
    assert digests(tmp_path) == expected
    assert len(seen) == 65
    seen.clear()
    summary = extract(dump, tmp_path)
    assert seen == []
    assert not summary.is_new
    assert digests(tmp_path) == expected
    extract(dump, tmp_path, COLD)
    assert len(seen) == 65


@pytest.mark.slow
def test_a_grown_and_shrunk_dump_gives_what_a_clean_run_gives(dump, tmp_path, monkeypatch):
    seen = parsed_sources(monkeypatch)
    raw = tmp_path / "raw"
    raw.mkdir()
    files = sorted(dump.glob("*.txt"))
    for path in files[:40]:
        (raw / path.name).write_bytes(path.read_bytes())
    extract(raw, tmp_path / "out")
    for path in files[:10]:
        (raw / path.name).unlink()
    for path in files[40:]:
        (raw / path.name).write_bytes(path.read_bytes())
    (raw / "renamed.txt").write_bytes(files[20].read_bytes())
    seen.clear()
    extract(raw, tmp_path / "out")
    assert sorted(seen) == [path.name for path in files[40:]]
    extract(raw, tmp_path / "clean", COLD)
    assert digests(tmp_path / "out") == digests(tmp_path / "clean")


@pytest.mark.slow
def test_what_the_container_says_of_a_known_page_counts(tmp_path, monkeypatch):
    from datetime import UTC, datetime

    pages = [path.read_bytes() for path in SEEDS]
    publish_records([Record(f"{n}", page) for n, page in enumerate(pages)], tmp_path / "out", monkeypatch, Options())
    moment = datetime(2024, 5, 6, tzinfo=UTC)
    again = [
        Record("0", pages[0], url="https://example.org/0"),
        Record("1", pages[1], fetched_at=moment),
        Record("2", pages[2], media="text"),
        Record("x", pages[3]),
        Record("4", pages[4], charset="utf-8"),
    ]
    publish_records(again, tmp_path / "out", monkeypatch, Options())
    publish_records(again, tmp_path / "clean", monkeypatch)
    assert digests(tmp_path / "out") == digests(tmp_path / "clean")
    documents = {row["source"]: row for row in rows(tmp_path / "out", "documents")}
    assert documents["0"]["url"] == "https://example.org/0"
    assert documents["1"]["fetched_at"] == moment


@pytest.mark.slow
def test_other_rules_parse_everything_again(tmp_path, monkeypatch):
    seen = parsed_sources(monkeypatch)
    extract("raw", tmp_path)
    before = describe_cache(tmp_path)
    assert (before.pages, before.other_rules) == (5, 0)
    for module in ("known", "prune"):
        monkeypatch.setattr(f"pipeline.cache.{module}.rules_version", lambda: "other")
    assert describe_cache(tmp_path).pages == 0
    seen.clear()
    extract("raw", tmp_path)
    assert len(seen) == 5
    after = describe_cache(tmp_path)
    assert (after.pages, after.other_rules) == (5, 0)


def test_rules_change_with_vocabulary_and_code(tmp_path):
    """In a copy of the package: which changes does the version of the rules notice?"""
    import shutil

    shutil.copytree("pipeline", tmp_path / "pipeline", ignore=shutil.ignore_patterns("__pycache__"))

    def version():
        script = "from pipeline.cache.rules import rules_version; print(rules_version())"
        return subprocess.run(
            [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
        ).stdout

    versions = [version()]
    for name, is_rule in (
        ("vocabulary/labels.toml", True),
        ("parsers/comparison.py", True),
        ("decode.py", True),
        ("cli/main.py", False),
        ("store/output.py", False),
    ):
        path = tmp_path / "pipeline" / name
        path.write_text(path.read_text() + "\n# changed\n")
        versions.append(version())
        assert (versions[-1] != versions[-2]) is is_rule, name
    (tmp_path / "pipeline/parsers/new.py").write_text("")
    assert version() != versions[-1]


@pytest.mark.slow
@pytest.mark.parametrize("damage", ["flip", "cut", "vanish", "describe"])
def test_damaged_bundles_are_parsed_again(tmp_path, damage):
    extract("raw", tmp_path)
    before = digests(tmp_path)
    (bundle,) = (tmp_path / ".cache").glob("*/*")
    file = bundle / "observations.parquet"
    data = file.read_bytes()
    match damage:
        case "flip":
            file.write_bytes(data[:5000] + bytes([data[5000] ^ 1]) + data[5001:])
        case "cut":
            file.write_bytes(data[:-100])
        case "vanish":
            file.unlink()
        case "describe":
            (bundle / "bundle.json").write_text("[1")
    summary = extract("raw", tmp_path)
    assert any(str(bundle) in warning for warning in summary.warnings)
    assert digests(tmp_path) == before
    assert not bundle.exists()
    assert not extract("raw", tmp_path).warnings


@pytest.mark.slow
def test_cache_is_described_and_pruned(tmp_path):
    assert describe_cache(tmp_path)[1:4] == (0, 0, 0)
    extract("raw", tmp_path)
    state = describe_cache(tmp_path)
    assert (state.pages, state.bundles) == (5, 1)
    assert state.bytes == sum(path.stat().st_size for path in state.folder.rglob("*") if path.is_file()) > 0
    (tmp_path / ".cache" / "old").mkdir()
    (tmp_path / ".cache" / "old" / "x").write_bytes(b"123")
    assert describe_cache(tmp_path)[4:] == (1, 3, 0)
    assert prune_cache(tmp_path).pages == 5
    assert describe_cache(tmp_path)[4:] == (0, 0, 0)
    (bundle,) = (tmp_path / ".cache").glob("*/*")
    os.utime(bundle, (0, 0))
    assert prune_cache(tmp_path, unused_days=365).pages == 0
    extract("raw", tmp_path)
    assert prune_cache(tmp_path, all_pages=True).pages == 0


@pytest.mark.slow
@pytest.mark.parametrize("damage", ["cut", "vanish", "describe", "garbage"])
def test_damaged_bundles_are_counted(tmp_path, capsys, damage):
    extract("raw", tmp_path)
    (bundle,) = (tmp_path / ".cache").glob("*/*")
    file = bundle / "pages.parquet"
    match damage:
        case "cut":
            file.write_bytes(file.read_bytes()[:-100])
        case "vanish":
            file.unlink()
        case "describe":
            (bundle / "bundle.json").write_text("[1")
        case "garbage":
            file.write_bytes(b"x" * file.stat().st_size)
    assert main(["cache", "show", "--out", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "0 in 1 bundle\ndamaged      1 of the bundles" in said


@pytest.fixture
def littered(tmp_path):
    """A cache with what killed runs, clocks that went wrong, and people leave there."""
    rules = describe_cache(tmp_path).folder
    for name in ("0123.partial", "young", "old"):
        (rules / name).mkdir(parents=True)
        (rules / name / "x").write_bytes(b"123")
    os.utime(rules / "young", (1e10, 1e10))
    os.utime(rules / "old", (0, 0))
    (rules / "note.txt").write_text("mine")
    (tmp_path / ".cache" / "stray").write_text("mine")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "kept").write_text("mine")
    (tmp_path / ".cache" / "link").symlink_to(tmp_path / "elsewhere")
    return tmp_path


def test_pruning_removes_what_killed_runs_have_left(littered):
    assert prune_cache(littered).bundles == 1
    assert sorted(path.name for path in describe_cache(littered).folder.iterdir()) == ["note.txt", "young"]


def test_pruning_all_leaves_nothing_and_goes_through_no_link(littered):
    assert prune_cache(littered, all_pages=True)[1:] == (0, 0, 0, 0, 0, 0)
    assert list((littered / ".cache").iterdir()) == []
    assert (littered / "elsewhere" / "kept").exists()


def test_what_cannot_be_pruned_is_told_when_the_rest_is_gone(littered, monkeypatch):
    def fail(path):
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr("shutil.rmtree", fail)
    with pytest.raises(OutputError, match="cannot remove: Permission denied"):
        prune_cache(littered, all_pages=True)
    assert {path.name for path in (littered / ".cache").iterdir()} == {describe_cache(littered).folder.name}


@pytest.mark.slow
def test_use_keeps_a_bundle_young(tmp_path):
    extract("raw", tmp_path)
    (bundle,) = (tmp_path / ".cache").glob("*/*")
    os.utime(bundle, (0, 0))
    extract("raw", tmp_path)
    assert bundle.exists()


def test_an_odd_name_of_the_output_folder_is_a_name(tmp_path):
    out = tmp_path / "o'ut [a-z]* ?{x}"
    extract("raw", out)
    extract("raw", out)
    assert len(rows(out, "documents")) == 5


def test_nothing_but_arrow_lies_in_the_cache(tmp_path):
    extract("raw", tmp_path)
    for path in (tmp_path / ".cache").rglob("*"):
        assert path.is_dir() or path.suffix in {".parquet", ".json"}
        if path.suffix == ".parquet":
            assert isinstance(pq.read_table(path), pa.Table)
