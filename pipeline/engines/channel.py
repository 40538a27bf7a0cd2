"""Messages between a supervisor and its workers: a kind, and any number of parts, over a socket."""

from __future__ import annotations

import socket
import struct
from collections.abc import Sequence
from typing import Any, NamedTuple

_HEAD = struct.Struct("<4sI")
_LENGTH = struct.Struct("<Q")
_LARGE = 1 << 16
"""Bytes of a part for which memory is taken as it is, not cleared first, which would cost as much as to fill it."""
Part = bytearray | memoryview


class Message(NamedTuple):
    """What came over a channel; `kind` has four bytes."""

    kind: bytes
    parts: list[Part]


class ClosedError(Exception):
    """The other side is gone."""


class Channel:
    """One end of a pair of connected sockets."""

    def __init__(self, end: socket.socket) -> None:
        self.socket = end

    def fileno(self) -> int:
        """The descriptor to wait for."""
        return self.socket.fileno()

    def send(self, kind: bytes, parts: Sequence[Any] = ()) -> None:
        """Sends a message, each part something with the buffer protocol.

        Raises:
            ClosedError: the other side is gone, or does not read within the socket's timeout.
        """
        views = [memoryview(part).cast("B") for part in parts]
        head = _HEAD.pack(kind, len(views)) + b"".join(_LENGTH.pack(len(view)) for view in views)
        try:
            self.socket.sendall(head)
            for view in views:
                self.socket.sendall(view)
        except OSError as error:
            raise ClosedError(str(error)) from error

    def receive(self) -> Message:
        """The next message.

        Raises:
            ClosedError: the other side is gone, or stopped in the middle for longer than the socket's timeout.
        """
        kind, count = _HEAD.unpack(self._read(_HEAD.size))
        lengths = [_LENGTH.unpack(self._read(_LENGTH.size))[0] for _ in range(count)]
        return Message(kind, [self._read(length) for length in lengths])

    def close(self) -> None:
        """Hangs up."""
        self.socket.close()

    def _read(self, size: int) -> Part:
        data = bytearray(size) if size < _LARGE else _uncleared(size)
        view = memoryview(data)
        filled = 0
        try:
            while filled < size:
                received = self.socket.recv_into(view[filled:])
                if not received:
                    raise ClosedError("hung up")
                filled += received
        except OSError as error:
            raise ClosedError(str(error)) from error
        return data


def _uncleared(size: int) -> memoryview:
    import pyarrow as pa  # loaded already in whoever gets rows; a nursery starts without it

    return memoryview(pa.allocate_buffer(size))
