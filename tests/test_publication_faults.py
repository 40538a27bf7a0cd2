"""Whatever system call of a publication fails or is the last one: is the old run there, or the new one, never a mixture?

strace injects the faults into forked publishers; see fork_publisher.py. Killing a process keeps what the kernel has cached,
so this shows that publication is atomic. That it also survives a power failure rests on the order of the calls, which has a
test of its own.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.store import open_tables
from pipeline.tables import TABLES
from tests.small_run import arrow_tables, publish_variant

ROOT = Path(__file__).parent.parent
CALLS = (
    "write pwrite64 ftruncate fsync mkdir rename renameat renameat2 symlink symlinkat unlink unlinkat rmdir "
    "copy_file_range sendfile utimensat"
).split()
HARMLESS = {"mkdir", "unlink", "unlinkat", "rmdir"}
"""Calls whose failure may be no failure: a folder that is there already, or the removal of what is no longer needed."""


class Publisher:
    """Forks publishers and traces each."""

    def __init__(self) -> None:
        self._driver = subprocess.Popen(
            [sys.executable, "tests/fork_publisher.py"],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> "Publisher":
        return self

    def __exit__(self, *_) -> None:
        self._driver.stdin.close()
        self._driver.wait(30)
        self._driver.stdout.close()

    def publish(self, out: Path, variant: int, mode: str, log: Path, *fault: str) -> int:
        """Publishes under strace, with a fault injected if one is given; gives how the publisher ended."""
        self._say(f"{out} {variant} {mode}")
        child = self._driver.stdout.readline().strip()
        tracing = ["strace", "-f", "-y", "-o", log, "-e", f"trace={','.join('?' + name for name in CALLS)}", *fault]
        with subprocess.Popen([*tracing, "-p", child], stderr=subprocess.PIPE, text=True) as strace:
            attached = strace.stderr.readline()
            self._say("go")
            ended = int(self._driver.stdout.readline())
            strace.wait(30)
        if "attached" not in attached:
            pytest.skip(f"NO FAULTS WERE INJECTED: strace cannot trace here: {attached.strip()}")
        return ended

    def _say(self, line: str) -> None:
        self._driver.stdin.write(f"{line}\n")
        self._driver.stdin.flush()


@pytest.fixture(scope="module")
def publisher():
    if shutil.which("strace") is None:
        pytest.skip("NO FAULTS WERE INJECTED: strace is not installed (apt install strace)")
    with Publisher() as running:
        yield running


def read_log(log: Path) -> list[tuple[str, str]]:
    """The calls in their order: name and the rest of the line."""
    matches = (re.match(r"[0-9]+ +([a-z0-9_]+)\((.*)", line) for line in log.read_text("utf-8", "replace").splitlines())
    return [(match[1], match[2]) for match in matches if match]


def published(out: Path) -> str | None:
    """The id of the one run that a reader sees by any way, or None when there is nothing to see."""
    paths = [out / f"{table.name}.parquet" for table in TABLES]
    if not any(path.exists() for path in paths):
        assert not (out / "manifest.json").exists()
        return None
    ids = {pq.read_metadata(path).metadata[b"run_id"].decode() for path in paths}
    tables = open_tables(out)
    assert ids == {tables.run_id}, "tables of several runs, or of another run than the pointer says"
    for name, rows in arrow_tables().items():
        assert tables.arrow(name).num_rows == rows.num_rows
    return tables.run_id


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """The ids of the old run and the new one, and for each start of a test the folder as it was before."""
    starts = tmp_path_factory.mktemp("starts")
    (starts / "empty").mkdir()
    ids = [publish_variant(tmp_path_factory.mktemp("out"), variant).run_id for variant in (0, 1)]
    publish_variant(starts / "links", 0)
    publish_variant(starts / "copies", 0, symlinks=False)
    return starts, *ids


@pytest.mark.parametrize(
    ("start", "fault"),
    [("empty", "signal=SIGKILL"), ("links", "signal=SIGKILL"), ("links", "error=ENOSPC"), ("links", "error=EIO")],
)
def test_at_every_call_a_reader_sees_the_old_run_or_the_new_one(publisher, runs, tmp_path, start, fault):
    starts, old, new = runs
    out, log = tmp_path / "out", tmp_path / "log"
    shutil.copytree(starts / start, out, symlinks=True)
    assert publisher.publish(out, 1, "links", log) == 0
    calls = Counter(name for name, _ in read_log(log))
    assert min(calls[name] for name in ("write", "fsync", "rename", "symlink")) > 0
    seen = Counter()
    for call, count in calls.items():
        for nth in range(1, count + 1):
            shutil.rmtree(out)
            shutil.copytree(starts / start, out, symlinks=True)
            ended = publisher.publish(out, 1, "links", log, "-e", f"inject={call}:{fault}:when={nth}")
            where = f"{call} {nth} of {count}: {fault}"
            assert ended in expected_ends(call, fault), where
            now = published(out)
            seen[now] += 1
            assert now in {new, None if start == "empty" else old}, where
            assert ended != 0 or now == new, where
            if ended < 0 and now != new:  # the next run cleans up and succeeds
                publish_variant(out, 1)
                assert published(out) == new
            if ended == 4 and call not in HARMLESS:
                assert not (out / ".runs" / ".staging").exists(), where
    assert seen[new] > 0
    assert seen[None if start == "empty" else old] > 0


def expected_ends(call: str, fault: str) -> set[int]:
    if "SIGKILL" in fault:
        return {-signal.SIGKILL}
    return {0, 4} if call in HARMLESS else {4}


def test_without_links_what_open_tables_sees_is_one_run_at_every_call(publisher, runs, tmp_path):
    starts, old, new = runs
    out, log = tmp_path / "out", tmp_path / "log"
    shutil.copytree(starts / "copies", out)
    assert publisher.publish(out, 1, "copies", log) == 0
    calls = Counter(name for name, _ in read_log(log))
    for nth in range(1, calls["rename"] + 1):
        shutil.rmtree(out)
        shutil.copytree(starts / "copies", out)
        fault = f"inject=rename:signal=SIGKILL:when={nth}"
        assert publisher.publish(out, 1, "copies", log, "-e", fault) == -signal.SIGKILL
        tables = open_tables(out)
        ids = {pq.read_metadata(tables.path(name)).metadata[b"run_id"].decode() for name in tables.names}
        assert ids == {tables.run_id}
        assert tables.run_id in {old, new}
        publish_variant(out, 1, symlinks=False)
        assert published(out) == new


@pytest.mark.parametrize(("start", "mode"), [("empty", "links"), ("links", "links"), ("copies", "copies")])
def test_content_is_on_the_disk_before_the_name_that_shows_it(publisher, runs, tmp_path, start, mode):
    starts, _, new = runs
    out, log = tmp_path / "out", tmp_path / "log"
    shutil.copytree(starts / start, out, symlinks=True)
    assert publisher.publish(out, 1, mode, log) == 0
    calls = read_log(log)

    def places(call: str, text: str) -> list[int]:
        return [place for place, (name, rest) in enumerate(calls) if name == call and text in rest]

    run = out / ".runs" / ".staging" / "run"
    (moved,) = places("rename", f'"{run}", "{out / ".runs" / new}"')
    (swapped,) = places("rename", f'"{out / "current"}"')
    (folder_synced,) = places("fsync", f"<{run}>")
    for name in [*(f"{table.name}.parquet" for table in TABLES), "manifest.json"]:
        written, (synced,) = places("write", f"<{run / name}>"), places("fsync", f"<{run / name}>")
        assert max(written) < synced < folder_synced, name
    assert folder_synced < moved
    assert any(moved < place < swapped for place in places("fsync", f"<{out / '.runs'}>"))
    assert max(places("fsync", f"<{out}>")) > max(places("rename", f'"{out}/'))
