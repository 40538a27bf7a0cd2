"""Looks for bytes that break what makes facts of them: `python -m tests.fuzz --seconds 60`, or `make fuzz`.

Begins with real pages, pages of every text form, HTML and whatever the bad inputs hold, spoils them in all ways that dumps
do, and holds each result against what must be true of any page. The first crasher is kept in build/fuzz and ends the search:
make a case of it.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from benchmarks.pagegen import FORMS, World, comparison_page, html, profile_page
from pipeline.decode import open_record
from pipeline.model import Document, Record
from pipeline.shards import process

ROOT = Path(__file__).parent.parent
SLOW = 5.0
"""Seconds of processor time that no page of this size may take, on any machine."""
LONGEST = 60_000
PIECES = (
    b"$", b"%", b"-", b"--", b"\n", b"\r\n", b"\r", b"\x00", b"\xff", b"\xed\xa0\x80", b"\xe2\x80\xae", b"\xc2\xa0", b"\xef\xbb\xbf",
    b"\x85", b"\xe2\x80\xa8", b"|", b"| --- |", b"  \xe2\x80\xa2 ", b"- ", b"\t", b",", b"612", b"4668,658", b"$12,345", b"9" * 400,
    b"Number of jobs", b"Yearly salary", b"Between ", b" And ", b" vs. ", b" do?", b"What does a ", b"Male, 1%", b'"', b",\"",
    b"<table><tr><td>", b"</td>", b"<!--", b"-->", b"<script>", b"<p>", b"&#xD800;", b"&nbsp;", b"<meta charset=utf-7>", b"<",
    b"1.5e308", b"\xd9\xa3", b"\xef\xbc\x94", b"It typically takes 6-12 months to become both ", b"Additionally, ",
    b"We calculated that ", b" are proficient in ", b"\x1b[2J", b"+ADw-script+AD4-", b"\x1b$)C", b"0",
)  # fmt: skip


def corpus() -> list[bytes]:
    """Where the search begins."""
    roles = World(seed=11, size=5).roles
    pages = [comparison_page(*roles[:2]), profile_page(roles[0], tuple(roles[1:]))]
    found = [path.read_bytes() for path in sorted((ROOT / "raw").glob("*.txt"))]
    found += [path.read_bytes() for path in sorted((ROOT / "tests/fixtures").rglob("page.*"))]
    found += [form.render(page).encode() for form in FORMS.values() for page in pages]
    return found + [html(page).encode() for page in pages]


def spoil(rng: Random, pages: list[bytes]) -> bytes:
    """A page with some of it cut, doubled, moved, replaced, or mixed with another."""
    data = rng.choice(pages)
    for _ in range(rng.choice((1, 1, 2, 4, 8))):
        start = rng.randrange(len(data) + 1)
        end = min(len(data), start + rng.choice((0, 1, 2, 10, 100, 2_000)))
        kind = rng.randrange(8)
        if kind == 0:
            data = data[:start] + data[end:]
        elif kind == 1:
            data = data[:end] + data[start:end] * rng.choice((1, 2, 50)) + data[end:]
        elif kind == 2:
            data = data[:start] + rng.randbytes(rng.choice((1, 2, 4, 30))) + data[end:]
        elif kind == 3:
            other = rng.choice(pages)
            data = data[:start] + other[rng.randrange(len(other) + 1) :]
        elif kind == 4:
            lines = data.split(b"\n")
            rng.shuffle(lines)
            data = b"\n".join(lines)
        elif kind == 5:
            data = data.replace(rng.choice(PIECES), rng.choice(PIECES), rng.choice((1, 5, -1)))
        else:
            data = data[:start] + rng.choice(PIECES) * rng.choice((1, 1, 1, 3, 200)) + data[start:]
        data = data[:LONGEST]
    return data


def complaints(record: Record) -> Iterator[str]:
    """What is wrong with what came of a record, beside exceptions, which are left to whoever calls."""
    started = time.process_time()
    shard = process([record])
    seconds = time.process_time() - started
    if seconds > SLOW:
        yield f"took {seconds:.1f} s"
    (row,) = shard.documents.to_pylist()
    if (row["reason"] or "").startswith("parser_error"):
        yield row["reason"]
    document = open_record(record)
    if not isinstance(document, Document):
        if row["status"] == "parsed" or shard.observations.num_rows:
            yield "facts of what is no document"
        return
    text = document.text
    left = shard.unparsed.to_pylist()
    lines = sum(bool(line.strip()) for line in text.split("\n"))
    if row["status"] == "parsed" and row["lines_extracted"] + row["lines_boilerplate"] + row["lines_unparsed"] != lines:
        yield f"lines do not add up to {lines}: {row}"
    if row["status"] == "parsed" and row["lines_unparsed"] != len({part["line"] for part in left}):
        yield "unparsed lines do not add up"
    for fact in shard.observations.to_pylist():
        if text[fact["start"] : fact["end"]] != fact["raw"] or fact["line"] != text.count("\n", 0, fact["start"]) + 1:
            yield f"a span that does not replay: {fact}"
    for part in left:
        if text[part["start"] : part["end"]] != part["text"]:
            yield f"an unparsed span that does not replay: {part}"


def examine(data: bytes, media: str) -> list[str]:
    """Everything that is wrong with a page; an exception is the worst of it."""
    try:
        return list(complaints(Record("page", data, media=media)))
    except Exception as error:  # noqa: BLE001 - that is what is looked for
        return [f"{type(error).__name__}: {error}"]


def main() -> int:
    """Searches; 1 when something was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000, help="another one each time")
    arguments = parser.parse_args()
    rng, pages = Random(arguments.seed), corpus()
    end, count = time.monotonic() + arguments.seconds, 0
    print(f"fuzz: {len(pages)} pages to begin with, seed {arguments.seed}")
    while time.monotonic() < end:
        data, media = spoil(rng, pages), rng.choice(("", "text", "html"))
        count += 1
        if found := examine(data, media):
            name = hashlib.blake2b(data, digest_size=6).hexdigest()
            crasher = ROOT / "build" / "fuzz" / f"{name}.{media or 'any'}"
            crasher.parent.mkdir(parents=True, exist_ok=True)
            crasher.write_bytes(data)
            print(f"fuzz: FOUND in {crasher.relative_to(ROOT)} after {count:,} pages:", *found[:5], sep="\n  ")
            return 1
    print(f"fuzz: nothing found in {count:,} pages, {arguments.seconds:g} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
