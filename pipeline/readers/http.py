"""HTTP responses as archives store them: headers, transfer and content encodings.

FastWARC parses headers. It takes a content encoding that is cut for a whole one and does not bound what it decodes, so
bodies go through the decoders of :mod:`pipeline.readers.compression`, which do neither.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO

from pipeline.errors import UsageError
from pipeline.model import Problem
from pipeline.readers.compression import decoded
from pipeline.readers.failures import BrokenError, GaveUpError, ReadError
from pipeline.readers.options import ReadOptions

_END = re.compile(rb"\r?\n\r?\n")
_CHUNK = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,200})?\r?\n")
_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9._:+-]{1,40})""", re.IGNORECASE)
_BROTLI_PIECE = 1 << 18
_PAGES = {200, 201, 203}
_MEDIA = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "application/vnd.wap.xhtml+xml": "html",
    "text/plain": "text",
    "text/markdown": "text",
    "text/xml": "xml",
    "application/xml": "xml",
    "": "",
}
"""Content types that may hold a page; a response without one is judged by its content."""


@dataclass(frozen=True, slots=True)
class Body:
    """What a response holds; `passed_over` says why it is none of ours, and is empty when it is."""

    data: bytes = b""
    media: str = ""
    charset: str | None = None
    problem: Problem | None = None
    passed_over: str = ""


@dataclass(frozen=True, slots=True)
class Headers:
    """A header block: the status of a response, and the fields by their names in lower case (the first of each name)."""

    status: int | None
    fields: dict[str, str]

    def get(self, name: str) -> str:
        """The field of that name (in lower case), "" when there is none."""
        return self.fields.get(name, "")


def headers_of(block: bytes) -> Headers:
    """A WARC or HTTP header block with its first line. OSError when FastWARC cannot read it."""
    try:
        from fastwarc.warc import HeaderMap
    except ImportError as error:
        raise UsageError("reading WARC and ARC needs FastWARC", hint="pip install 'rolepages[warc]'") from error
    found = HeaderMap()
    found.parse(BytesIO(block))
    # one look at all fields costs what one `get` does
    return Headers(found.status_code, {name.lower(): value for name, value in reversed(found.items())})


def media_of(content_type: str) -> str | None:
    """`html`, `text`, `xml` or "" for a content type that may hold a page, None for any other."""
    return _MEDIA.get(content_type.partition(";")[0].strip().lower())


def charset_of(content_type: str) -> str | None:
    """The `charset` parameter of a content type, as it stands."""
    match = _CHARSET.search(content_type)
    return match[1] if match else None


def body_of(block: bytes, options: ReadOptions) -> Body:
    """The decoded body of a stored HTTP response."""
    end = _END.search(block, 0, options.max_header_bytes)
    if not block.startswith(b"HTTP/") or end is None:
        return Body(block, problem=Problem("http_body", "no HTTP header"))
    try:
        headers = headers_of(_with_crlf(block[: end.end()]))
    except OSError as error:
        return Body(block, problem=Problem("bad_header", f"HTTP header: {error}"[:200]))
    if headers.status not in _PAGES:
        return Body(passed_over=f"status {headers.status}")
    content_type = headers.get("content-type")
    media = media_of(content_type)
    if media is None:
        return Body(passed_over=content_type.partition(";")[0].strip().lower()[:60])
    body = block[end.end() :]
    try:
        data = _plain(body, headers, options)
    except ReadError as failure:
        code = "too_large" if failure.problem.code == "too_large" else "http_body"
        return Body(body[: options.max_document_bytes], media, problem=Problem(code, failure.problem.detail))
    return Body(data, media, charset_of(content_type))


def _with_crlf(header: bytes) -> bytes:
    return header if header.count(b"\n") == header.count(b"\r\n") else re.sub(rb"(?<!\r)\n", b"\r\n", header)


def _plain(body: bytes, headers: Headers, options: ReadOptions) -> bytes:
    if "chunked" in headers.get("transfer-encoding").lower():
        body = _unchunked(body)
    for encoding in reversed(headers.get("content-encoding").lower().split(",")):
        body = _content_decoded(body, encoding.strip(), options)
    if len(body) > options.max_document_bytes:
        raise GaveUpError(
            "too_large", f"{len(body):,} bytes; the limit for a document is {options.max_document_bytes:,}"
        )
    return body


def _unchunked(body: bytes) -> bytes:
    """The body without its chunk sizes (RFC 9112, 7.1). Crawlers that undo the chunks often leave the header."""
    if body.lstrip()[:1] == b"<":
        return body
    chunks: list[bytes] = []
    at = 0
    while True:
        size = _CHUNK.match(body, at)
        if size is None:
            what = "ends early" if at >= len(body) else "has no chunk size"
            raise BrokenError("http_body", f"the chunked body {what} at its byte {at:,}")
        length = int(size[1], 16)
        if length == 0:
            return b"".join(chunks)
        chunk = body[size.end() : size.end() + length]
        if len(chunk) < length:
            raise BrokenError("http_body", f"the chunked body ends early at its byte {len(body):,}")
        chunks.append(chunk)
        at = size.end() + length
        at += 2 if body.startswith(b"\r\n", at) else int(body.startswith(b"\n", at))


def _content_decoded(body: bytes, encoding: str, options: ReadOptions) -> bytes:
    if not body or encoding in {"", "identity", "none", "utf-8"}:
        return body
    if encoding in {"gzip", "x-gzip"}:
        # a crawler that has undone the encoding may have left the header
        return decoded(body, "gzip", options) if body.startswith(b"\x1f\x8b") else _undone(body, encoding)
    if encoding == "deflate":
        return decoded(body, "zlib" if _has_zlib_header(body) else "deflate", options)
    if encoding == "zstd":
        return decoded(body, "zstd", options) if body.startswith(b"\x28\xb5\x2f\xfd") else _undone(body, encoding)
    if encoding == "br":
        return _undone(body, encoding) if body.lstrip()[:1] == b"<" else _unbrotli(body, options)
    raise BrokenError("http_body", f"unknown content encoding {encoding[:40]!r}")


def _undone(body: bytes, encoding: str) -> bytes:
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        return body
    raise BrokenError("http_body", f"the body is not {encoding}, as its header says")


def _has_zlib_header(body: bytes) -> bool:
    return len(body) > 1 and body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0


def _unbrotli(body: bytes, options: ReadOptions) -> bytes:
    from fastwarc.stream_io import BrotliReader

    reader = BrotliReader(BytesIO(body))
    pieces: list[bytes] = []
    size = 0
    try:
        while piece := reader.read(_BROTLI_PIECE):
            pieces.append(piece)
            size += len(piece)
            if size > options.max_document_bytes:
                raise GaveUpError("too_large", f"decodes to more than {options.max_document_bytes:,} bytes, the limit")
    except OSError as error:
        raise BrokenError("http_body", f"brotli: {error}") from None
    return b"".join(pieces)
