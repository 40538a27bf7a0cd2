"""zstd frames (RFC 8878), fed to the library block by block.

The library's stream reader takes a cut frame for a finished one, and its push decoder turns one kilobyte into 32 MiB
where a frame says so. The block headers tell where a frame ends and bound each step to one block: 128 KiB of output.
"""

from __future__ import annotations

from collections.abc import Iterator

import zstandard

from pipeline.readers.compression.unit import Bytes
from pipeline.readers.failures import BrokenError, CutError
from pipeline.readers.options import ReadOptions

FRAME_MAGIC = b"\x28\xb5\x2f\xfd"
SKIPPABLE_MAGIC = tuple(bytes([low]) + b"\x2a\x4d\x18" for low in range(0x50, 0x60))
_LONGEST_HEADER = 18
_CHECKSUM_SIZE = 4
_RLE = 1
_RESERVED = 3


class ZstdFrame:
    """One zstd frame, or a skippable frame, which holds no data. Most frames carry no checksum."""

    def __init__(self, file: Bytes, start: int, options: ReadOptions) -> None:
        self._file = file
        self._start = start
        self._max_window = options.max_zstd_window_bytes
        self.end = start
        head = file.at(start, _LONGEST_HEADER)
        self._skippable = head.startswith(SKIPPABLE_MAGIC)
        self._header = b"" if self._skippable else head
        self.counts = int(not self._skippable)
        # bit 2 of the frame header descriptor: a content checksum follows the last block
        self.check = "xxh64" if not self._skippable and len(head) > 4 and head[4] & 4 else "none"

    def __iter__(self) -> Iterator[bytes]:
        if self._skippable:
            self._skip()
            return
        offset = self._start + self._header_size()
        decoder = zstandard.ZstdDecompressor(max_window_size=self._max_window).decompressobj()
        try:
            decoder.decompress(self._header[: offset - self._start])
            last = False
            while not last:
                block, last = self._block(offset)
                offset += len(block)
                if piece := decoder.decompress(block):
                    yield piece
            if self.check != "none":
                decoder.decompress(self._exactly(offset, _CHECKSUM_SIZE))
                offset += _CHECKSUM_SIZE
        except zstandard.ZstdError as error:
            code = "checksum" if "checksum" in str(error) else "decompress"
            raise BrokenError(code, f"{self._place()} breaks at byte {offset:,}: {error}") from None
        self.end = offset

    def _header_size(self) -> int:
        """Length of the frame's header, which is checked against the limits."""
        try:
            frame = zstandard.get_frame_parameters(self._header)
            size = zstandard.frame_header_size(self._header)
        except zstandard.ZstdError as error:
            if self._start + len(self._header) >= self._file.size and len(self._header) < _LONGEST_HEADER:
                raise self._cut(self._file.size) from None
            raise BrokenError("decompress", f"{self._place()} has no readable header: {error}") from None
        if frame.window_size > self._max_window:
            needed = f"{self._place()} needs a window of {frame.window_size:,} bytes"
            raise BrokenError("zstd_window", f"{needed}; the limit is {self._max_window:,}")
        if frame.dict_id:
            raise BrokenError(
                "decompress", f"{self._place()} needs dictionary {frame.dict_id}, which is not in the file"
            )
        return size

    def _block(self, offset: int) -> tuple[bytes, bool]:
        """One block with its header, and whether it is the frame's last."""
        head = int.from_bytes(self._exactly(offset, 3), "little")
        kind = head >> 1 & 3
        if kind == _RESERVED:
            raise BrokenError("decompress", f"{self._place()} breaks at byte {offset:,}: a block of no known kind")
        return self._exactly(offset, 3 + (1 if kind == _RLE else head >> 3)), bool(head & 1)

    def _skip(self) -> None:
        size = int.from_bytes(self._exactly(self._start + 4, 4), "little")
        self.end = self._start + 8 + size
        if self.end > self._file.size:
            raise self._cut(self._file.size)

    def _exactly(self, offset: int, size: int) -> bytes:
        data = self._file.at(offset, size)
        if len(data) < size:
            raise self._cut(offset + len(data))
        return data

    def _cut(self, end: int) -> CutError:
        return CutError("truncated", f"{self._place()} ends early at byte {end:,}")

    def _place(self) -> str:
        return f"the zstd frame that starts at byte {self._start:,}"
