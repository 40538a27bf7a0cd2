"""WARC and WET: responses, resources and conversions are pages; all other records are skipped and counted.

Libraries end quietly where a file is cut, and a wrong length makes them swallow the records behind it (seen with
FastWARC 2.0 and warcio 1.8). So records are framed here: each length is held against what follows it, and after
anything that cannot be right the next record is looked for. FastWARC parses what the frames hold.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.model import Problem, Record
from pipeline.readers.content import Content, Context
from pipeline.readers.http import Body, body_of, charset_of, headers_of, media_of
from pipeline.readers.moments import moment
from pipeline.readers.stream import Stream

_HEADER_END = re.compile(rb"\r?\n\r?\n")
# begins with a literal, which the search is quick for; the record begins one byte behind its start
_NEXT = re.compile(rb"\nWARC/[0-9]\.[0-9]{1,2}[ \t]*\r?\n")
_START = re.compile(rb"WARC/[0-9]\.[0-9]{1,2}[ \t]*\r?\n")
_LENGTH = re.compile(rb"^Content-Length[ \t]*:[ \t]*(\S*)[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_TYPE = re.compile(rb"^WARC-Type[ \t]*:[ \t]*(\S{0,40})", re.IGNORECASE | re.MULTILINE)
_DIGITS = re.compile(rb"[0-9]{1,19}")
_MARK = 32
_STEP = 1 << 20
_MAX_REWINDS = 8


@dataclass(slots=True)
class _Frame:
    header: bytes
    kind: str
    offset: int
    length: int


def read(content: Content, context: Context) -> Iterator[Record]:
    """The pages of a WARC or WET file; `#n` counts its records of every kind."""
    reader = _Reader(content, context)
    while reader.advance():
        yield from reader.record()


class _Reader:
    def __init__(self, content: Content, context: Context) -> None:
        options = context.options
        self._stream = Stream(lambda: content.pieces(options.max_decoded_bytes, options.max_gap_bytes))
        self._context = context
        self._limit = options.max_document_bytes + options.max_header_bytes
        self._rewinds = 0

    def advance(self) -> bool:
        """Go to the next record or gap; False at the end."""
        stream = self._stream
        while stream.fill(_MARK):
            head = stream.buffer[:_MARK]
            blank = len(head) - len(head.lstrip(b"\r\n"))
            if not blank:
                return True
            stream.drop(blank)
        return stream.gap is not None

    def record(self) -> Iterator[Record]:
        """What begins here: a page, a problem, or nothing when it is skipped."""
        stream = self._stream
        if not stream.buffer:
            if gap := stream.cross():
                yield self._context.record(b"", problem=gap)
            return
        frame = self._frame()
        if frame is None:
            yield self._cut_off(0)
        elif isinstance(frame, Problem):
            yield self._context.record(self._resync(), problem=frame)
        elif frame.length > self._limit:
            yield from self._pass_large(frame)
        else:
            yield from self._framed(frame)

    def _frame(self) -> _Frame | Problem | None:
        """The header that the buffer begins with, why it is none, or None where the content ends in it."""
        stream, limit = self._stream, self._context.options.max_header_bytes
        if not _START.match(stream.buffer):
            return Problem("bad_header", f"no WARC record {self._place()}")
        end = stream.find(_HEADER_END, 0, limit)
        if end is None:
            if len(stream.buffer) >= limit:
                return Problem("bad_header", f"the record {self._place()} has a header of more than {limit:,} bytes")
            return None
        header = bytes(stream.buffer[: end.end()])
        length = _LENGTH.search(header)
        if length is None or not _DIGITS.fullmatch(length[1]):
            found = f"length {length[1][:40].decode('latin-1')!r}" if length else "no length"
            return Problem("bad_length", f"the record {self._place()} has {found}")
        kind = _TYPE.search(header)
        return _Frame(header, kind[1].decode("latin-1").lower() if kind else "", stream.offset, int(length[1]))

    def _framed(self, frame: _Frame) -> Iterator[Record]:
        stream = self._stream
        start, end = len(frame.header), len(frame.header) + frame.length
        if stream.fill(end + _MARK) >= end and self._ends_at(end):
            stream.drop(start)
            yield from self._page(frame, stream.take(frame.length))
            return
        if len(stream.buffer) < end and _NEXT.search(stream.buffer, start - 1) is None:
            yield self._cut_off(start)
            return
        detail = f"the record {self._place()} says that it holds {frame.length:,} bytes, but does not end there"
        stream.drop(start)
        yield self._context.record(self._resync(), problem=Problem("bad_length", detail))

    def _ends_at(self, end: int) -> bool:
        """Whether a record may end at this place of the buffer: blank lines, then a record, a gap or the end.

        Blank lines alone do not do: a page has them too, and a length that ends at one would cut the page.
        """
        rest = bytes(self._stream.buffer[end : end + _MARK])
        behind = rest.lstrip(b"\r\n")
        return not behind or (rest != behind and behind.startswith(b"WARC/"))

    def _cut_off(self, start: int) -> Record:
        """The record that the buffer begins with, which ends in the middle; goes over the gap that cut it, if any."""
        stream = self._stream
        detail = f"the record {self._place()} ends early at byte {stream.offset + len(stream.buffer):,}"
        problem = Problem("truncated", detail)
        data = bytes(stream.buffer[start:])
        if gap := stream.cross():
            problem = Problem(gap.code, f"{gap.detail}; {detail}")
        return self._context.record(data, problem=problem)

    def _resync(self) -> bytes:
        """Drop the buffer up to the next record; what was dropped, within the limit for a document."""
        stream, kept = self._stream, bytearray()
        while True:
            match = _NEXT.search(stream.buffer)
            done = match is not None or self._at_end()
            size = match.start() + 1 if match else max(0, len(stream.buffer) - (0 if done else _MARK))
            kept += stream.buffer[: max(0, min(size, self._limit - len(kept)))]
            stream.drop(size)
            if done:
                return bytes(kept)
            stream.fill(len(stream.buffer) + _STEP)

    def _at_end(self) -> bool:
        return self._stream.ended or self._stream.gap is not None

    def _pass_large(self, frame: _Frame) -> Iterator[Record]:
        """Pass over a record that is too long to read; if its length was a lie, go back to the record that it hid."""
        stream, end, hidden = self._stream, frame.offset + len(frame.header) + frame.length, None
        place = self._place()
        while stream.offset < end and stream.fill(min(_STEP, end - stream.offset)):
            start = len(frame.header) - 1 if stream.offset == frame.offset else 0
            if hidden is None and (match := _NEXT.search(stream.buffer, start)):
                hidden = stream.offset + match.start() + 1
            # a few bytes stay, so that a mark that lies across two steps is found
            stream.drop(min(end - stream.offset, max(1, len(stream.buffer) - _MARK)))
        stream.fill(_MARK)
        if stream.offset == end and self._ends_at(0):
            limit = self._context.options.max_document_bytes
            detail = f"the record {place} holds {frame.length:,} bytes; the limit for a document is {limit:,}"
            yield self._context.record(b"", problem=Problem("too_large", detail))
            return
        detail = f"the record {place} says that it holds {frame.length:,} bytes, but does not end there"
        yield self._context.record(b"", problem=Problem("bad_length", detail))
        if hidden is not None and self._rewinds < _MAX_REWINDS:
            self._rewinds += 1
            stream.rewind(hidden)
        elif stream.gap is None:
            self._resync()

    def _place(self) -> str:
        return f"at byte {self._stream.offset:,} of the content"

    def _page(self, frame: _Frame, block: bytes) -> Iterator[Record]:
        context = self._context
        if not frame.kind:
            detail = f"the record at byte {frame.offset:,} does not say of what type it is"
            yield context.record(block, problem=Problem("bad_header", detail))
            return
        if frame.kind not in {"response", "resource", "conversion"}:
            context.skip(f"WARC {frame.kind}")
            return
        try:
            headers = headers_of(frame.header)
        except OSError as error:
            yield context.record(block, problem=Problem("bad_header", f"at byte {frame.offset:,}: {error}"[:200]))
            return
        content_type = headers.get("content-type")
        body = self._body(frame.kind, content_type, block)
        if body.passed_over:
            context.skip(f"WARC {frame.kind}: {body.passed_over}")
            return
        problem = body.problem
        if reason := headers.get("warc-truncated"):
            problem = problem or Problem("truncated", f"the crawler cut it: {reason[:40]}")
        if context.options.check_digests and not _digest_fits(headers.get("warc-block-digest"), block):
            problem = Problem("checksum", f"the record at byte {frame.offset:,} does not fit its WARC-Block-Digest")
        yield context.record(
            body.data,
            problem=problem,
            media=body.media,
            charset=body.charset,
            url=headers.get("warc-target-uri").strip("<> ") or None,
            fetched_at=moment(headers.get("warc-date")),
        )

    def _body(self, kind: str, content_type: str, block: bytes) -> Body:
        if kind == "response":
            if not content_type.lower().startswith("application/http"):
                return Body(passed_over=content_type.partition(";")[0][:60] or "no content type")
            return body_of(block, self._context.options)
        media = media_of(content_type)
        if media is None or (kind == "resource" and not media):
            return Body(passed_over=content_type.partition(";")[0][:60] or "no content type")
        charset = charset_of(content_type) or ("utf-8" if kind == "conversion" else None)
        return Body(block, media, charset)


def _digest_fits(digest: str, block: bytes) -> bool:
    """Whether a `WARC-Block-Digest` (sha1:BASE32, or in hex) fits; one of an unknown kind is taken as fitting."""
    name, _, value = digest.strip().partition(":")
    name = name.lower().replace("-", "")
    if name not in {"sha1", "sha256", "sha512", "md5"}:
        return True
    found = hashlib.new(name, block, usedforsecurity=False).digest()
    return value.upper().rstrip("=") in {base64.b32encode(found).decode().rstrip("="), found.hex().upper()}
