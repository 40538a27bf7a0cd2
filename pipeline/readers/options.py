"""What a caller may say about reading: limits, and names of columns that cannot be guessed."""

from __future__ import annotations

from dataclasses import dataclass

KIB = 1 << 10
MIB = 1 << 20
GIB = 1 << 30


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """Limits in bytes, and the columns of JSON lines, CSV and Parquet where their names are not the usual ones.

    The limits keep memory and time bounded whatever a file claims; a file or record above one is a record with a
    problem, never an exception.
    """

    text_column: str | None = None
    """Field that holds the page, as text or HTML; `a.b` for a field in a field. Likewise the three below."""
    url_column: str | None = None
    date_column: str | None = None
    language_column: str | None = None
    languages: frozenset[str] = frozenset()
    """Keep only records in these languages, in lower case ("en"); others are skipped and counted. Empty keeps all."""

    max_file_bytes: int = 4 * GIB
    """Size of one input file as stored."""
    max_document_bytes: int = 16 * MIB
    """Size of one document, after all decoding."""
    max_line_bytes: int = 8 * MIB
    """Length of one JSON line or CSV row."""
    max_gap_bytes: int = 256 * MIB
    """A compressed file of records is given up after so much without a line's end: it is a bomb, not a dump."""
    max_decoded_bytes: int = 20 * GIB
    """What one compressed file may decode to, and the page column of one Parquet file."""
    max_zstd_window_bytes: int = 32 * MIB
    max_header_bytes: int = 64 * KIB
    """Length of one WARC, ARC or HTTP header."""
    max_held_bytes: int = 32 * MIB
    """Decoded data that is held in memory until its checksum is known; longer members are decoded twice instead."""
    check_digests: bool = True
    """Compare WARC records with their `WARC-Block-Digest`."""

    @property
    def columns(self) -> dict[str, str]:
        """The columns that are given, by the names of their options."""
        found = {f"{what}_column": getattr(self, f"{what}_column") for what in ("text", "url", "date", "language")}
        return {name: column for name, column in found.items() if column}
