"""What reading one input file showed: the manifest's facts about an input."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pipeline.errors import UsageError


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
    met: set[str] = field(default_factory=set)
    """Options of :class:`pipeline.readers.ReadOptions` that name a column which the file has."""
    lacks: dict[str, str] = field(default_factory=dict)
    """Those that name a column which it, or one of its records, lacks -> one line that lists what is there."""

    @property
    def checksum(self) -> str:
        """What protects the content against flipped bits, in words: "zstd checksum: none"."""
        if not self.compression:
            return "not compressed: no checksum"
        kinds = ", ".join(sorted(self.checks)) or "none"
        return f"{self.compression} checksum: {kinds}"


class GivenColumns:
    """Whether the columns that a run was told to read are anywhere in the dump: one that no input has is a slip in the call."""

    def __init__(self) -> None:
        self._met: set[str] = set()
        self._lacks: dict[str, tuple[str, str]] = {}

    def add(self, source: str, met: Iterable[str], lacks: Mapping[str, str]) -> None:
        """Takes what one input showed, as :class:`FileReport` has it."""
        self._met.update(met)
        for option, there in lacks.items():
            self._lacks[option] = min((source, there), self._lacks.get(option, (source, there)))

    def check(self) -> None:
        """Raises UsageError when inputs were looked at for a column and none has it."""
        for option, (source, there) in sorted(self._lacks.items()):
            if option not in self._met:
                flag = f"--{option.replace('_', '-')}"
                raise UsageError(f"{source}: {there}", hint=f"name one of them with {flag}; no input has the one given")
