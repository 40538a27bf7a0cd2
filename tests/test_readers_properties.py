"""What holds for every file: no exception, no page that is not one of the originals, no loss without a problem."""

from __future__ import annotations

import gc
import io
import tracemalloc
import zlib
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.model import Record
from pipeline.readers import CONTAINERS, ReadOptions, read
from pipeline.readers.compression.members import PIECE, DeflateStream, GzipMember, ZlibStream
from pipeline.readers.failures import CutError
from tests.readers_recipes import STEPS, made, page

_SMALL = ReadOptions(
    max_document_bytes=100_000, max_line_bytes=50_000, max_decoded_bytes=1_000_000, max_held_bytes=30_000
)
_PAGES = [page(number).encode() for number in range(1, 13)]
_CHECKED: dict[str, list[list[list[Any]]]] = {
    # formats in which each byte of the pages is under a checksum
    "dump.jsonl.gz": [[["jsonl", "1-6"], ["gzip"]], [["jsonl", "7-12"], ["gzip"]]],
    "dump.jsonl.zst": [[["jsonl", "1-6"], ["zstd", True]], [["jsonl", "7-12"], ["zstd", True]]],
    "dump.jsonl.bz2": [[["jsonl", "1-6"], ["bzip2"]], [["jsonl", "7-12"], ["bzip2"]]],
    "dump.jsonl.xz": [[["jsonl", "1-6"], ["xz"]], [["jsonl", "7-12"], ["xz"]]],
    "crawl.warc.gz": [[["warc_gz", "1-12"]]],
    "dump.csv.gz": [[["csv", "1-12"], ["gzip"]]],
    "crawl.arc.gz": [[["arc", "1-12"], ["gzip"]]],
}
_CUT: dict[str, list[list[list[Any]]]] = _CHECKED | {
    "dump.jsonl.zst": [[["jsonl", "1-6"], ["zstd"]], [["jsonl", "7-12"], ["zstd"]]],
    "crawl.warc": [[["warc", "1-12"]]],
    "crawl.arc": [[["arc", "1-12"]]],
    "dump.parquet": [[["parquet", "1-12", {"checksums": True}]]],
}
_CONTENT = {name: made(make) for name, make in _CUT.items()} | {
    "checked.jsonl.zst": made(_CHECKED["dump.jsonl.zst"]),
}
_BEGINNINGS = {
    "crawl.warc.gz": [[[["warc_gz", f"1-{n}"]]] for n in range(1, 12)],
    "crawl.warc": [[[["warc", f"1-{n}"]]] for n in range(1, 12)],
    "crawl.arc": [[[["arc", f"1-{n}"]]] for n in range(1, 12)],
}
_WHOLE = {
    # what a cut may leave that is a whole file too, so that nobody can tell
    name: {made(make).rstrip(b"\r\n") for make in _BEGINNINGS.get(name, [recipe[:1]])}
    for name, recipe in _CUT.items()
}
_FLIPPED = [*(name for name in _CHECKED if name != "dump.jsonl.zst"), "checked.jsonl.zst"]


def _records(name: str, content: bytes, options: ReadOptions = _SMALL) -> list[Record]:
    with TemporaryDirectory() as folder:
        (Path(folder) / name).write_bytes(content)
        return list(read(folder, options))


def _check(records: list[Record]) -> None:
    """Good records are originals in their order; where one is missing, a problem says so."""
    good = [record.data for record in records if not record.problem]
    assert all(data in _PAGES for data in good)
    assert good == sorted(good, key=_PAGES.index)
    assert good == _PAGES or any(record.problem for record in records)
    assert len({record.source for record in records}) == len(records)


@settings(max_examples=60)
@given(st.sampled_from(_FLIPPED), st.integers(0, 10**6), st.integers(0, 7))
def test_a_flipped_bit_never_gives_another_page(name: str, at: int, bit: int) -> None:
    _check(_records(name, STEPS["flip"](_CONTENT[name], at, bit)))


@settings(max_examples=60)
@given(st.sampled_from(sorted(_CUT)), st.floats(0.01, 0.99))
def test_a_cut_never_goes_unseen(name: str, part: float) -> None:
    content = _CONTENT[name]
    records = _records(name, content[: int(len(content) * part)])
    good = [record.data for record in records if not record.problem]
    assert good == _PAGES[: len(good)]
    if content[: int(len(content) * part)].rstrip(b"\r\n") not in _WHOLE[name]:
        _check(records)


_NAMES = sorted(
    {
        f"dump{suffix}{ending}"
        for container in CONTAINERS
        for suffix in container.suffixes[:1]
        for ending in ("", ".gz", ".zst", ".bz2", ".xz")
    }
)
_STARTS = [
    b"",
    b"PAR1",
    b"WARC/1.0\r\n",
    b"filedesc://",
    b"\x1f\x8b\x08",
    b"\x28\xb5\x2f\xfd",
    b"BZh91AY&SY",
    b"\xfd7zXZ\0",
]


@settings(max_examples=150)
@given(st.sampled_from(_NAMES), st.sampled_from(_STARTS), st.binary(max_size=300))
@example("dump.warc", b"WARC/1.0\r\n", b"Content-Length: 0\r\n\r\n")
@example("dump.arc", b"", b"\n\n\n")
def test_any_bytes_are_read_without_an_exception(name: str, start: bytes, rest: bytes) -> None:
    records = _records(name, start + rest)
    assert records or start == b"WARC/1.0\r\n"  # which may well begin a record that is skipped
    assert len({record.source for record in records}) == len(records)


@settings(max_examples=60)
@given(st.sampled_from(sorted(_CONTENT)), st.integers(0, 10**6), st.binary(min_size=1, max_size=40), st.booleans())
def test_bytes_put_in_anywhere_do_no_harm(name: str, at: int, extra: bytes, instead: bool) -> None:
    content = _CONTENT[name]
    at %= len(content)
    records = _records(name, content[:at] + extra + content[at + len(extra) * instead :])
    assert records
    assert len({record.source for record in records}) == len(records)


_LARGE = {
    # decodes to some 6 MB, in lines or rows or records of 2 KB
    "dump.jsonl.zst": [[["jsonl", "1-10"], ["repeat", 300], ["zstd"]]],
    "checked.jsonl.zst": [[["jsonl", "1-10"], ["repeat", 300], ["zstd", True]]],
    "dump.jsonl.gz": [[["jsonl", "1-10"], ["repeat", 300], ["gzip"]]],
    "dump.csv.zst": [[["csv", "1-10"], ["replace", "url,text,crawl_date\n", ""], ["repeat", 300]]],
    "crawl.warc.zst": [[["warc", "1-10"], ["repeat", 300], ["zstd"]]],
    "one-line.jsonl.zst": [[["zstd_bomb", 64]]],
    "one-field.csv.zst": [[["zstd_bomb", 64]]],
    "header.warc.zst": [[["zstd_bomb", 64]]],
    "header.arc.zst": [[["zstd_bomb", 64]]],
}


@pytest.mark.parametrize("name", sorted(_LARGE))
def test_memory_does_not_grow_with_the_container(name: str, tmp_path: Path) -> None:
    content = made(_LARGE[name])
    if name == "dump.csv.zst":
        content = STEPS["zstd"](b"url,text,crawl_date\n" + content)
    (tmp_path / name).write_bytes(content)
    del content
    options = ReadOptions(max_held_bytes=500_000, max_line_bytes=500_000, max_document_bytes=500_000)
    gc.collect()
    tracemalloc.start()
    try:
        count = sum(1 for _ in read(tmp_path, options))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count >= (1 if _LARGE[name][0][0][0] == "zstd_bomb" else 3_000)
    assert peak < 5 << 20


def _fastwarc_pages(content: bytes) -> Iterator[tuple[str | None, bytes]]:
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    for record in ArchiveIterator(io.BytesIO(content), WarcRecordType.response, auto_decode="all"):
        yield record.headers.get("WARC-Target-URI"), record.reader.read()


@pytest.mark.parametrize("ending", ["", ".gz"])
def test_whole_archives_are_read_as_fastwarc_reads_them(ending: str, tmp_path: Path) -> None:
    """FastWARC writes the archive here, with digests, and reads it too."""
    pytest.importorskip("fastwarc")
    from fastwarc.stream_io import GzipWriter
    from fastwarc.warc import WarcRecord, WarcRecordType

    out = io.BytesIO()
    for number in range(1, 41):
        record = WarcRecord()
        record.init_headers(WarcRecordType.response if number % 4 else WarcRecordType.request)
        record.headers["WARC-Target-URI"] = f"https://example.org/{number}"
        record.is_http = True
        chunked = ["Transfer-Encoding: chunked"] if number % 2 else []
        body = STEPS["chunked"](page(number).encode()) if chunked else page(number).encode()
        record.set_bytes_content(STEPS["http"](body, *chunked))
        if ending:
            writer = GzipWriter(out)
            record.write(writer, checksum_data=True)
            writer.finish()
        else:
            record.write(out, checksum_data=True)
    (tmp_path / f"crawl.warc{ending}").write_bytes(out.getvalue())
    ours = [(record.url, record.data) for record in read(tmp_path)]
    assert ours == list(_fastwarc_pages(out.getvalue()))
    assert [data.decode() for _, data in ours] == [page(number) for number in range(1, 41) if number % 4]


@pytest.mark.parametrize("unit", [GzipMember, ZlibStream, DeflateStream])
def test_a_stream_whose_end_is_taken_in_before_its_last_bytes_are_given_out(unit: type[GzipMember]) -> None:
    """zlib holds up to 258 bytes back when a piece is full, and has read the stream's end by then."""
    bits = {GzipMember: 31, ZlibStream: 15, DeflateStream: -15}[unit]
    for extra in range(-5, 300):
        data = b"<p>" + b"a" * (PIECE - 3 + extra)
        packer = zlib.compressobj(wbits=bits)
        content = packer.compress(data) + packer.flush()
        stream = unit(_Held(content), 0, ReadOptions())
        assert (b"".join(stream), stream.end) == (data, len(content))
        with pytest.raises(CutError):
            b"".join(unit(_Held(content[:-1]), 0, ReadOptions()))


class _Held:
    def __init__(self, content: bytes) -> None:
        self.content = content
        self.size = len(content)

    def at(self, offset: int, size: int) -> bytes:
        return self.content[offset : offset + size]
