"""The same pages in twelve containers are the same pages."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import pipeline
from benchmarks.pagegen import make_dump
from pipeline import extract
from pipeline.tables import TABLES
from tests.readers_recipes import http, record, zstd

PAGES = 200
ADDRESS = "https://careers.example/{}".format


@pytest.fixture(scope="module")
def texts() -> list[bytes]:
    made = [page.data for page in make_dump(20, PAGES)]
    assert len(set(made)) == PAGES
    return made


def write_texts(folder: Path, texts: list[bytes]) -> None:
    folder.mkdir(parents=True)
    for number, text in enumerate(texts):
        (folder / f"{number:03}.txt").write_bytes(text)


def write_dated(folder: Path, texts: list[bytes]) -> None:
    """A file a page again, with what web archives know besides: where a page was, and when."""
    folder.mkdir(parents=True)
    for number, text in enumerate(texts):
        page = {"text": text.decode(), "url": ADDRESS(number), "date": "2024-05-06T07:08:09Z"}
        (folder / f"{number:03}.jsonl").write_text(json.dumps(page), encoding="utf-8")


def containers(texts: list[bytes]) -> dict[str, bytes]:
    """Eleven files, each with all pages; the folder is the twelfth."""
    lines = b"".join(json.dumps({"text": text.decode()}, ensure_ascii=False).encode() + b"\n" for text in texts)
    rows = io.StringIO()
    csv.writer(rows).writerows([["text"], *([text.decode()] for text in texts)])
    columns = io.BytesIO()
    pq.write_table(pa.table({"content": [text.decode() for text in texts]}), columns)
    plain = "text/plain; charset=utf-8"
    responses = [record(http(text, kind=plain), uri=ADDRESS(n)) for n, text in enumerate(texts)]
    conversions = [record(text, kind="conversion", uri=ADDRESS(n)) for n, text in enumerate(texts)]
    about = b"1 0 example\nURL IP-address Archive-date Content-type Archive-length\n"
    arc = b"filedesc://x.arc 0.0.0.0 20240506070809 text/plain %d\n%s\n" % (len(about), about)
    for number, text in enumerate(texts):
        block = http(text, kind=plain)
        arc += b"%s 192.0.2.1 20240506070809 text/plain %d\n%s\n" % (ADDRESS(number).encode(), len(block), block)
    return {
        "01.jsonl": lines,
        "02.jsonl.gz": gzip.compress(lines),
        "03.ndjson.zst": zstd(lines),
        "04.jsonl.bz2": bz2.compress(lines),
        "05.jsonl.xz": lzma.compress(lines),
        "06.parquet": columns.getvalue(),
        "07.csv": rows.getvalue().encode(),
        "08.csv.gz": gzip.compress(rows.getvalue().encode()),
        "09.warc.gz": b"".join(map(gzip.compress, responses)),
        "10.warc.wet": b"".join(conversions),
        "11.arc": arc,
    }


@pytest.mark.slow
def test_twelve_containers_give_the_tables_of_a_folder(texts, tmp_path):
    write_dated(tmp_path / "plain", texts)
    write_texts(tmp_path / "mixed" / "00", texts)
    for name, data in containers(texts).items():
        (tmp_path / "mixed" / name).write_bytes(data)
    plain = extract(tmp_path / "plain", tmp_path / "out-plain")
    mixed = extract(tmp_path / "mixed", tmp_path / "out-mixed")
    assert (plain.parsed, plain.duplicate, plain.quarantined) == (PAGES, 0, 0)
    assert (mixed.parsed, mixed.duplicate, mixed.quarantined) == (PAGES, 11 * PAGES, 0), dict(mixed.reasons)
    one, all_ = pipeline.open_tables(tmp_path / "out-plain"), pipeline.open_tables(tmp_path / "out-mixed")
    documents = all_.arrow("documents").to_pylist()
    inputs = Counter(row["source"].partition("#")[0].partition("/")[0] for row in documents)
    assert inputs == dict.fromkeys(["00", *containers([b""])], PAGES)
    for table in TABLES:
        if table.name != "documents":
            assert all_.arrow(table.name).equals(one.arrow(table.name)), table.name
