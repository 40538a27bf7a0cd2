"""From a record's bytes to a document: its text, and for HTML the blocks that its markup sets apart."""

from __future__ import annotations

import codecs

from pipeline.encoding import MAGIC, SAMPLE, decode
from pipeline.model import Document, Problem, Record
from pipeline.text import document_id, with_line_feeds

SNIFFED = 1_024
"""Bytes in which a page of HTML shows that it is one."""
MAX_DOCUMENT = 16 << 20
"""Bytes of one document."""


def open_record(record: Record) -> Document | Problem:
    """The record as a document, or why it is none."""
    if record.problem is not None:
        return record.problem
    data = record.data
    if len(data) > MAX_DOCUMENT:
        return Problem("too_large", f"{len(data)} bytes, more than the {MAX_DOCUMENT} that a document may have")
    if not data.strip():
        return Problem("empty", "nothing but white space")
    if data.find(b"<", 0, SAMPLE) != -1 and is_html(data, record.media):
        return _open_html(record)
    decoded = decode(data, record.charset)
    if isinstance(decoded, Problem):
        return decoded
    text, encoding = decoded
    return Document(document_id(data), record.source, with_line_feeds(text), record.url, record.fetched_at, encoding)


def is_html(data: bytes, media: str) -> bool:
    """Whether a record is to be read as HTML: its container says so, or it begins as only a page of HTML does."""
    if media == "html":
        return not data.startswith(MAGIC)
    start = data[:SNIFFED].removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if start.startswith((b"<?xml", b"<!--")):
        # Behind an XML declaration, or a comment such as "saved from url", the page itself begins.
        return b"<!doctype html" in start or b"<html" in start
    return start.startswith((b"<!doctype html", b"<html"))


def _open_html(record: Record) -> Document | Problem:
    from pipeline.html import read_html  # the parser is loaded only where there is HTML

    page = read_html(record.data, record.charset)
    if isinstance(page, Problem):
        return page
    return Document(
        document_id(record.data), record.source, page.shape.source, record.url or page.url, record.fetched_at,
        page.encoding, page.updated_on, page.shape,
    )  # fmt: skip
