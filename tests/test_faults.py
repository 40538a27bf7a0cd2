"""Whatever happens to a run of the command: is the old output there until the new one is, and does the exit code say what it was?

Faults inside of publication, call by call, are in test_publication_faults.py; of single documents in test_engine.py; of inputs
in test_bad_inputs.py. Here whole runs are killed, stopped, starved and started twice.
"""

import hashlib
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import pipeline
from pipeline.options import Options

ROOT = Path(__file__).parent.parent
SEEDS = sorted((ROOT / "raw").glob("*.txt"))
PAGES = 25
"""Pages of a run that is caught in the middle."""


@pytest.fixture(scope="module")
def raw(tmp_path_factory) -> Path:
    """A dump that takes seconds."""
    raw = tmp_path_factory.mktemp("faults") / "raw"
    raw.mkdir()
    for number in range(PAGES):
        seed = SEEDS[number % len(SEEDS)].read_text("utf-8")
        (raw / f"{number:03}.txt").write_text(f"{seed}\nPage {number}\n", "utf-8")
    return raw


@pytest.fixture(scope="module")
def clean(raw, tmp_path_factory) -> dict[str, str]:
    """The tables of an undisturbed run."""
    out = tmp_path_factory.mktemp("clean") / "out"
    pipeline.extract(raw, out, Options(workers=1))
    return tables(out)


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("before")
    (folder / "raw").mkdir()
    (folder / "raw" / "page.txt").write_bytes(SEEDS[0].read_bytes())
    pipeline.extract(folder / "raw", folder / "out", Options(workers=1))
    return folder / "out"


@pytest.fixture
def out(published, tmp_path) -> Path:
    """An output folder in which a run over one page is published."""
    return shutil.copytree(published, tmp_path / "out", symlinks=True)


def tables(out: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(out.glob("*.parquet"))}


def start(raw: Path, out: Path, *flags: str, **options) -> subprocess.Popen:
    command = [sys.executable, "-m", "pipeline", "extract", str(raw), "--out", str(out), "--workers", "1", *flags]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)


def finish(process: subprocess.Popen) -> tuple[int, str]:
    _, said = process.communicate(timeout=120)
    assert "Traceback" not in said
    return process.returncode, said


def family(pid: int) -> list[int]:
    """A process and all below it."""
    found = [pid]
    for parent in found:
        children = Path(f"/proc/{parent}/task/{parent}/children")
        found += map(int, children.read_text().split()) if children.exists() else []
    return found


def wait_for(step: str, log: Path, process: subprocess.Popen) -> None:
    """Until the log of the run says that a step is done."""
    deadline = time.monotonic() + 60
    while not (
        log.exists()
        and any(
            json.loads(line).get("step") == step for line in log.read_text().splitlines(True) if line.endswith("\n")
        )
    ):
        assert process.poll() is None, "the run ended too early"
        assert time.monotonic() < deadline
        time.sleep(0.01)


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in {"Z", "X"}
    except OSError:
        return True


def assert_gone(pids: list[int]) -> None:
    deadline = time.monotonic() + 10
    while not all(map(is_gone, pids)):
        assert time.monotonic() < deadline, "a process outlived its run"
        time.sleep(0.05)


# --- the end from outside ------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("step", ["read", "resolve", "publish"])
def test_kill_9_leaves_the_old_tables_and_the_next_run_is_as_if_nothing_had_been(raw, out, clean, tmp_path, step):
    before = tables(out)
    run = start(raw, out, "--log-file", str(tmp_path / "log"))
    wait_for(step, tmp_path / "log", run)
    pids = family(run.pid)
    run.kill()
    run.communicate()
    assert_gone(pids)
    assert tables(out) in (before, clean)
    assert finish(start(raw, out, "-q"))[0] == 0
    assert tables(out) == clean
    assert not list((out / ".runs").glob("*staging*"))


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_ends_the_run_in_order(raw, out, tmp_path, number, code):
    before, runs = tables(out), sorted(os.listdir(out / ".runs"))
    run = start(raw, out, "--log-file", str(tmp_path / "log"))
    wait_for("read", tmp_path / "log", run)
    pids = family(run.pid)
    run.send_signal(number)
    ended, said = finish(run)
    assert ended == code, said
    assert said.splitlines()[-1].startswith(f"error: {'terminated' if code == 143 else 'interrupted'}")
    assert_gone(pids)
    assert tables(out) == before
    assert sorted(os.listdir(out / ".runs")) == runs


@pytest.mark.slow
def test_a_worker_that_is_killed_from_outside_costs_nothing(raw, out, clean):
    run = start(raw, out, "-q")
    deadline = time.monotonic() + 60
    while len(pids := family(run.pid)) < 3:  # the run, the nursery, a worker
        assert time.monotonic() < deadline
        time.sleep(0.005)
    os.kill(pids[2], signal.SIGKILL)
    assert finish(run)[0] == 0
    assert tables(out) == clean


# --- two at once ---------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_second_of_two_runs_ends_at_once_and_says_who_holds_the_lock(raw, out, clean, tmp_path):
    first = start(raw, out, "--log-file", str(tmp_path / "log"))
    wait_for("read", tmp_path / "log", first)
    first.send_signal(signal.SIGSTOP)
    try:
        code, said = finish(start(raw, out, "-q"))
    finally:
        first.send_signal(signal.SIGCONT)
    assert code == 5
    error, hint = said.splitlines()
    assert error.startswith(f"error: {out}: another run is writing there: process {first.pid} on ")
    assert hint == "help: wait for it to end, or choose another --out"
    assert finish(first)[0] == 0
    assert tables(out) == clean


# --- no room, no rights --------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("limit", [0, 4096, 60_000])
def test_a_disk_that_takes_no_more_keeps_the_old_tables(raw, out, tmp_path, limit):
    before = tables(out)

    def starve():
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))

    code, said = finish(start(raw, out, "-q", "--no-cache", preexec_fn=starve))
    assert code == 4
    assert said.startswith("error: ")
    assert tables(out) == before
    assert finish(start(raw, out, "-q"))[0] == 0


@pytest.mark.parametrize("place", ["/proc/nothing/out", "file/out", "file"])
def test_an_output_that_cannot_be_written_is_told_before_the_work(raw, tmp_path, place):
    (tmp_path / "file").write_text("in the way")
    code, said = finish(start(raw, tmp_path / place, "-q"))
    assert code == 4
    assert said.startswith(f"error: {(tmp_path / place).parent}")
    assert (tmp_path / "file").read_text() == "in the way"


# --- inputs --------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_an_input_that_changes_while_it_is_read_is_told_and_the_others_count(tmp_path):
    """The dump grows, line by line, as long as the run reads it: what it gave cannot be trusted to be whole."""
    raw = tmp_path / "raw"
    raw.mkdir()
    line = json.dumps({"text": SEEDS[0].read_text("utf-8")}) + "\n"
    (raw / "grows.jsonl").write_text("".join(line.replace("Post job", f"Post job {n}") for n in range(300)))
    (raw / "quiet.txt").write_bytes(SEEDS[1].read_bytes())
    run = start(raw, tmp_path / "out", "-q", "--no-cache")
    with (raw / "grows.jsonl").open("a") as file:
        while run.poll() is None:
            file.write(line)
            file.flush()
            time.sleep(0.002)
    code, _ = finish(run)
    rows = pipeline.open_tables(tmp_path / "out").arrow("documents").to_pylist()
    fates = {row["source"]: row["status"] for row in rows}
    assert code == 3
    assert fates["quiet.txt"] == "parsed"
    assert next(row["source"] for row in rows if (row["reason"] or "").startswith("changed_during_read")).startswith(
        "grows.jsonl"
    )


@pytest.mark.parametrize(
    ("files", "code"), [({}, 6), ({"a.txt": b""}, 6), ({"a.bin": b"\x7fELF\0\0"}, 6), ({"a.gz": b"\x1f\x8b\x08"}, 6)]
)
def test_nothing_usable_keeps_the_old_tables(out, tmp_path, files, code):
    before = tables(out)
    (tmp_path / "raw").mkdir()
    for name, content in files.items():
        (tmp_path / "raw" / name).write_bytes(content)
    ended, said = finish(start(tmp_path / "raw", out, "-q"))
    assert ended == code, said
    assert said.splitlines()[-1].startswith("help: ")
    assert tables(out) == before


def test_a_dump_that_is_not_there_is_a_wrong_call(out, tmp_path):
    before = tables(out)
    assert finish(start(tmp_path / "nowhere", out))[0] == 2
    assert tables(out) == before


# --- small machines ------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_few_file_handles_and_a_closed_stdout_are_enough(raw, tmp_path, clean):
    def starve():
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
        os.close(1)

    assert finish(start(raw, tmp_path / "out", preexec_fn=starve))[0] == 0
    assert tables(tmp_path / "out") == clean
