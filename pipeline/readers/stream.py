"""A window over decoded content: framed records are found in it, and it can go back when a length was a lie."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from pipeline.model import Problem


class Stream:
    """Decoded content read forward through a buffer; offsets are bytes of decoded content.

    Reading stops at a gap (bytes are missing there, `gap` says why) until `cross` goes over it.
    """

    def __init__(self, start: Callable[[], Iterator[bytes | Problem]]) -> None:
        self._restart = start
        self._pieces = start()
        self.buffer = bytearray()
        self.offset = 0
        """Offset of the buffer's first byte."""
        self.gap: Problem | None = None
        self.ended = False

    def fill(self, size: int) -> int:
        """Buffer `size` bytes, fewer before a gap or the end; says how many there are."""
        while len(self.buffer) < size and self._more():
            pass
        return len(self.buffer)

    def take(self, size: int) -> bytes:
        """Remove the first `size` bytes of the buffer."""
        with memoryview(self.buffer) as view:
            data = bytes(view[:size])
        self.drop(size)
        return data

    def drop(self, size: int) -> None:
        """Forget the first `size` bytes of the buffer."""
        size = min(size, len(self.buffer))
        del self.buffer[:size]
        self.offset += size

    def find(self, pattern: re.Pattern[bytes], start: int, limit: int) -> re.Match[bytes] | None:
        """The first match that begins between `start` and `limit` of the buffer, which is filled as far as needed."""
        size = min(limit, max(start + 4096, len(self.buffer)))
        while True:
            filled = self.fill(size)
            match = pattern.search(self.buffer, start, limit)
            if match or filled < size or size >= limit:
                return match
            size = min(limit, size * 4)

    def cross(self) -> Problem | None:
        """Go over the gap: what is buffered is dropped, and the reason for the gap returned."""
        gap, self.gap = self.gap, None
        self.drop(len(self.buffer))
        return gap

    def rewind(self, offset: int) -> None:
        """Start again at `offset` by decoding from the beginning; gaps before it are known already."""
        self._pieces = self._restart()
        self.buffer.clear()
        self.offset = 0
        self.gap = None
        self.ended = False
        while self.offset < offset:
            if not self.fill(1) and self.cross() is None:
                return
            self.drop(min(len(self.buffer), offset - self.offset))

    def _more(self) -> bool:
        if self.gap or self.ended:
            return False
        piece = next(self._pieces, None)
        if piece is None:
            self.ended = True
            return False
        if isinstance(piece, Problem):
            self.gap = piece
            return False
        self.buffer += piece
        return True
