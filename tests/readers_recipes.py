"""Makes the files that `tests/fixtures/readers/*.toml` describe: each step of a recipe turns bytes into bytes."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import random
import struct
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import zstandard

FETCHED = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
STAMP = "2024-05-06T07:08:09Z"
_WORDS = ("collector", "coordinator", "salary", "yearly", "jobs", "skills", "degree", "hourly", "rate", "résumé", "–")


def page(number: int) -> str:
    """A page of about 2 KB that compresses like text and is like no other."""
    source = random.Random(number)
    words = " ".join(f"{source.choice(_WORDS)} {source.randrange(100_000)}" for _ in range(150))
    return f"Page {number}\nWhat does a collector do?\n{words}\nEnd of page {number}\n"


def url(number: int) -> str:
    """The address of a page."""
    return f"https://example.org/page/{number}"


def numbers(text: str) -> list[int]:
    """`1-3,7` as the numbers that it means."""
    found: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found


def jsonl(_: bytes, pages: str, **extra: Any) -> bytes:
    rows = [{"text": page(n), "url": url(n), "timestamp": STAMP} | extra for n in numbers(pages)]
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)


def csv(_: bytes, pages: str) -> bytes:
    def quoted(text: str) -> str:
        return '"' + text.replace('"', '""') + '"'

    rows = "".join(f"{quoted(url(n))},{quoted(page(n))},{STAMP}\n" for n in numbers(pages))
    return ("url,text,crawl_date\n" + rows).encode()


def parquet(
    _: bytes, pages: str, column: str = "text", group: int = 1000, checksums: bool = False, **types: str
) -> bytes:
    import pyarrow as pa
    from pyarrow import parquet as pq

    kinds = {"large_string": pa.large_string(), "binary": pa.binary(), "int64": pa.int64(), "string": pa.string()}
    kind = kinds[types.get("type", "string")]
    cells = [page(n) if kind != pa.int64() else n for n in numbers(pages)]
    table = pa.table(
        {
            "id": pa.array(numbers(pages)),
            column: pa.array([c.encode() if kind == pa.binary() else c for c in cells], kind),
            "url": pa.array([url(n) for n in numbers(pages)]),
            "date": pa.array([FETCHED] * len(cells), pa.timestamp("ns", "America/New_York")),
        }
    )
    out = io.BytesIO()
    pq.write_table(
        table, out, row_group_size=group, compression=types.get("compression", "snappy"), write_page_checksum=checksums,
        use_dictionary=False, data_page_size=1,
    )  # fmt: skip
    return out.getvalue()


def parquet_cells(_: bytes, *cells: str) -> bytes:
    """A column of strings whose cells may hold any bytes: `hex:` and their digits."""
    import pyarrow as pa
    from pyarrow import parquet as pq

    raw = [bytes.fromhex(cell[4:]) if cell.startswith("hex:") else page(int(cell)).encode() for cell in cells]
    strings = pa.Array.from_buffers(pa.string(), len(raw), pa.array(raw, pa.binary()).buffers())
    out = io.BytesIO()
    pq.write_table(pa.table({"text": strings}), out)
    return out.getvalue()


def parquet_bomb(_: bytes, cell: int, rows: int) -> bytes:
    """One large cell in a dictionary, and rows that all point to it."""
    import pyarrow as pa
    from pyarrow import parquet as pq

    column = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array(["x" * cell]))
    out = io.BytesIO()
    pq.write_table(pa.table({"text": column}), out)
    return out.getvalue()


def parquet_twice(_: bytes) -> bytes:
    """Two columns of one name."""
    import pyarrow as pa
    from pyarrow import parquet as pq

    out = io.BytesIO()
    pq.write_table(pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"])], ["text", "text"]), out)
    return out.getvalue()


def parquet_claim(data: bytes) -> bytes:
    """The page header's number of values, a one-byte zigzag varint, becomes two billion."""
    header = data.index(b"\x15", 4)
    at = data.index(b"\x2c\x15", header) + 2
    return data[:at] + b"\x80\xd0\xac\xf3\x0e" + data[at + 1 :]


def http(body: bytes, *headers: str, status: str = "200 OK", kind: str = "text/html; charset=iso-8859-1") -> bytes:
    lines = [f"HTTP/1.1 {status}", *([f"Content-Type: {kind}"] if kind else []), *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def record(
    block: bytes, *headers: str, kind: str = "response", length: str = "", content: str = "", uri: str = "u:x"
) -> bytes:
    content = content or ("application/http; msgtype=response" if kind == "response" else "text/plain")
    lines = [
        "WARC/1.0", f"WARC-Type: {kind}", f"WARC-Target-URI: {uri}", f"WARC-Date: {STAMP}",
        "WARC-Record-ID: <urn:uuid:0>", f"Content-Type: {content}", *headers, f"Content-Length: {length or len(block)}",
    ]  # fmt: skip
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def warc(_: bytes, pages: str, *headers: str, **facts: Any) -> bytes:
    facts = {"uri": url(numbers(pages)[0])} | facts
    return b"".join(record(http(page(n).encode()), *headers, **(facts | {"uri": url(n)})) for n in numbers(pages))


def warc_gz(_: bytes, pages: str) -> bytes:
    return b"".join(gzip.compress(warc(b"", str(n)), mtime=0) for n in numbers(pages))


def wet(_: bytes, pages: str) -> bytes:
    return b"".join(record(page(n).encode(), kind="conversion", uri=url(n)) for n in numbers(pages))


def arc(_: bytes, pages: str) -> bytes:
    about = b"1 0 example\nURL IP-address Archive-date Content-type Archive-length\n"
    out = b"filedesc://x.arc 0.0.0.0 20240506070809 text/plain %d\n%s\n" % (len(about), about)
    for n in numbers(pages):
        block = http(page(n).encode())
        out += b"%s 192.0.2.1 20240506070809 text/html %d\n%s\n" % (url(n).encode(), len(block), block)
    return out


def zstd(data: bytes, checksum: bool = False) -> bytes:
    return zstandard.ZstdCompressor(write_checksum=checksum, write_content_size=False).compress(data)


def zstd_dictionary(data: bytes) -> bytes:
    samples = [f"sample {n} {page(n)[:200]}".encode() for n in range(200)]
    dictionary = zstandard.train_dictionary(4096, samples)
    return zstandard.ZstdCompressor(dict_data=dictionary).compress(data)


def zstd_bomb(_: bytes, mib: int) -> bytes:
    """Blocks of one repeated byte: 128 KiB out for 4 bytes in."""
    block = (131072 << 3 | 1 << 1).to_bytes(3, "little") + b"x"
    return b"\x28\xb5\x2f\xfd\x00\x58" + block * (mib * 8 - 1) + bytes([block[0] | 1]) + block[1:]


def zstd_window(_: bytes, exponent: int) -> bytes:
    """A frame whose header asks for a window of 2 to the power of 10 + exponent."""
    return b"\x28\xb5\x2f\xfd\x00" + bytes([exponent << 3]) + b"\x01\x00\x00"


def gzip_bomb(_: bytes, mib: int) -> bytes:
    """A flushed deflate block that is repeated; its CRC is never reached."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = deflate.compress(b"x" * (1 << 20)) + deflate.flush(zlib.Z_FULL_FLUSH)
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + block * mib


def flip(data: bytes, at: float, bit: int = 0) -> bytes:
    """One bit flipped, at an offset or at a part of the length."""
    place = int(at * len(data)) if isinstance(at, float) else at % len(data)
    return data[:place] + bytes([data[place] ^ 1 << bit]) + data[place + 1 :]


def cut(data: bytes, at: float) -> bytes:
    return data[: int(at * len(data))] if isinstance(at, float) else data[:at]


STEPS: dict[str, Callable[..., bytes]] = {
    "jsonl": jsonl, "csv": csv, "parquet": parquet, "parquet_cells": parquet_cells, "parquet_bomb": parquet_bomb,
    "parquet_twice": parquet_twice, "parquet_claim": parquet_claim, "http": http, "record": record, "warc": warc,
    "warc_gz": warc_gz, "wet": wet, "arc": arc, "zstd": zstd, "zstd_dictionary": zstd_dictionary,
    "zstd_bomb": zstd_bomb, "zstd_window": zstd_window, "gzip_bomb": gzip_bomb, "flip": flip, "cut": cut,
    "page": lambda _, number: page(number).encode(),
    "text": lambda data, text: data + text.encode(),
    "hex": lambda data, digits: data + bytes.fromhex(digits),
    "latin": lambda data, text: data + text.encode("latin-1"),
    "repeat": lambda data, times: data * times,
    "replace": lambda data, old, new: data.replace(old.encode(), new.encode()),
    "utf16": lambda data: data.decode().encode("utf-16"),
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zlib": zlib.compress,
    "deflate": lambda data: zlib.compress(data)[2:-4],
    "skippable": lambda data: data + struct.pack("<II", 0x184D2A53, 5) + b"hello",
    "chunked": lambda data: b"".join(b"%x\r\n%s\r\n" % (len(c), c) for c in (data[:700], data[700:])) + b"0\r\n\r\n",
    "base64": lambda data, text: data + __import__("base64").b64decode(text),
}  # fmt: skip


def made(parts: list[list[list[Any]]]) -> bytes:
    """The content of a file: the parts in order, each what its steps make, one after another."""
    out = b""
    for steps in parts:
        data = b""
        for name, *arguments in steps:
            named = arguments.pop() if arguments and isinstance(arguments[-1], dict) else {}
            data = STEPS[name](data, *arguments, **named)
        out += data
    return out


def written(folder: Path, name: str, parts: list[list[list[Any]]]) -> Path:
    """A file made from its recipe."""
    path = folder / name
    path.write_bytes(made(parts))
    return path
