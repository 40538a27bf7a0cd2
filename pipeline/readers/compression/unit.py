"""What the decoders share: one unit of compressed data, between two offsets of a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol


class Bytes(Protocol):
    """Something that is read by offset."""

    size: int

    def at(self, offset: int, size: int) -> bytes:
        """Up to `size` bytes from `offset`; fewer only where it ends."""
        ...


class Unit(Protocol):
    """One gzip member, zstd frame, bzip2 or xz stream; iterating decodes it, again each time.

    Iteration raises CutError where the file ends within the unit and BrokenError where its content cannot be right.
    """

    check: str
    """Kind of its checksum, or `none`."""
    counts: int
    """1, or 0 for a unit that never holds data."""
    end: int
    """Offset of the first byte behind it, once it was decoded."""

    def __iter__(self) -> Iterator[bytes]: ...
