"""Does a worker that hangs, dies or takes too much cost one document, and nothing else?"""

import mmap
import os
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC
from pathlib import Path
from unittest.mock import Mock

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pipeline
from pipeline.engines import worker
from pipeline.engines.batches import batches, decode_records, decode_shard, encode_records, encode_shard
from pipeline.engines.channel import Channel, ClosedError
from pipeline.engines.limits import Limits
from pipeline.engines.local import LocalEngine
from pipeline.engines.nursery import Nursery, WorkersError, describe_exit
from pipeline.engines.pressure import count_kills, read_kills
from pipeline.engines.worker import NO_MEMORY
from pipeline.model import Problem, Record
from pipeline.shards import SCHEMAS, process
from tests.engine_hazards import hazard, install

SEEDS = [Record(path.name, path.read_bytes()) for path in sorted(Path("raw").glob("*.txt"))]
LIMITS = Limits(document_seconds=0.4, document_memory=256 << 20)
FATES = {
    "hang": "timeout",
    "kill": "worker_died",
    "segv": "worker_died",
    "exit": "worker_died",
    "eat": "memory",
    "abort": "memory",
    "short": "memory",
    "fail": "parser_error",
}


@pytest.fixture
def hazards(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", install(tmp_path))
    monkeypatch.setenv("HAZARD_MARK", str(tmp_path / "mark"))


def run(records, limits=LIMITS, workers=2):
    with Nursery(limits.document_memory) as nursery, LocalEngine(nursery, workers, limits) as engine:
        return list(engine.parse(records))


def rows(parsed, name):
    key = {"documents": "source", "observations": "observation_id", "unparsed": "document_id"}[name]
    table = pa.Table.from_batches([getattr(part.shard, name) for part in parsed], SCHEMAS[name])
    return table.sort_by([(key, "ascending")]).to_pylist()


def fates(parsed):
    return {row["source"]: (row["reason"] or "parsed").partition(":")[0] for row in rows(parsed, "documents")}


def test_workers_give_what_one_process_gives():
    here = process(SEEDS)
    for workers, size in ((1, 1 << 20), (2, 1), (4, 12_000)):
        there = run(SEEDS, Limits(batch_bytes=size), workers)
        assert len(there) == {1 << 20: 1, 1: 5, 12_000: 5}[size] or size == 12_000
        for name in ("documents", "observations"):
            key = "source" if name == "documents" else "observation_id"
            table = pa.Table.from_batches([getattr(here, name)]).sort_by([(key, "ascending")])
            assert rows(there, name) == table.to_pylist()
        assert all(part.is_final for part in there)
        assert [record.source for part in there for record in part.records] == [
            source for part in there for source in part.shard.documents["source"].to_pylist()
        ]


@pytest.mark.slow
@pytest.mark.parametrize("name", FATES)
def test_a_hazard_costs_the_document_that_brings_it(hazards, name):
    # Only what hangs may run out of time, however slow the machine is.
    limits = LIMITS if name == "hang" else replace(LIMITS, document_seconds=60)
    parsed = run([*SEEDS[:3], hazard(name), *SEEDS[3:]], limits)
    assert fates(parsed) == {record.source: "parsed" for record in SEEDS} | {f"{name}-0.txt": FATES[name]}
    blamed = [part for part in parsed if not part.is_final]
    assert [record.source for part in blamed for record in part.records] == [f"{name}-0.txt"]
    assert rows(parsed, "observations") == rows(run(SEEDS), "observations")


@pytest.mark.slow
def test_many_hazards_in_one_batch_cost_themselves_only(hazards):
    names = ["kill", "fail", "segv", "exit", "kill", "fail"]
    bad = [hazard(name, number) for number, name in enumerate(names)]
    parsed = run([*bad[:3], *SEEDS, *bad[3:]])
    assert fates(parsed) == {record.source: "parsed" for record in SEEDS} | {
        record.source: FATES[name] for record, name in zip(bad, names, strict=True)
    }


@pytest.mark.slow
def test_a_worker_that_is_stopped_is_given_up(hazards):
    parsed = run([hazard("stop"), *SEEDS], Limits(document_seconds=0.2))
    assert fates(parsed) == {record.source: "parsed" for record in SEEDS} | {"stop-0.txt": "timeout"}


def test_a_document_that_fails_once_is_not_blamed(hazards, tmp_path):
    parsed = run([hazard("once"), *SEEDS])
    assert (tmp_path / "mark").exists()
    assert fates(parsed)["once-0.txt"] == "unknown_family"


def test_unreadable_records_need_no_worker():
    bad = [Record(f"{number}.gz", b"", problem=Problem("truncated", "ends early")) for number in range(3)]
    with Nursery(LIMITS.document_memory) as nursery, LocalEngine(nursery, 1) as engine:
        nursery.start = lambda: pytest.fail("a worker was started")
        parsed = list(engine.parse(bad))
    assert fates(parsed) == dict.fromkeys(("0.gz", "1.gz", "2.gz"), "truncated")
    assert not any(part.is_final for part in parsed)


def test_records_are_read_as_workers_become_free():
    read = 0

    def records():
        nonlocal read
        for number in range(200):
            read += 1
            yield Record(f"{number}.txt", SEEDS[0].data + str(number).encode())

    limits = Limits(batch_bytes=1)
    with Nursery(LIMITS.document_memory) as nursery, LocalEngine(nursery, 1, limits) as engine:
        parsed = engine.parse(records())
        for done in range(1, 201):
            assert next(parsed).shard.documents.num_rows == 1
            assert read <= done + 6
        assert next(parsed, None) is None


def test_workers_that_cannot_start_are_an_error_with_a_reason(monkeypatch):
    monkeypatch.setattr(sys, "path", ["/nowhere", *(path for path in sys.path if "python3" in path)])
    with Nursery(LIMITS.document_memory) as nursery, pytest.raises(WorkersError, match="No module named 'pipeline'"):
        nursery.start()


@pytest.mark.parametrize(
    ("name", "right", "wrong", "message"),
    [
        ("labels", 'kind = "money"', 'kind = "mony"', "entry 1 ('Yearly salary'): no kind 'mony'; there are: money, "),
        ("labels", "metric = [", "metrics = [", "entry 1 ('Yearly salary'): lacks 'metric'"),
        ("labels", "[[label]]", "[[label", "is not TOML: "),
        ("sentences", "{money}", "{moni}", ": no hole {moni}; there are: role, "),
        ("lines", "means = ", "meens = ", "entry 1 ("),
        ("families", "signs = [", "sings = [", "): lacks 'signs'"),
    ],
)
def test_a_wrong_vocabulary_is_named_before_a_page_is_read(tmp_path, name, right, wrong, message):
    package = shutil.copytree(Path(pipeline.__file__).parent, tmp_path / "pipeline")
    file = package / "vocabulary" / f"{name}.toml"
    file.write_text(file.read_text("utf-8").replace(right, wrong, 1), "utf-8")
    command = [sys.executable, "-m", "pipeline", "extract", str(Path("raw").resolve()), "--out", str(tmp_path / "out")]
    environment = {"PATH": os.environ["PATH"]}
    done = subprocess.run(command, check=False, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 2, done.stderr
    error, hint = done.stderr.splitlines()[-2:]
    assert error.startswith(f"error: vocabulary/{name}.toml: ")
    assert message in error
    assert hint.startswith("help: mend that file")


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_workers_end_with_the_process_that_started_them(hazards, number):
    script = """
        import sys
        from pipeline.engines.local import LocalEngine
        from pipeline.engines.nursery import Nursery
        from tests.engine_hazards import hazard
        with Nursery(1 << 30) as nursery, LocalEngine(nursery, 2) as engine:
            start = nursery.start
            def noted():
                worker = start()
                print(worker.pid, flush=True)
                return worker
            nursery.start = noted
            print(nursery._process.pid, flush=True)
            list(engine.parse([hazard("hang")]))
    """
    environment = os.environ | {"PYTHONPATH": f"{os.environ['PYTHONPATH']}:{Path.cwd()}"}
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)], stdout=subprocess.PIPE, text=True, env=environment
    ) as process_:
        pids = [int(process_.stdout.readline()) for _ in range(2)]
        process_.send_signal(number)
    deadline = time.monotonic() + 5
    while any(is_running(pid) for pid in pids):
        assert time.monotonic() < deadline, "a worker outlived its run"
        time.sleep(0.02)


def is_running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except OSError:
        return False


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
# As readers give them, in UTC: a moment of another zone that the clocks showed twice equals none of UTC's.
MOMENTS = (
    st.datetimes(timezones=st.timezones())
    .filter(lambda moment: 1 < moment.year < 9999)
    .map(lambda m: m.astimezone(UTC))
)
RECORDS = st.builds(
    Record,
    TEXT,
    st.binary(max_size=200),
    st.sampled_from(["", "text", "html"]),
    st.none() | TEXT,
    st.none() | TEXT,
    st.none() | MOMENTS,
    st.none(),
)


@given(st.lists(RECORDS, min_size=1, max_size=8))
def test_records_survive_the_way_to_a_worker(records):
    assert list(decode_records(bytearray(encode_records(records)))) == records


def test_shards_survive_the_way_back():
    shard = process(SEEDS)
    assert decode_shard([bytearray(part) for part in encode_shard(shard)]) == shard


@given(st.lists(RECORDS, max_size=30), st.integers(1, 2000), st.integers(1, 10))
def test_batches_keep_order_and_limits(records, size, count):
    made = list(batches(records, Limits(batch_bytes=size, batch_records=count)))
    assert [record for batch in made for record in batch] == records
    for batch in made:
        assert 1 <= len(batch) <= count
        assert len(batch) == 1 or sum(len(record.data) for record in batch) <= size


def test_a_channel_notices_that_the_other_side_is_gone():
    one, other = (Channel(end) for end in socket.socketpair())
    one.send(b"task", [b"abc", bytearray(100_000)])
    kind, parts = other.receive()
    assert (kind, parts) == (b"task", [b"abc", bytes(100_000)])
    one.socket.sendall(b"task\x01\x00\x00\x00")
    one.close()
    with pytest.raises(ClosedError):
        other.receive()
    with pytest.raises(ClosedError):
        other.send(b"task", [bytes(10_000_000)])
    other.close()


def test_kills_of_the_kernel_are_counted():
    assert read_kills("low 0\nhigh 0\nmax 7\noom 2\noom_kill 12\noom_group_kill 0\n") == 12
    assert read_kills("") == 0
    assert count_kills() >= 0


@pytest.mark.parametrize(("error", "code"), [(MemoryError, NO_MEMORY), (ClosedError, 0), (SystemError, 1)])
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the process would be gone
def test_a_worker_hangs_up_with_its_exit_code_and_not_before(monkeypatch, tmp_path, error, code):
    """Its supervisor takes a closed channel for its end and makes sure of it, which would hide the code."""
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    ended = []

    def leave(code):
        with pytest.raises(BlockingIOError):
            ours.recv(1)
        ended.append(code)

    def work(channel, current):
        raise error

    for name in ("_end_with_parent", "volunteer"):
        monkeypatch.setattr(worker, name, lambda: None)
    monkeypatch.setattr(worker, "resource", Mock())
    monkeypatch.setattr(worker, "_address_space", lambda: 0)
    monkeypatch.setattr(worker, "work", work)
    monkeypatch.setattr(worker.os, "_exit", leave)
    (tmp_path / "page").write_bytes(bytes(mmap.PAGESIZE))
    with (tmp_path / "page").open("r+b") as page, ours, suppress(SystemError):
        worker._run_worker(theirs.detach(), page.fileno(), 1 << 20)
    assert ended == [code]


def test_ends_of_workers_in_words():
    assert describe_exit(-signal.SIGSEGV) == "it was ended by SIGSEGV"
    assert describe_exit(-signal.SIGKILL) == "it was ended by SIGKILL, as the system does when memory is short"
    assert describe_exit(3) == "it ended with exit code 3"


@pytest.mark.parametrize("data", [rb"\ud800 What does a collector do?", b"+2AA-+3AA- +AAA-", bytes(range(256)) * 3])
def test_a_declared_charset_is_never_an_error(data):
    """Whatever a hostile header declares: every codec of Python by every name, and what is no name."""
    from encodings.aliases import aliases

    names = {*aliases, *aliases.values(), "unicode_escape", "undefined", "idna", "a\0b", "é", "x" * 5000, " "}
    shard = process([Record(str(number), data, charset=name) for number, name in enumerate(sorted(names))])
    assert shard.documents.num_rows == len(names)
