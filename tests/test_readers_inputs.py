"""Folders and what may lie in them: order, names, links, devices, files that change, remote file systems."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import UsageError
from pipeline.model import Record
from pipeline.readers import FileReport, ReadOptions, bytes_of, find, list_inputs, read, read_file, source_of
from tests.readers_recipes import made, page, written

THINGS: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "fixtures/readers/names.toml").read_text(encoding="utf-8")
)["thing"]


def _make(folder: bytes, thing: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    name = bytes.fromhex(thing["hex"]) if "hex" in thing else thing["name"].replace("@251@", "x" * 251).encode()
    path = folder + b"/" + name
    if thing["make"] == "fifo":
        os.mkfifo(path)
    elif thing["make"] == "socket":
        monkeypatch.chdir(os.fsdecode(folder))
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(name)
    elif thing["make"] == "link":
        Path(os.fsdecode(path)).symlink_to(thing["target"])
    elif thing["make"] == "folder":
        folder_path = Path(os.fsdecode(path))
        folder_path.mkdir()
        (folder_path / "page.txt").write_text(page(3), encoding="utf-8")
    else:
        with Path(os.fsdecode(path)).open("wb") as file:
            file.write(page(3).encode())
            if thing["make"] == "sparse":
                file.truncate(thing["size"])


@pytest.mark.parametrize("thing", THINGS, ids=lambda thing: thing["id"])
def test_thing_in_the_folder(thing: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, name in ((1, "a.txt"), (2, "z.txt")):
        (tmp_path / name).write_text(page(number), encoding="utf-8")
    _make(os.fsencode(tmp_path), thing, monkeypatch)
    source = thing.get("source") or thing["name"].replace("@251@", "x" * 251)
    records = {record.source: record for record in read(tmp_path)}
    assert set(records) == {"a.txt", source, "z.txt"}
    assert [records[name].data.decode() for name in ("a.txt", "z.txt")] == [page(1), page(2)]
    record = records[source]
    if thing["fate"] == "read":
        assert (record.problem, record.data.decode()) == (None, page(3))
        assert find(tmp_path, source) == record
    else:
        assert record.problem
        assert (record.problem.code, record.data) == (thing["fate"], b"")


@given(st.binary(min_size=1, max_size=40))
def test_names_in_the_tables_lead_back_to_the_file(name: bytes) -> None:
    source = source_of(name)
    source.encode()
    assert source.isprintable() or not source.isascii()
    assert bytes_of(source) == name


def test_order_is_that_of_the_names_bytes_and_depth_first(tmp_path: Path) -> None:
    for name in ("b/2.txt", "b/10.txt", "b.txt", "B.txt", "é.txt", "b/c/x.txt", "a.jsonl"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b'{"text": "a"}')
    names = ["B.txt", "a.jsonl", "b/10.txt", "b/2.txt", "b/c/x.txt", "b.txt", "é.txt"]
    inputs = list(list_inputs(tmp_path))
    assert [item.source for item in inputs] == names
    assert [item.size for item in inputs] == [13] * 7
    assert [record.source.removesuffix("#1") for record in read(tmp_path)] == names


def test_deep_folders(tmp_path: Path) -> None:
    folder = tmp_path
    for _ in range(400):
        folder /= "d"
    folder.mkdir(parents=True)
    (folder / "page.txt").write_text("deep", encoding="utf-8")
    (record,) = read(tmp_path)
    assert record.source == "d/" * 400 + "page.txt"
    assert record.data == b"deep"


def test_a_file_as_the_root_and_a_link_that_was_given(tmp_path: Path) -> None:
    dump = written(tmp_path, "dump.jsonl", [[["jsonl", "1-2"]]])
    (tmp_path / "link").symlink_to(dump)
    (tmp_path / "current").symlink_to(tmp_path, target_is_directory=True)
    for root in (dump, tmp_path / "link"):
        assert [record.source for record in read(root)] == ["dump.jsonl#1", "dump.jsonl#2"]
    assert "dump.jsonl#1" in [record.source for record in read(tmp_path / "current")]


def test_a_missing_root_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nowhere: No such file or directory"):
        read(tmp_path / "nowhere")


def test_an_empty_folder_gives_nothing(tmp_path: Path) -> None:
    assert list(read(tmp_path)) == []


@pytest.mark.skipif(os.geteuid() == 0 and not Path("/usr/bin/setpriv").exists(), reason="root reads everything")
def test_files_and_folders_without_rights(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a", encoding="utf-8")
    closed = tmp_path / "closed.txt"
    closed.write_text("b", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    closed.chmod(0)
    (tmp_path / "folder").chmod(0)
    code = (
        "import sys; from pipeline.readers import read\n"
        "print(*(f'{r.source} {r.problem.code if r.problem else None}' for r in read(sys.argv[1])), sep=',')"
    )
    # Root reads everything, unless it gives up the two capabilities that let it.
    caps = "-dac_override,-dac_read_search"
    bounded = ["setpriv", f"--bounding-set={caps}", f"--inh-caps={caps}"] if os.geteuid() == 0 else []
    done = subprocess.run(
        [*bounded, sys.executable, "-B", "-c", code, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.stdout == "a.txt None,closed.txt unreadable,folder unreadable\n", done.stderr


def test_a_file_that_vanishes_after_it_was_listed(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text("page", encoding="utf-8")
    records = read(tmp_path)
    assert next(records).problem is None
    (tmp_path / "b.txt").unlink()
    gone, last = records
    assert gone.problem
    assert (gone.source, gone.problem.code, last.problem) == ("b.txt", "changed_during_read", None)


@pytest.mark.parametrize("change", ["append", "overwrite", "truncate"])
def test_a_container_that_changes_while_it_is_read(change: str, tmp_path: Path) -> None:
    dump = written(tmp_path, "dump.jsonl", [[["jsonl", "1-400"]]])
    whole = dump.read_bytes()
    reports: list[FileReport] = []
    records = read(tmp_path, on_file=reports.append)
    first = next(records)
    with dump.open("r+b") as file:
        if change == "append":
            file.seek(0, os.SEEK_END)
            file.write(b'{"text": "later"}\n')
        elif change == "overwrite":
            file.write(b" ")
        else:
            file.truncate(len(whole) // 2)
    rest = list(records)
    assert first.data.decode() == page(1)
    assert b"later" not in {record.data for record in rest}
    assert rest[-1].problem
    assert rest[-1].problem.code == "changed_during_read"
    assert reports[0].changed


def test_a_document_that_changes_while_it_is_read_is_not_handed_out_as_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "page.txt"
    path.write_text("page", encoding="utf-8")
    from pipeline.readers import plain

    read_text = plain.read_text

    def slow(content: Any, context: Any) -> Any:
        for record in read_text(content, context):
            path.write_text("changed", encoding="utf-8")
            yield record

    monkeypatch.setattr(plain, "read_text", slow)
    (record,) = read(tmp_path)
    assert record.problem
    assert (record.source, record.problem.code, record.data) == ("page.txt", "changed_during_read", b"page")


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("page.txt", [[["page", 1]]]),
        ("page.txt.gz", [[["page", 1], ["gzip"]]]),
        ("dump.jsonl", [[["jsonl", "1-200"]]]),
        ("dump.jsonl.gz", [[["jsonl", "1-20"], ["gzip"]], [["text", "garbage"]]]),
        ("dump.jsonl.zst", [[["jsonl", "1-20"], ["zstd"], ["cut", 0.5]]]),
        ("bomb.txt.zst", [[["zstd_bomb", 64]]]),
        ("dump.parquet", [[["parquet", "1-20"]]]),
        (
            "crawl.warc.gz",
            [[["warc_gz", "1-3"]], [["warc", "4", {"length": "90000000"}], ["gzip"]], [["warc_gz", "5-8"]]],
        ),
        ("dump.zip", [[["page", 1]]]),
    ],
)
def test_fingerprints_are_of_the_file_as_stored(name: str, make: list[Any], tmp_path: Path) -> None:
    content = made(make)
    (tmp_path / name).write_bytes(content)
    reports: list[FileReport] = []
    list(read(tmp_path, on_file=reports.append))
    (report,) = reports
    assert report.sha256 == hashlib.sha256(content).hexdigest()
    assert (report.source, report.size, report.changed) == (name, len(content), False)


def test_a_refused_file_has_no_fingerprint(tmp_path: Path) -> None:
    with (tmp_path / "sparse.txt").open("wb") as file:
        file.truncate(1 << 30)
    reports: list[FileReport] = []
    list(read(tmp_path, on_file=reports.append))
    assert [(report.sha256, report.size) for report in reports] == [(None, 1 << 30)]


@pytest.fixture
def memory() -> Any:
    fsspec = pytest.importorskip("fsspec")
    system = fsspec.filesystem("memory")
    yield system
    system.store.clear()


def test_remote_folder(memory: Any, tmp_path: Path) -> None:
    files: dict[str, list[Any]] = {
        "a.txt": [[["page", 1]]],
        "b/dump.jsonl.zst": [[["jsonl", "2-9"], ["zstd"]]],
        "b/part.parquet": [[["parquet", "10-12"]]],
        "b/part.parquet.gz": [[["parquet", "13-14"], ["gzip"]]],
        "b/cut.warc.gz": [[["warc_gz", "15-16"], ["cut", -90]]],
        "b.csv": [[["csv", "17-18"]]],
        "empty.zip": [[]],
    }
    for name, make in files.items():
        memory.pipe(f"/bucket/raw/{name}", made(make))
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(made(make))
    remote, local = list(read("memory://bucket/raw")), list(read(tmp_path))
    assert remote == local
    assert [record.source for record in remote if record.problem] == ["b/cut.warc.gz#2", "empty.zip"]
    listed = [(item.source, item.size) for item in list_inputs("memory://bucket/raw")]
    assert listed == [(item.source, item.size) for item in list_inputs(tmp_path)]
    assert find("memory://bucket/raw", "b/part.parquet#2") == find(tmp_path, "b/part.parquet#2")


def test_one_remote_file(memory: Any) -> None:
    memory.pipe("/bucket/dump.jsonl", made([[["jsonl", "1-3"]]]))
    (item,) = list_inputs("memory://bucket/dump.jsonl")
    assert item.source == "dump.jsonl"
    reports: list[FileReport] = []
    records = list(read_file(item.path, "x", on_file=reports.append))
    assert [record.source for record in records] == ["x#1", "x#2", "x#3"]
    assert reports[0].sha256 == hashlib.sha256(made([[["jsonl", "1-3"]]])).hexdigest()


def test_remote_file_above_the_limit(memory: Any) -> None:
    memory.pipe("/bucket/dump.jsonl", made([[["jsonl", "1-3"]]]))
    (record,) = read("memory://bucket/dump.jsonl", ReadOptions(max_file_bytes=1000))
    assert record.problem
    assert record.problem.code == "too_large"


@pytest.mark.parametrize("url", ["memory://nowhere", "nosuchprotocol://bucket"])
def test_a_remote_root_that_cannot_be_listed_is_a_usage_error(url: str) -> None:
    pytest.importorskip("fsspec")
    with pytest.raises(UsageError, match=url):
        list(read(url))


def test_a_remote_file_system_with_errors_of_its_own(memory: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class StrangeError(Exception):
        pass

    def refuse(*_: object, **__: object) -> None:
        raise StrangeError("no credentials")

    memory.pipe("/bucket/a.txt", b"page")
    monkeypatch.setattr(type(memory), "open", refuse)
    (record,) = read("memory://bucket")
    assert record.problem
    assert record.problem == ("unreadable", "StrangeError: no credentials")
    monkeypatch.setattr(type(memory), "find", refuse)
    with pytest.raises(UsageError, match="memory://bucket: no credentials"):
        read("memory://bucket")


def test_without_fastwarc_an_archive_is_a_usage_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, "crawl.warc", [[["warc", "1"]]])
    monkeypatch.setitem(sys.modules, "fastwarc.warc", None)
    with pytest.raises(UsageError, match="needs FastWARC") as raised:
        list(read(tmp_path))
    assert "rolepages[warc]" in raised.value.hint


def test_find_gives_one_record_of_a_container(tmp_path: Path) -> None:
    written(tmp_path, "dump.jsonl", [[["jsonl", "1-9"]]])
    found = find(tmp_path, "dump.jsonl#7")
    assert isinstance(found, Record)
    assert found.data.decode() == page(7)
    assert find(tmp_path, "dump.jsonl#70") is None


@pytest.mark.parametrize("own", ["out", "deep/out", "./out/"])
def test_the_folder_of_the_tables_is_no_part_of_the_dump(own: str, tmp_path: Path) -> None:
    tables = tmp_path / own
    (tables / "runs").mkdir(parents=True)
    (tables / "runs" / "roles.parquet").write_bytes(b"PAR1")
    (tmp_path / "outer.txt").write_bytes(b"page")
    assert [record.source for record in read(tmp_path, own=tables)] == ["outer.txt"]


def test_a_folder_is_not_read_and_written_at_once(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="both the dump and the folder of the tables"):
        read(tmp_path, own=tmp_path / "x" / "..")
