"""Files that are one document: text, Markdown, HTML, XML."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.model import Problem, Record
from pipeline.readers.content import Content, Context


def _read(content: Content, context: Context, media: str) -> Iterator[Record]:
    limit = context.options.max_document_bytes
    if not content.compressed and content.stored_bytes > limit:
        detail = f"{content.stored_bytes:,} bytes; the limit for a document is {limit:,}"
        yield context.whole(b"", problem=Problem("too_large", detail))
        return
    pieces: list[bytes] = []
    problem: Problem | None = None
    for piece in content.pieces(limit):
        if isinstance(piece, Problem):
            problem = problem or piece
        else:
            pieces.append(piece)
    data = pieces[0] if len(pieces) == 1 else b"".join(pieces)
    yield context.whole(data, problem=problem, media=media)


def read_text(content: Content, context: Context) -> Iterator[Record]:
    """A text file; what kind of text is for its content to tell."""
    return _read(content, context, "")


def read_markdown(content: Content, context: Context) -> Iterator[Record]:
    """A Markdown file."""
    return _read(content, context, "text")


def read_html(content: Content, context: Context) -> Iterator[Record]:
    """An HTML file."""
    return _read(content, context, "html")


def read_xml(content: Content, context: Context) -> Iterator[Record]:
    """An XML file, such as the TEI that trafilatura writes."""
    return _read(content, context, "xml")
