"""End to end, from .jsonl.zst to all tables and the report, beside the floor: `python benchmarks/bench_engine.py`.

    python benchmarks/bench_engine.py --pages 1000 10000 100000 --grown 10000
    python benchmarks/bench_engine.py --pages --dump FOLDER --out FOLDER --forget 0.01

The pages are generated (benchmarks.pagegen, fixed seed): comparison and profile pages of all text forms in the mixture of real
dumps. The floor is what no program can go below: read, decode, hash, write the same text to Parquet, in one process. Figures are
CPU time of all processes together, each run beside a run of the floor, so that their ratio holds on a machine that is shared;
memory is the largest sum of the proportional set sizes (PSS) of all processes of the run. `--grown` measures runs in which some
pages are new and all others are known from the run before. `--dump` measures a dump of .jsonl.zst files that is there already, and
leaves the tables in `--out`; with `--forget` it is measured once more, after a share of its pages was taken out of the cache.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import orjson
import pyarrow as pa
import zstandard
from pyarrow import parquet

from benchmarks.pagegen import make_dump

_PIECE = 1 << 17
_BATCH = 1000
_LOOK = 0.5
"""Seconds between two looks at the memory."""


class Run(NamedTuple):
    """What a run took: CPU seconds of all processes, seconds by the clock, and bytes of memory of all processes."""

    cpu: float
    clock: float
    memory: int


def lines(pages: int) -> Iterator[bytes]:
    """The pages as JSON lines."""
    for page in make_dump(5, pages):
        yield orjson.dumps({"text": page.data.decode(), "url": page.url, "fetched_at": page.fetched_at}) + b"\n"


def write(path: Path, rows: Iterable[bytes]) -> int:
    """A dump; the bytes of its lines."""
    size = 0
    with path.open("wb") as file, zstandard.ZstdCompressor(write_checksum=True).stream_writer(file) as target:
        for row in rows:
            size += len(row)
            target.write(row)
    return size


def floor(dump: Path, target: Path) -> tuple[float, int]:
    """CPU seconds to read, decode, hash, and write the texts to Parquet, in this process, on one thread; and their number."""
    started = time.process_time()
    schema = pa.schema([("document_id", pa.string()), ("text", pa.string())])
    rows: list[tuple[str, str]] = []
    count = 0
    with parquet.ParquetWriter(target, schema, compression="zstd") as writer:
        for line in _lines_of(dump):
            text = orjson.loads(line)["text"]
            rows.append((hashlib.blake2b(text.encode(), digest_size=16).hexdigest(), text))
            count += 1
            if len(rows) >= _BATCH:
                writer.write_batch(_batch(rows, schema))
                rows = []
        if rows:
            writer.write_batch(_batch(rows, schema))
    return time.process_time() - started, count


def _lines_of(dump: Path) -> Iterator[bytes]:
    for path in sorted(dump.glob("*.jsonl.zst")) if dump.is_dir() else [dump]:
        tail = b""
        with path.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as source:
            while piece := source.read(_PIECE):
                *found, tail = (tail + piece).split(b"\n")
                yield from found


def _batch(rows: list[tuple[str, str]], schema: pa.Schema) -> pa.RecordBatch:
    columns = [pa.array(column) for column in zip(*rows, strict=True)]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def extract(dump: Path, out: Path) -> Run:
    """One run of the command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    command = [sys.executable, "-P", "-m", "pipeline", "extract", str(dump), "--out", str(out), "-q"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        watch = _Watch(process.pid)
        watch.start()
        code = process.wait()
        watch.stop()
    if code not in (0, 3):
        raise SystemExit(f"extract ended with {code}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(cpu, time.monotonic() - started, watch.peak)


class _Watch(threading.Thread):
    """Looks at the memory of a process and of all below it."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid = pid
        self.peak = 0
        self._end = threading.Event()

    def run(self) -> None:
        while not self._end.wait(_LOOK):
            self.peak = max(self.peak, sum(_pss(pid) for pid in _family(self.pid)))

    def stop(self) -> None:
        self._end.set()
        self.join()


def _family(pid: int) -> Iterator[int]:
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    except OSError:
        return
    for child in children:
        yield from _family(int(child))


def _pss(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    except OSError:
        return 0
    return next((int(line.split()[1]) << 10 for line in text.splitlines() if line.startswith("Pss:")), 0)


def curve(folder: Path, counts: list[int]) -> None:
    """A row for each number of pages."""
    for count in counts:
        dump = folder / f"{count}.jsonl.zst"
        write(dump, lines(count))
        measure(dump, folder / f"out-{count}", folder)
        dump.unlink()


def measure(dump: Path, out: Path, folder: Path) -> tuple[Run, int]:
    """A run beside the floor, as one row, and the number of its pages; `folder` is for what is in between."""
    least, count = floor(dump, folder / "floor.parquet")
    run = extract(dump, out)
    least = min(least, floor(dump, folder / "floor.parquet")[0])
    print(
        f"{count:>10,}{least / count * 1e6:>10.0f}{run.cpu / count * 1e6:>9.0f}{run.cpu / least:>7.1f}{run.clock:>9.1f}"
        f"{count / run.clock:>9.0f}{run.memory / 1e6:>9.0f}",
        flush=True,
    )
    return run, count


def forget(dump: Path, out: Path, full: Run, count: int, share: float) -> None:
    """What a run costs after a run of the same dump, when at least a share of its pages is not known any more."""
    forgotten = 0
    for pages in sorted((out / ".cache").glob("*/*/pages.parquet")):
        if forgotten < share * count:
            forgotten += parquet.read_metadata(pages).num_rows
            shutil.rmtree(pages.parent)
    tables = _hashes(out)
    run = extract(dump, out)
    _check_same(tables, _hashes(out))
    print(
        f"{forgotten / count:>6.2%} new: {run.cpu / full.cpu:.0%} of the CPU, {run.clock / full.clock:.0%} of the time,"
        f" {run.memory / 1e6:.0f} MB",
        flush=True,
    )


def grown(folder: Path, count: int) -> None:
    """What a run costs in which a tenth, a hundredth, or none of the pages are new, as shares of a run from nothing."""
    rows = list(lines(count))
    everything = folder / "grown.jsonl.zst"
    write(everything, rows)
    full = extract(everything, folder / "full")
    print(f"{count:,} pages from nothing: {full.cpu:.1f} s of CPU, {full.clock:.1f} s")
    for share in (0.1, 0.01, 0.0):
        out = folder / f"out-{share}"
        known = round(count * (1 - share))
        if known < count:
            write(folder / "known.jsonl.zst", rows[:known])
            extract(folder / "known.jsonl.zst", out)
        else:
            extract(everything, out)
        run = extract(everything, out)
        _check_same(_hashes(folder / "full"), _hashes(out))
        print(
            f"{share:>6.0%} new: {run.cpu / full.cpu:.0%} of the CPU, {run.clock / full.clock:.0%} of the time",
            flush=True,
        )


def _check_same(one: dict[str, str], other: dict[str, str]) -> None:
    if one != other:
        raise SystemExit("the tables differ from those of a clean run")


def _hashes(out: Path) -> dict[str, str]:
    """The hashes of the published tables."""
    files = json.loads((out / "manifest.json").read_bytes())["files"]
    return {file["name"]: file["sha256"] for file in files if file["name"].endswith(".parquet")}


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, nargs="*", default=[1_000, 10_000])
    parser.add_argument("--grown", type=int, default=0, help="pages of the dump that grows; 0 leaves it out")
    parser.add_argument("--dump", type=Path, help="a .jsonl.zst file, or a folder of them, to measure as well")
    parser.add_argument("--out", type=Path, help="an empty folder for the tables of --dump; else they are thrown away")
    parser.add_argument(
        "--forget", type=float, default=0.0, metavar="SHARE", help="share of the pages of --dump, such as 0.01"
    )
    arguments = parser.parse_args()
    with TemporaryDirectory() as name:
        if arguments.pages or arguments.dump:
            print(
                f"{'pages':>10}{'floor us':>10}{'CPU us':>9}{'ratio':>7}{'seconds':>9}{'pages/s':>9}{'peak MB':>9}   (us a page)"
            )
        curve(Path(name), arguments.pages)
        if arguments.dump:
            out = arguments.out or Path(name) / "out"
            full, count = measure(arguments.dump, out, Path(name))
            if arguments.forget:
                forget(arguments.dump, out, full, count, arguments.forget)
        if arguments.grown:
            grown(Path(name), arguments.grown)


if __name__ == "__main__":
    main()
