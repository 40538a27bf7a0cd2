"""CSV and TSV with a header line: one column is the page.

The standard library's parser keeps what is inside quotes as it is, line ends included; it is made to refuse quotes that
it would otherwise guess at. Bytes that are not UTF-8 pass
through unchanged, so that a file in an older encoding gives the same bytes as a text file would.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator

from pipeline.model import Problem, Record
from pipeline.readers.content import Content, Context
from pipeline.readers.failures import GaveUpError
from pipeline.readers.fields import FieldFinder, Fields, is_address, no_column
from pipeline.readers.moments import moment

_DELIMITERS = ",\t;|"
_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read(content: Content, context: Context) -> Iterator[Record]:
    """One record a row. A file whose header names no page is one record with the problem `schema`.

    After a row that is too long or a gap the file is given up: where the next row begins is not certain.
    """
    text = _Lines(content, context)
    try:
        yield from _table(text, context)
    except csv.Error as error:
        yield context.whole(b"", problem=Problem("schema", f"header line: {error}"))
    except GaveUpError as failure:
        yield context.record(text.pending(), problem=failure.problem)
        return
    if text.problem:
        yield context.record(text.pending(), problem=text.problem)


def _table(text: _Lines, context: Context) -> Iterator[Record]:
    header = next(text, "")
    if not header.strip():
        yield context.whole(b"", problem=text.problem or Problem("empty", "no header line"))
        text.problem = None
        return
    delimiter = max(_DELIMITERS, key=header.count)
    # the parser's own limit is one for the whole process; ours is kept by _Lines
    csv.field_size_limit(max(csv.field_size_limit(), context.options.max_line_bytes + 1))
    text.unread(header)
    rows = csv.reader(text, delimiter=delimiter, strict=True)
    names = next(rows)
    text.row_done()
    fields = FieldFinder(context.options, context.report).of_paths([(name,) for name in names])
    if not fields.text:
        yield context.whole(b"", problem=Problem("schema", no_column(names, context.options.text_column)))
        return
    yield from _records(rows, text, _Row(names, fields, text.encoding, context))


def _records(rows: Iterator[list[str]], text: _Lines, row: _Row) -> Iterator[Record]:
    while True:
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            if text.problem:
                return
            yield row.unreadable(error, text)
            continue
        if text.problem:
            return
        if cells and (record := row.record(cells, text.row_done())):
            yield record


class _Row:
    """Turns the cells of a row into a record."""

    def __init__(self, names: list[str], fields: Fields, encoding: str, context: Context) -> None:
        self._context = context
        self._encoding = encoding
        self._width = len(names)
        places: dict[tuple[str, ...], int] = {(name,): index for index, name in reversed(list(enumerate(names)))}
        self._text = [(places[path], path in fields.html) for path in fields.text]
        self._url = [places[path] for path in fields.url]
        self._date = [places[path] for path in fields.date]
        self._language = [places[path] for path in fields.language]

    def record(self, cells: list[str], line: int) -> Record | None:
        context = self._context
        if len(cells) != self._width:
            detail = f"line {line:,}: {len(cells)} cells where the header has {self._width}"
            return context.record(self._bytes("\n".join(cells)), problem=Problem("schema", detail))
        if context.passes_over(next((cells[at] for at in self._language if cells[at]), None)):
            return None
        text, html = next(((cells[at], html) for at, html in self._text if cells[at]), ("", self._text[0][1]))
        return context.record(
            self._bytes(text),
            media="html" if html else "",
            charset=None if self._encoding == "utf-8" else "utf-8",
            url=next((cells[at] for at in self._url if is_address(cells[at])), None),
            fetched_at=next((time for at in self._date if (time := moment(cells[at]))), None),
        )

    def unreadable(self, error: csv.Error, text: _Lines) -> Record:
        """A row whose quotes cannot be right; at the end of the file it is one that was cut."""
        data = text.pending()
        code = "truncated" if "unexpected end" in str(error) else "schema"
        return self._context.record(data, problem=Problem(code, f"line {text.row_done():,}: {error}"))

    def _bytes(self, text: str) -> bytes:
        return text.encode("utf-8", "surrogateescape" if self._encoding == "utf-8" else "replace")


class _Lines(Iterator[str]):
    """Decoded lines with their ends for the CSV parser; stops before a gap and where a row is too long."""

    def __init__(self, content: Content, context: Context) -> None:
        options = context.options
        self._pieces = content.pieces(options.max_decoded_bytes, options.max_gap_bytes)
        self._limit = options.max_line_bytes
        self._ready: list[str] = []
        self._tail = ""
        self._row: list[str] = []
        self._row_size = 0
        self._row_line = 1
        self._ended = False
        self._decoder: codecs.IncrementalDecoder | None = None
        self.encoding = "utf-8"
        self.number = 0
        self.problem: Problem | None = None

    def __next__(self) -> str:
        while not self._ready and not self._ended:
            self._fill()
        if not self._ready:
            raise StopIteration
        line = self._ready.pop()
        self.number += 1
        self._row.append(line)
        self._count(len(line))
        return line

    def unread(self, line: str) -> None:
        """Hand out a line once more."""
        self._ready.append(line)
        self.number -= 1
        self._row.clear()
        self._row_size = 0

    def row_done(self) -> int:
        """The row is complete; the number of the line on which it began."""
        line, self._row_line = self._row_line, self.number + 1
        self._row.clear()
        self._row_size = 0
        return line

    def pending(self) -> bytes:
        """What has been read of a row that is not complete."""
        return ("".join(self._row) + self._tail)[: self._limit].encode("utf-8", "surrogateescape")

    def _count(self, size: int) -> None:
        self._row_size += size
        if self._row_size > self._limit:
            where = (
                f"the row that starts on line {self._row_line:,} is longer than {self._limit:,} characters, the limit"
            )
            raise GaveUpError("line_too_long", f"{where}; not read any further")

    def _fill(self) -> None:
        piece = next(self._pieces, b"")
        if isinstance(piece, Problem):
            self.problem = piece
            self._ended = True
            return
        self._ended = not piece
        if self._decoder is None:
            self._decoder = self._make_decoder(piece)
        lines = (self._tail + self._decoder.decode(piece, final=self._ended)).split("\n")
        self._tail = lines.pop()
        if self._row_size + len(self._tail) > self._limit:
            self._count(len(self._tail))
        self._ready = [line + "\n" for line in reversed(lines)]
        if self._ended and self._tail:
            self._ready.insert(0, self._tail)
            self._tail = ""

    def _make_decoder(self, head: bytes) -> codecs.IncrementalDecoder:
        if head.startswith(_WIDE_MARKS):
            self.encoding = "utf-16"
            return codecs.getincrementaldecoder("utf-16")("replace")
        return codecs.getincrementaldecoder("utf-8-sig")("surrogateescape")
