"""What reading costs: each container beside the floor, the shortest loop that reads JSON lines from zstd.

    python benchmarks/bench_readers.py --pages 20000

The pages are generated (benchmarks.pagegen, fixed seed) and about 8 KB long. Figures are CPU time of this process, the
best of `--rounds` runs, each beside a run of the floor; MB are 10^6 bytes of page text. The floor decodes a frame without checking that it ends, splits,
parses and keeps nothing: what a reader adds is the end check, hashing of the file, fields, dates, and the record.
"""

from __future__ import annotations

import argparse
import gzip
import io
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
import zstandard

from benchmarks.pagegen import FORMS, World, comparison_page
from pipeline.readers import read

_STAMP = "2024-05-06T07:08:09Z"
_PIECE = 1 << 17


def _pages(count: int) -> list[str]:
    """Pages of about 8 KB: distinct ones, as far as 2,000 roles go, each padded with another page's lines."""
    roles = World(seed=5, size=2000).roles
    form = FORMS["bulleted"]
    texts = [form.render(comparison_page(roles[n], roles[n + 1])) for n in range(len(roles) - 1)]
    pages = []
    for n in range(count):
        page = f"{n}\n{texts[n % len(texts)]}"
        pages.append((page + texts[(n * 7 + 3) % len(texts)])[: max(8000, len(page))])
    return pages


def _jsonl(pages: list[str]) -> bytes:
    rows = [{"text": page, "url": f"https://example.org/{n}", "timestamp": _STAMP} for n, page in enumerate(pages)]
    return b"".join(orjson.dumps(row) + b"\n" for row in rows)


def _parquet(pages: list[str]) -> bytes:
    import pyarrow as pa
    from pyarrow import parquet

    out = io.BytesIO()
    urls = [f"https://example.org/{n}" for n in range(len(pages))]
    table = pa.table({"text": pages, "url": urls, "date": [datetime(2024, 5, 6, tzinfo=UTC)] * len(pages)})
    parquet.write_table(table, out, compression="zstd", row_group_size=5000, write_page_checksum=True)
    return out.getvalue()


def _warc(pages: list[str]) -> list[bytes]:
    records = []
    for n, page in enumerate(pages):
        block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page.encode()
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://example.org/{n}\r\nWARC-Date: {_STAMP}\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
        )
        records.append(head.encode() + block + b"\r\n\r\n")
    return records


def _containers(pages: list[str]) -> dict[str, bytes]:
    lines = _jsonl(pages)
    records = _warc(pages)
    return {
        "dump.jsonl": lines,
        "dump.jsonl.zst": zstandard.ZstdCompressor().compress(lines),
        "checksum.jsonl.zst": zstandard.ZstdCompressor(write_checksum=True).compress(lines),
        "dump.jsonl.gz": gzip.compress(lines, 6),
        "dump.parquet": _parquet(pages),
        "dump.warc": b"".join(records),
        "dump.warc.gz": b"".join(gzip.compress(record, 6) for record in records),
    }


def _floor(path: Path) -> int:
    count = 0
    tail = b""
    with path.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as decoded:
        while piece := decoded.read(_PIECE):
            lines = (tail + piece).split(b"\n")
            tail = lines.pop()
            for line in lines:
                orjson.loads(line)["text"].encode()
                count += 1
    return count


def _read(path: Path) -> int:
    return sum(record.problem is None for record in read(path))


def _fastwarc(path: Path) -> int:
    """FastWARC alone, which sees neither cuts nor wrong lengths, for comparison."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    with path.open("rb") as file:
        records = ArchiveIterator(file, WarcRecordType.response, auto_decode="all")
        return sum(bool(record.reader.read()) for record in records)


def _seconds(run: Callable[[Path], int], path: Path, count: int) -> float:
    start = time.process_time()
    found = run(path)
    seconds = time.process_time() - start
    if found != count:
        message = f"{path.name}: {found} of {count} pages"
        raise SystemExit(message)
    return seconds


def _folder(folder: Path, pages: list[str]) -> Path:
    target = folder / "files"
    target.mkdir()
    for n, page in enumerate(pages):
        (target / f"{n:06}.txt").write_text(page, encoding="utf-8")
    return target


def main() -> None:
    """Print a table of microseconds a page, MB a second, and multiples of the floor."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    pages = _pages(arguments.pages)
    size = sum(len(page.encode()) for page in pages)
    print(f"{len(pages):,} pages of {size / len(pages):,.0f} bytes")
    print(f"{'':28}{'us/page':>9}{'MB/s':>8}{'floors':>8}{'stored MB':>11}")
    with TemporaryDirectory() as name:
        folder = Path(name)
        for file, content in _containers(pages).items():
            (folder / file).write_bytes(content)
        dump = folder / "dump.jsonl.zst"
        runs = [("floor: zstd + orjson", _floor, dump), ("folder of .txt", _read, _folder(folder, pages))]
        runs += [(path.name, _read, path) for path in sorted(folder.glob("*.*"))]
        runs += [(f"{file}, FastWARC alone", _fastwarc, folder / file) for file in ("dump.warc", "dump.warc.gz")]
        for label, run, path in runs:
            seconds = floor = float("inf")
            for _ in range(arguments.rounds):
                # side by side, because a shared machine is not equally fast all the time
                floor = min(floor, _seconds(_floor, dump, len(pages)))
                seconds = min(seconds, _seconds(run, path, len(pages)))
            stored = f"{path.stat().st_size / 1e6:11.1f}" if path.is_file() else ""
            each = seconds / len(pages) * 1e6
            print(f"{label:28}{each:9.1f}{size / seconds / 1e6:8.0f}{seconds / floor:8.2f}{stored}")


if __name__ == "__main__":
    main()
