"""What a run is told, what it says while it works, and what it reports at its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to run; nothing here changes the content of a table, but for the columns and languages that are read."""

    workers: int = 0
    """Worker processes; 0 means one for each core that this process may use."""
    symlinks: bool = True
    """False for file systems without symbolic links: the stable names are then copies."""
    keep_runs: int = 3
    """Number of published runs to keep, the new one included."""
    allow_empty: bool = False
    """Publish also when no document could be parsed."""
    cache: bool = True
    """Keep what was parsed for the next run, and use what earlier runs have kept."""
    text_column: str = ""
    """Column of JSON lines, CSV or Parquet that holds the pages, as :class:`pipeline.readers.ReadOptions` has it; "" where
    its name is one of the usual ones. Likewise the three below."""
    url_column: str = ""
    date_column: str = ""
    language_column: str = ""
    languages: frozenset[str] = frozenset()
    """Read only records in these languages, where the dump has a column that says it; empty for all."""

    @property
    def reading(self) -> dict[str, Any]:
        """What is said here of :class:`pipeline.readers.ReadOptions`, by the names there."""
        found = {f"{what}_column": getattr(self, f"{what}_column") for what in ("text", "url", "date", "language")}
        return {name: column or None for name, column in found.items()} | {"languages": self.languages}


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a run has come."""

    step: str
    """What is being done, for people: "read", "resolve", "publish"."""
    documents: int = 0
    """Documents done so far, whatever became of them."""
    bytes_done: int = 0
    """Bytes of input files done so far, as they lie on the disk."""
    bytes_total: int = 0
    """Bytes of all input files; 0 as long as that is unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """One document that was not parsed, as an example for people."""

    source: str
    reason: str
    """As in `documents.reason`: a code, a colon, one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a finished run did. Documents always balance: seen = parsed + duplicate + quarantined."""

    run_id: str
    folder: Path | str
    """The run folder, which never changes; an address where it is not on this machine."""
    is_new: bool
    """False when the very same tables were published before."""
    parsed: int
    duplicate: int
    quarantined: int
    rows: Mapping[str, int]
    """Rows per table."""
    unparsed_lines: int
    ambiguous_cells: int
    seconds: float
    reasons: Mapping[str, int] = field(default_factory=dict)
    """Quarantined documents by the code of :data:`pipeline.errors.REASONS`."""
    examples: tuple[Quarantined, ...] = ()
    """Some quarantined documents, by their sources: at most :data:`EXAMPLES` of each code."""
    skipped: Mapping[str, int] = field(default_factory=dict)
    """Records that were passed over on purpose, by what they are: WARC requests, images, languages not asked for."""
    warnings: tuple[str, ...] = ()
    """What did not go well, but changes no table; one line each."""

    @property
    def seen(self) -> int:
        """Documents in all."""
        return self.parsed + self.duplicate + self.quarantined


EXAMPLES = 10
"""Quarantined documents of one code that are worth a line each; the others are counted."""
