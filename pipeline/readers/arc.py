"""ARC, the format before WARC: one line of header, then an HTTP response of the length that it says."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.model import Problem, Record
from pipeline.readers.content import Content, Context
from pipeline.readers.http import body_of
from pipeline.readers.moments import moment
from pipeline.readers.stream import Stream

# version 1: URL, address, date, type, length; version 2 has status, checksum, location, offset, file before the length
_HEADER = re.compile(rb"([^\s:]+:\S{0,8000}) (\S{1,60}) ([0-9]{14}) (\S{1,100}) (?:[^\n]{0,8000} )?([0-9]{1,19})\r?\n")
_NEXT = re.compile(rb"\n(?:https?|dns|ftp)://?[^\s]{0,8000} \S{1,60} [0-9]{14} ")
_MARK = 1 << 14
_STEP = 1 << 20


def read(content: Content, context: Context) -> Iterator[Record]:
    """The pages of an ARC file; the record about the file itself and what is not HTTP are skipped and counted.

    Where no header is readable, the next line that looks like one is where reading goes on.
    """
    options = context.options
    stream = Stream(lambda: content.pieces(options.max_decoded_bytes, options.max_gap_bytes))
    while stream.fill(_MARK) or stream.gap:
        if not stream.buffer:
            yield context.record(b"", problem=stream.cross())
            continue
        head = stream.buffer[:64]
        blank = len(head) - len(head.lstrip(b"\r\n"))
        if blank:
            stream.drop(blank)
            continue
        header = _HEADER.match(stream.buffer)
        if header is None:
            problem = Problem("bad_header", f"no ARC record at byte {stream.offset:,} of the content")
            yield context.record(_resync(stream), problem=problem)
            continue
        fields = [bytes(field) for field in header.groups()]
        yield from _record(stream, context, header.end(), fields)


def _record(stream: Stream, context: Context, start: int, fields: list[bytes]) -> Iterator[Record]:
    offset, length, limit = stream.offset, int(fields[4]), context.options.max_document_bytes
    if length > limit + context.options.max_header_bytes:
        stream.drop(start)
        _pass(stream, length)
        detail = f"the record at byte {offset:,} holds {length:,} bytes; the limit for a document is {limit:,}"
        yield context.record(b"", problem=Problem("too_large", detail))
        return
    if stream.fill(start + length) < start + length:
        problem = stream.gap or Problem("truncated", f"the record at byte {offset:,} ends early")
        yield context.record(bytes(stream.buffer[start:]), problem=problem)
        stream.cross()
        return
    stream.fill(start + length + 1)
    if bytes(stream.buffer[start + length : start + length + 1]) not in {b"", b"\n", b"\r"}:
        problem = Problem("bad_length", f"the record at byte {offset:,} does not end after {length:,} bytes")
        stream.drop(start)
        yield context.record(_resync(stream), problem=problem)
        return
    stream.drop(start)
    yield from _page(stream.take(length), context, fields)


def _page(block: bytes, context: Context, fields: list[bytes]) -> Iterator[Record]:
    url = fields[0].decode("utf-8", "replace")
    if not url.lower().startswith("http"):
        context.skip(f"ARC {url.partition(':')[0][:20]}")
        return
    body = body_of(block, context.options)
    if body.passed_over:
        context.skip(f"ARC response: {body.passed_over}")
        return
    yield context.record(
        body.data,
        problem=body.problem,
        media=body.media,
        charset=body.charset,
        url=url,
        fetched_at=moment(fields[2].decode("ascii")),
    )


def _pass(stream: Stream, length: int) -> None:
    while length > 0 and stream.fill(min(_STEP, length)):
        size = min(length, len(stream.buffer))
        stream.drop(size)
        length -= size


def _resync(stream: Stream) -> bytes:
    """Drop what is buffered up to the next header line; the first of what was dropped."""
    kept = b""
    while True:
        stream.fill(_STEP)
        match = _NEXT.search(stream.buffer)
        at_end = stream.ended or stream.gap is not None
        size = match.start() + 1 if match else max(0, len(stream.buffer) - (0 if at_end else _MARK))
        kept = kept or bytes(stream.buffer[:size])
        stream.drop(size)
        if match or at_end:
            return kept
