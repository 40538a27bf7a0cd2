"""CPU of steps 1 to 3 (read, shape, parse, rows to Parquet) under Spark beside the local engine, on the same pages.

    python -m benchmarks.bench_spark --pages 200000
    python -m benchmarks.bench_spark --pages 10000 --whole --popular 0.1

The pages are generated (benchmarks.pagegen, fixed seed) into Parquet files of 5,000 pages. Each engine runs in a process of its
own, with two workers. CPU is user and system time of all its processes, as the kernel counts it: for Spark from the open
session to the last row written, the start of the JVM apart. `peak` is the largest resident memory of one process of a kind,
looked up four times a second. Without PySpark only the local engine is measured.

`--popular` says on which share of the pages one and the same role is; `--raw` names a folder of dump files to take instead, or
one to keep the generated files in. With `--whole` adaptive execution leaves the number of tasks as it is, 16 after each
shuffle, so that it shows whether one has more to do than the others: `skew` is the longest task over the median one, of the
stage where this costs most time.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

_FILE = 5000
_TICKS = os.sysconf("SC_CLK_TCK")
_EVEN = {
    "spark.sql.adaptive.coalescePartitions.enabled": "false",
    "spark.sql.shuffle.partitions": "16",
}
_STAGE = 16
"""Tasks of a stage from which on it counts for `skew`."""
_KINDS = {"java": "JVM", "python": "Python"}


def write_pages(folder: Path, pages: int, popular: float = 0.0) -> int:
    """Parquet files with so many different pages; gives the bytes of their text."""
    import pyarrow as pa
    from pyarrow import parquet

    from benchmarks.pagegen import make_dump

    stream = iter(make_dump(23, pages, popular=popular))
    folder.mkdir()
    size = 0
    for number in range(0, pages, _FILE):
        rows = [next(stream) for _ in range(min(_FILE, pages - number))]
        size += sum(len(row.data) for row in rows)
        table = pa.table({"text": [row.data.decode() for row in rows], "url": [row.url for row in rows]})
        parquet.write_table(table, folder / f"pages-{number:07d}.parquet", compression="zstd", row_group_size=1000)
    return size


def run_local(raw: Path, folder: Path) -> dict[str, float]:
    """The local engine with two workers, its rows written as a run does."""
    from pipeline.cache import Spool
    from pipeline.engines.limits import Limits
    from pipeline.engines.local import LocalEngine
    from pipeline.engines.nursery import Nursery
    from pipeline.merge import SeenDocuments
    from pipeline.readers import read

    limits = Limits()
    with (
        _memory() as peaks,
        Nursery(limits.document_memory) as nursery,
        LocalEngine(nursery, 2, limits) as engine,
        SeenDocuments(folder / "documents.parquet") as seen,
        Spool(folder) as spool,
    ):
        for parsed in engine.parse(read(raw)):
            seen.add(spool.add(parsed.shard, parsed.records, is_final=parsed.is_final))
        spool.finish()
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return {"cpu": sum(times.ru_utime + times.ru_stime for times in used), **peaks}


def run_spark(raw: Path, folder: Path, master: str, memory: str, *, whole: bool) -> dict[str, float]:
    """The engine of a cluster on this machine; the whole job, all five steps, if asked for."""
    from pipeline.cluster import extract
    from pipeline.engines.spark import open_session, parse

    events = folder / "events"
    events.mkdir()
    session, _ = open_session(
        master,
        {
            "spark.driver.memory": memory,
            "spark.eventLog.enabled": "true",
            "spark.eventLog.dir": events.as_uri(),
            "spark.eventLog.compress": "false",
            "spark.eventLog.rolling.enabled": "false",
        }
        | (_EVEN if whole else {}),
    )
    start = _cpu()
    with _memory() as peaks:
        seen = (
            extract(session, str(raw), str(folder / "out")).seen
            if whole
            else parse(session, str(raw), str(folder)).seen
        )
        end = _cpu()
    figures = {f"cpu of {kind}": end[kind] - start.get(kind, 0.0) for kind in end}
    figures |= {"cpu": sum(figures.values()), "start": sum(start.values()), "seen": seen, **peaks}
    session.stop()
    return figures | _tasks(events)


def _tasks(events: Path) -> dict[str, float]:
    """From the log of a session: what its tasks wrote for others to fetch, and how unevenly they were loaded."""
    shuffled = 0
    times: dict[int, list[float]] = {}
    for file in events.iterdir():
        with file.open(encoding="utf-8") as lines:
            for line in lines:
                if not line.startswith('{"Event":"SparkListenerTaskEnd"'):
                    continue
                event = json.loads(line)
                metrics = event.get("Task Metrics") or {}
                shuffled += metrics.get("Shuffle Write Metrics", {}).get("Shuffle Bytes Written", 0)
                times.setdefault(event["Stage ID"], []).append(metrics.get("Executor Run Time", 0) / 1000)
    stages = [sorted(found) for found in times.values() if len(found) >= _STAGE]
    worst = max(stages, key=lambda found: found[-1] - median(found), default=[0.0])
    return {
        "shuffle MiB": shuffled / (1 << 20),
        "skew": worst[-1] / max(median(worst), 0.001),
        "longest ms": worst[-1] * 1000,
        "median ms": median(worst) * 1000,
    }


def _cpu() -> dict[str, float]:
    """Seconds of CPU of this process and of all below it, those that have ended included, by the kind of program."""
    spent: dict[str, float] = {}
    for _, kind, fields in _processes():
        spent[kind] = spent.get(kind, 0.0) + sum(map(int, fields[11:15])) / _TICKS
    return spent


@contextmanager
def _memory() -> Iterator[dict[str, float]]:
    """Fills in the largest resident memory of a process of each kind, in MiB."""
    peaks: dict[str, float] = {}
    done = threading.Event()

    def look() -> None:
        while not done.wait(0.25):
            for _, kind, fields in _processes():
                name = f"peak of {kind}"
                peaks[name] = max(peaks.get(name, 0.0), int(fields[21]) * resource.getpagesize() / (1 << 20))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield peaks
    finally:
        done.set()
        thread.join()


def _processes() -> Iterator[tuple[int, str, list[str]]]:
    """Id, kind, and the fields of /proc/PID/stat behind the name, of this process and all below it."""
    waiting = [os.getpid()]
    while waiting:
        pid = waiting.pop()
        try:
            stat = Path(f"/proc/{pid}/stat").read_text()
            tasks = [Path(path).read_text().split() for path in Path(f"/proc/{pid}/task").glob("*/children")]
        except OSError:  # it has just ended
            continue
        name, _, fields = stat.partition("(")[2].rpartition(")")
        yield pid, next((kind for start, kind in _KINDS.items() if name.startswith(start)), "others"), fields.split()
        waiting += [int(child) for children in tasks for child in children]


def main() -> None:
    """Runs the engines one after the other and prints a line for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=20_000)
    parser.add_argument("--master", default="local[2]")
    parser.add_argument("--memory", default="1g", help="heap of the JVM")
    parser.add_argument("--whole", action="store_true", help="also a whole run under Spark, all five steps")
    parser.add_argument("--raw", type=Path, help="take the dump files of this folder; made if it is not there")
    parser.add_argument("--popular", type=float, default=0.0, help="share of the pages that are about one role")
    parser.add_argument("--engine", choices=("local", "spark", "whole"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    with TemporaryDirectory(prefix="bench-") as scratch:
        folder = Path(scratch)
        if options.engine:
            found = (
                run_local(options.raw, folder)
                if options.engine == "local"
                else run_spark(options.raw, folder, options.master, options.memory, whole=options.engine == "whole")
            )
            print(json.dumps(found))
            return
        raw = options.raw or folder / "raw"
        if not raw.exists():
            size = write_pages(raw, options.pages, options.popular)
            print(f"{options.pages:,} pages, {size / options.pages:,.0f} bytes of text each")
        _compare(raw, options)


def _compare(raw: Path, options: argparse.Namespace) -> None:
    engines = ["local", *(["spark", "whole"] if importlib.util.find_spec("pyspark") else [])]
    engines = engines if options.whole else engines[:2]
    costs = {}
    for engine in engines:
        call = [sys.executable, "-m", "benchmarks.bench_spark", "--engine", engine, "--raw", str(raw)]
        call += ["--master", options.master, "--memory", options.memory]
        clock = time.perf_counter()
        done = subprocess.run(call, check=True, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1])
        figures = json.loads(done.stdout.splitlines()[-1])
        costs[engine] = figures.pop("cpu") / options.pages * 1e6
        others = "  ".join(f"{name} {value:,.1f}" for name, value in figures.items())
        print(f"{engine:<6}{costs[engine]:>8.0f} us of CPU a page  {time.perf_counter() - clock:>6.1f} s  {others}")
    if "spark" in costs:
        print(f"ratio {costs['spark'] / costs['local']:.2f}")


if __name__ == "__main__":
    main()
