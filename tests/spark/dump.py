"""A dump in all the ways that Spark reads one: in pieces, as whole files; with copies and with what is broken."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.pagegen import DumpPage, make_dump

PIECE = 1 << 17
"""Bytes of a piece: small enough that the larger files below come in several."""


def write_dump(folder: Path, pages: int, seed: int = 11, *, odd: bool = True) -> Path:
    """A folder with so many different pages, some of them twice, and some records that hold no page.

    `odd`: also with what only file systems of one machine have: links, and names that are not UTF-8.
    """
    stream = iter(make_dump(seed, pages))
    folder.mkdir()
    texts = list(islice(stream, pages // 6))
    _write_files(folder, texts)
    if odd:
        (folder / "link.txt").symlink_to("blank.txt")
        (folder / "pages" / "latin-1 \udce9.txt").write_bytes("Résumé writer vs collector\n".encode("latin-1"))
    lines = list(islice(stream, pages // 3))
    (folder / "lines.jsonl").write_bytes(_lines(lines, texts[:3]))
    (folder / "a [1] b%20{c}.jsonl.gz").write_bytes(gzip.compress(_lines(lines[:5], list(islice(stream, 10))), mtime=0))
    rows = list(islice(stream, pages // 3))
    _write_parquet(folder / "rows.parquet", [*rows, *lines[5:8]], 40)
    _write_parquet(folder / "rows of #2.parquet", list(stream), 1000)
    return folder


def _write_files(folder: Path, pages: list[DumpPage]) -> None:
    (folder / "pages").mkdir()
    for number, page in enumerate(pages):
        (folder / "pages" / f"{number:03}.txt").write_bytes(page.data)
    (folder / "pages" / "copy of 000.txt").write_bytes(pages[0].data)
    (folder / "empty.txt").write_bytes(b"")
    (folder / "blank.txt").write_bytes(b" \n")
    (folder / ".hidden.txt").write_bytes(pages[1].data)
    (folder / "_underscored.txt").write_bytes(pages[2].data)
    (folder / "image.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    (folder / "broken.parquet").write_bytes(b"PAR1" + bytes(100))


def _lines(pages: list[DumpPage], copies: list[DumpPage]) -> bytes:
    """JSON lines: pages, copies of pages elsewhere, blank lines, and lines that hold no page."""
    lines = [b"\xef\xbb\xbf" + next(_objects(copies)), b"", *_objects(pages), *_objects(copies), b"", b"  \r"]
    lines[7:7] = [b"[1, 2]", b"\xff\xfe not JSON", b'{"text": 5}', b'{"nothing": "here"}', b"\v", b'{"text": ""}']
    lines.insert(len(lines) - 5, b'{"text": "cut off')
    return b"\n".join(lines)


def _objects(pages: list[DumpPage]) -> Iterator[bytes]:
    for page in pages:
        record = {"text": page.data.decode(), "url": page.url, "fetched_at": page.fetched_at.isoformat()}
        yield json.dumps(record, ensure_ascii=False).encode()


def _write_parquet(path: Path, pages: list[DumpPage], group: int) -> None:
    texts: list[str | None] = [page.data.decode() for page in pages]
    times: list[datetime | None] = [page.fetched_at for page in pages]
    table = pa.table(
        {
            "text": pa.array([*texts, None, ""]),
            "metadata": pa.array([*({"url": page.url, "n": 1} for page in pages), None, {"url": "no address", "n": 2}]),
            "crawl_date": pa.array([*times, None, None], pa.timestamp("ns", "UTC")),
            "other": pa.array(range(len(pages) + 2)),
        }
    )
    pq.write_table(table, path, row_group_size=group, compression="none")
