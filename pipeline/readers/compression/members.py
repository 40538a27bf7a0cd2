"""gzip, bzip2 and xz through the standard library, in pieces of bounded size."""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Iterator

from pipeline.readers.compression.unit import Bytes
from pipeline.readers.failures import BrokenError, CutError
from pipeline.readers.options import ReadOptions

# members of web archives are small: what is read beyond one is copied once more
_FIRST_READ = 1 << 13
_LONGEST_READ = 1 << 16
PIECE = 1 << 18
_XZ_MEMORY = 256 << 20
_XZ_CHECKS = {
    lzma.CHECK_NONE: "none",
    lzma.CHECK_CRC32: "crc32",
    lzma.CHECK_CRC64: "crc64",
    lzma.CHECK_SHA256: "sha256",
}


class GzipMember:
    """One gzip member (RFC 1952); its CRC and length are checked by zlib at its end."""

    name = "gzip member"
    check = "crc32"
    counts = 1

    def __init__(self, file: Bytes, start: int, _: ReadOptions) -> None:
        self._file = file
        self._start = start
        self.end = start

    def __iter__(self) -> Iterator[bytes]:
        decoder = self._decoder()
        at = self._start
        size = _FIRST_READ
        try:
            while not decoder.eof:
                block = decoder.unconsumed_tail
                if not block:
                    block = self._file.at(at, size)
                    at += len(block)
                    size = min(size * 2, _LONGEST_READ)
                if piece := decoder.decompress(block, PIECE):
                    yield piece
                elif not block and not decoder.eof:
                    # zlib takes a stream's last bytes in before it has given all of them out, and its end with them
                    raise _cut(self.name, self._start, at)
        except zlib.error as error:
            raise _broken(self.name, self._start, at, str(error)) from None
        self.end = at - len(decoder.unused_data)

    def _decoder(self) -> zlib._Decompress:
        return zlib.decompressobj(zlib.MAX_WBITS | 16)


class ZlibStream(GzipMember):
    """One zlib stream (RFC 1950), as `Content-Encoding: deflate` means it; its Adler-32 is checked."""

    name = "zlib stream"
    check = "adler32"

    def _decoder(self) -> zlib._Decompress:
        return zlib.decompressobj(zlib.MAX_WBITS)


class DeflateStream(GzipMember):
    """One bare deflate stream (RFC 1951), as some servers understand `Content-Encoding: deflate`."""

    name = "deflate stream"
    check = "none"

    def _decoder(self) -> zlib._Decompress:
        return zlib.decompressobj(-zlib.MAX_WBITS)


class _Stream:
    name: str
    check: str
    counts = 1

    def __init__(self, file: Bytes, start: int, _: ReadOptions) -> None:
        self._file = file
        self._start = start
        self.end = start

    def __iter__(self) -> Iterator[bytes]:
        decoder = self._decoder()
        at = self._start
        try:
            while not decoder.eof:
                block = self._file.at(at, _LONGEST_READ) if decoder.needs_input else b""
                if decoder.needs_input and not block:
                    raise _cut(self.name, self._start, at)
                at += len(block)
                if piece := decoder.decompress(block, PIECE):
                    yield piece
        except (OSError, EOFError, ValueError, lzma.LZMAError) as error:
            raise _broken(self.name, self._start, at, str(error)) from None
        self.end = at - len(decoder.unused_data)

    def _decoder(self) -> bz2.BZ2Decompressor | lzma.LZMADecompressor:
        raise NotImplementedError


class Bzip2Stream(_Stream):
    """One bzip2 stream; each of its blocks and the whole carry a CRC."""

    name = "bzip2 stream"
    check = "crc32"

    def _decoder(self) -> bz2.BZ2Decompressor:
        return bz2.BZ2Decompressor()


class XzStream(_Stream):
    """One xz stream; most carry CRC64. One that needs more than 256 MiB of memory is refused."""

    name = "xz stream"

    def __init__(self, file: Bytes, start: int, options: ReadOptions) -> None:
        super().__init__(file, start, options)
        flags = file.at(start, 8)[7:]
        self.check = _XZ_CHECKS.get(flags[0] & 0x0F if flags else lzma.CHECK_CRC64, "unknown")

    def _decoder(self) -> lzma.LZMADecompressor:
        return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY)


def _cut(name: str, start: int, end: int) -> CutError:
    return CutError("truncated", f"the {name} that starts at byte {start:,} ends early at byte {end:,}")


def _broken(name: str, start: int, end: int, error: str) -> BrokenError:
    code = "checksum" if "incorrect data check" in error or "incorrect length check" in error else "decompress"
    return BrokenError(code, f"the {name} that starts at byte {start:,} breaks before byte {end:,}: {error}")
