"""What a container's reader gets: the decoded content of one file, and a counter that names its records."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from tempfile import TemporaryFile
from typing import BinaryIO, cast

from pipeline.model import Problem, Record, new_record
from pipeline.readers.compression import Budget, Codec, Decoder
from pipeline.readers.failures import BrokenError
from pipeline.readers.files import OpenFile
from pipeline.readers.options import ReadOptions
from pipeline.readers.report import FileReport


class Content:
    """The content of one open file without its compression, from the start as often as asked for."""

    def __init__(self, file: OpenFile, codec: Codec | None, options: ReadOptions, report: FileReport) -> None:
        self._file = file
        self._codec = codec
        self._options = options
        self._report = report

    @property
    def compressed(self) -> bool:
        """Whether offsets into the content are not offsets into the file."""
        return self._codec is not None

    @property
    def stored_bytes(self) -> int:
        """Size of the file as stored."""
        return self._file.size

    def pieces(self, max_bytes: int, max_gap: int = 0) -> Iterator[bytes | Problem]:
        """Pieces of at most 256 KiB; a Problem stands where bytes are missing. The limits are on what is decoded."""
        if self._codec is None:
            yield from self._file.pieces()
            return
        budget = Budget(max_bytes, max_gap)
        decoder = Decoder(self._file, self._codec, self._options, budget)
        try:
            yield from decoder
        finally:
            self._report.decoded_bytes = max(self._report.decoded_bytes, budget.spent)
            self._report.checks = self._report.checks | decoder.checks

    def seekable(self) -> BinaryIO:
        """A file to go back and forth in: the input itself, or a temporary one with what it decodes to.

        The caller closes it. Raises BrokenError when the compression cannot be undone to its end.
        """
        if self._codec is None:
            self._file.fingerprint()
            return cast(BinaryIO, os.fdopen(os.dup(self._file.handle.fileno()), "rb", buffering=0))
        copy = cast(BinaryIO, TemporaryFile())  # noqa: SIM115 - the caller closes it
        for piece in self.pieces(self._options.max_decoded_bytes):
            if isinstance(piece, Problem):
                copy.close()
                raise BrokenError(*piece)
            copy.write(piece)
        copy.seek(0)
        return copy


@dataclass(slots=True)
class Context:
    """The file that is being read, and how many of its records have been met."""

    source: str
    options: ReadOptions
    report: FileReport
    number: int = 0

    def record(
        self,
        data: bytes,
        *,
        problem: Problem | None = None,
        media: str = "",
        charset: str | None = None,
        url: str | None = None,
        fetched_at: datetime | None = None,
    ) -> Record:
        """The next record, named `source#n`."""
        self.number += 1
        if charset and not charset.isascii():
            charset = whole_text(charset)
        if url and not url.isascii():
            url = whole_text(url)
        return new_record((f"{self.source}#{self.number}", data, media, charset, url, fetched_at, problem))

    def skip(self, what: str) -> None:
        """Count a record that is passed over on purpose; it has a number too."""
        self.number += 1
        self.report.skipped[what] += 1

    def passes_over(self, language: object) -> bool:
        """Whether a record is not in the languages asked for; it is counted then. One without a language is read.

        Codes are compared as people mean them: "en" asks for "en-US", "EN_gb" and fastText's "__label__en" too.
        """
        wanted = self.options.languages
        if not wanted or not isinstance(language, str) or not language:
            return False
        code = language.removeprefix("__label__").lower().replace("_", "-")
        if code in wanted or code.partition("-")[0] in wanted:
            return False
        self.skip(f"language {code[:20]}")
        return True

    def whole(self, data: bytes, *, problem: Problem | None = None, media: str = "") -> Record:
        """The file itself as a record: it holds one document, or its problem is that of all it holds."""
        return Record(self.source, data, media, problem=problem)


def whole_text(text: str) -> str:
    """The text with U+FFFD for lone surrogates, which JSON can hold and no table can."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
