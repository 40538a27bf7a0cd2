"""What reading one input file showed: the manifest's facts about an input."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class FileReport:
    """One input file after its last record was read; all sizes in bytes."""

    source: str
    """Path below the raw folder, as in :attr:`pipeline.model.Record.source`."""
    size: int = 0
    """Size when it was opened; what was appended later is not read."""
    position: int = 0
    """How far it has been read when its last record was given."""
    sha256: str | None = None
    """Of the bytes as stored; None when the file was refused before it was read."""
    container: str = ""
    """Name of the container's kind in :data:`pipeline.readers.CONTAINERS`, "" when it has none."""
    compression: str = ""
    """`gzip`, `zstd`, `bzip2`, `xz`, or "" for none."""
    checks: Counter[str] = field(default_factory=Counter)
    """Kind of checksum -> number of members or frames that carry it; `none` counts those without one."""
    decoded_bytes: int = 0
    """What its compression held."""
    records: int = 0
    """Records handed out, those with a problem included."""
    problems: Counter[str] = field(default_factory=Counter)
    """Code of a problem -> number of records."""
    skipped: Counter[str] = field(default_factory=Counter)
    """What was passed over on purpose -> how often: WARC requests, images, unwanted languages."""
    notes: Counter[str] = field(default_factory=Counter)
    """What was mended on the way -> how often: byte order marks, JSON that only the lenient parser reads."""
    changed: bool = False
    """The file changed between its first and its last read."""

    @property
    def checksum(self) -> str:
        """What protects the content against flipped bits, in words: "zstd checksum: none"."""
        if not self.compression:
            return "not compressed: no checksum"
        kinds = ", ".join(sorted(self.checks)) or "none"
        return f"{self.compression} checksum: {kinds}"
