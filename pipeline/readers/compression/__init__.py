"""Compressed files, member by member: nothing is handed out that its checksum does not confirm, and no end is quiet.

The libraries' own file objects hand out data before they check it, and several take a cut file for a whole one
(zstandard, FastWARC). Here each gzip member, zstd frame, bzip2 or xz stream is a *unit* with an end that must be seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.model import Problem
from pipeline.readers.compression.members import Bzip2Stream, DeflateStream, GzipMember, XzStream, ZlibStream
from pipeline.readers.compression.unit import Bytes, Unit
from pipeline.readers.compression.zstd import FRAME_MAGIC, SKIPPABLE_MAGIC, ZstdFrame
from pipeline.readers.failures import BrokenError, CutError, GaveUpError, ReadError
from pipeline.readers.files import BytesFile
from pipeline.readers.options import ReadOptions

_TRIES = 1000
_SEARCH = 1 << 18


@dataclass(frozen=True, slots=True)
class Codec:
    """One kind of compression: what its files are called, how its units begin, and how one is read."""

    name: str
    suffixes: tuple[str, ...]
    magic: tuple[bytes, ...]
    unit: Callable[[Bytes, int, ReadOptions], Unit]


CODECS = (
    Codec("gzip", (".gz", ".gzip"), (b"\x1f\x8b\x08",), GzipMember),
    Codec("zstd", (".zst", ".zstd"), (FRAME_MAGIC, *SKIPPABLE_MAGIC), ZstdFrame),
    Codec("bzip2", (".bz2",), tuple(b"BZh%d1AY&SY" % level for level in range(1, 10)), Bzip2Stream),
    Codec("xz", (".xz",), (b"\xfd7zXZ\x00",), XzStream),
)
"""Every kind of compression, told by content; the name of a file is believed by nobody."""


def codec_of(head: bytes) -> Codec | None:
    """The compression that the first bytes of a file show, if any."""
    for codec in CODECS:
        if head.startswith(codec.magic):
            return codec
    return None


def first_bytes(file: Bytes, codec: Codec, options: ReadOptions) -> bytes:
    """The first bytes that a compressed file decodes to, as far as it can be decoded; for telling what it holds."""
    offset = 0
    try:
        while file.at(offset, 16).startswith(codec.magic):
            unit = codec.unit(file, offset, options)
            for piece in unit:
                return piece
            offset = unit.end
    except ReadError:
        pass
    return b""


class Budget:
    """What one file may decode to: in all, and (for files of records) between two line ends."""

    def __init__(self, max_bytes: int, max_gap: int = 0) -> None:
        self.spent = 0
        self._max_bytes = max_bytes
        self._max_gap = max_gap
        self._gap = 0

    def spend(self, piece: bytes) -> None:
        """Count a decoded piece. Raises GaveUpError when a limit is passed."""
        self.spent += len(piece)
        if self.spent > self._max_bytes:
            raise GaveUpError("too_large", f"decodes to more than {self._max_bytes:,} bytes, the limit")
        if self._max_gap:
            last = piece.rfind(b"\n")
            self._gap = len(piece) - last - 1 if last >= 0 else self._gap + len(piece)
            if self._gap > self._max_gap:
                raise GaveUpError("too_large", f"decodes to {self._max_gap:,} bytes without a line's end")


class Decoder:
    """Decodes one file from its start: an iterable of bytes in order, with a Problem where something is missing.

    A problem in the middle says that bytes are lost between the pieces before and after it.
    """

    def __init__(self, file: Bytes, codec: Codec, options: ReadOptions, budget: Budget) -> None:
        self.checks: Counter[str] = Counter()
        self._file = file
        self._codec = codec
        self._options = options
        self._budget = budget

    def __iter__(self) -> Iterator[bytes | Problem]:
        offset = 0
        while 0 <= offset < self._file.size:
            unit = self._codec.unit(self._file, offset, self._options)
            try:
                yield from self._released(unit)
                self.checks[unit.check] += unit.counts
                offset = unit.end
                if self._file.at(offset, 16).startswith(self._codec.magic):
                    continue
                if self._only_zeros(offset):
                    return
                problem = self._garbage(offset)
            except CutError as cut:
                yield cut.problem
                return
            except GaveUpError as failure:
                yield failure.problem
                return
            except BrokenError as broken:
                offset, problem = offset + 1, broken.problem
            yield problem
            offset = self._next_unit(offset)

    def _released(self, unit: Unit) -> Iterator[bytes]:
        """The unit's bytes: at once where it has no checksum, else when the checksum is known to be right."""
        if unit.check == "none":
            for piece in unit:
                self._budget.spend(piece)
                yield piece
            return
        held, cut = self._hold(unit)
        yield from unit if held is None else held
        if cut:
            raise cut

    def _hold(self, unit: Unit) -> tuple[list[bytes] | None, CutError | None]:
        """Decode to the end of the unit; None instead of its bytes when they are more than memory should hold."""
        held: list[bytes] = []
        size = 0
        try:
            for piece in unit:
                self._budget.spend(piece)
                size += len(piece)
                if size <= self._options.max_held_bytes:
                    held.append(piece)
                else:
                    held.clear()
        except CutError as cut:
            return (held, cut) if size <= self._options.max_held_bytes else (None, None)
        return (held if size <= self._options.max_held_bytes else None), None

    def _garbage(self, offset: int) -> Problem:
        left = self._file.size - offset
        return Problem("trailing_garbage", f"{left:,} bytes that are not {self._codec.name} from byte {offset:,}")

    def _only_zeros(self, offset: int) -> bool:
        """Whether nothing follows but padding, as tapes and block devices leave it."""
        while block := self._file.at(offset, _SEARCH):
            if block.strip(b"\0"):
                return False
            offset += len(block)
        return True

    def _next_unit(self, offset: int) -> int:
        """Offset of the next unit that decodes, from `offset` on; -1 when there is none."""
        longest = max(map(len, self._codec.magic))
        tries = 0
        while offset < self._file.size and tries < _TRIES:
            block = self._file.at(offset, _SEARCH)
            found = min((at for magic in self._codec.magic if (at := block.find(magic)) >= 0), default=-1)
            if found < 0:
                offset += max(1, len(block) - longest + 1)
                continue
            offset += found
            tries += 1
            if self._begins(offset):
                return offset
            offset += 1
        return -1

    def _begins(self, offset: int) -> bool:
        try:
            for piece in self._codec.unit(self._file, offset, self._options):
                return bool(piece)
        except ReadError:
            return False
        return True


_ENCODINGS = {codec.name: codec for codec in CODECS} | {
    "zlib": Codec("zlib", (), (b"\x78",), ZlibStream),
    "deflate": Codec("deflate", (), (b"",), DeflateStream),
}


def decoded(data: bytes, encoding: str, options: ReadOptions) -> bytes:
    """All of `data`, decoded in memory within the limit for a document; what follows its end is ignored.

    `encoding` is the name of a codec, `zlib` or `deflate`. Raises BrokenError and GaveUpError.
    """
    unit = _ENCODINGS[encoding].unit(BytesFile(data), 0, options)
    budget = Budget(options.max_document_bytes)
    pieces = []
    try:
        for piece in unit:
            budget.spend(piece)
            pieces.append(piece)
    except CutError as cut:
        raise BrokenError(*cut.problem) from None
    return b"".join(pieces)
