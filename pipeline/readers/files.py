"""One input file, open: read by offset, hashed as it is read for the first time, compared with itself at the end."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, Self, cast

from pipeline.errors import UsageError
from pipeline.model import Problem
from pipeline.readers.failures import GaveUpError

BLOCK = 1 << 18
_COPY = 1 << 20
_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_REMOTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*(?:://|::)")


def is_remote(path: str) -> bool:
    """Whether a path names a file system of its own (`s3://`, `hf://`, `memory://`), not a local file."""
    return _REMOTE.match(path) is not None


def unopened(error: OSError) -> Problem:
    """What a failed `open` or `scandir` means for the input."""
    if error.errno == errno.ELOOP:
        return Problem("symlink", "a symbolic link, which is not followed")
    if error.errno == errno.ENOENT:
        return Problem("changed_during_read", "vanished after the folder was listed")
    if error.errno in {errno.ENXIO, errno.ENODEV}:
        return Problem("not_a_regular_file", "a socket, pipe or device")
    return Problem("unreadable", error.strerror or str(error))


class OpenFile:
    """A regular file of a fixed size, read by offset through a window; close it or use it in a `with` block.

    `at` may go back (a large gzip member is decoded twice) and ahead (the footer of a Parquet file): each byte counts
    once for the hash, which goes on as the first gap-free pass does and is completed by `fingerprint`.
    """

    def __init__(self, handle: BinaryIO, size: int, identity: tuple[int, ...] = ()) -> None:
        self.handle = handle
        self.size = size
        self._identity = identity
        self._hash = hashlib.sha256()
        self._hashed = 0
        self.position = 0
        """Where the last read ended; a decoder that checks before it gives goes back once."""
        self._window = b""
        self._start = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.handle.close()

    def at(self, offset: int, size: int) -> bytes:
        """Up to `size` bytes from `offset`; fewer only where the file ends."""
        first = offset - self._start
        if first < 0 or (first + size > len(self._window) and self._start + len(self._window) < self.size):
            self._window, self._start, first = self._read(offset, max(size, BLOCK)), offset, 0
        return self._window[first : first + size]

    def pieces(self, start: int = 0) -> Iterator[bytes]:
        """The bytes from `start` to the end, in blocks; begins with what `at` has read already."""
        if start == self._start and self._window:
            yield self._window
            start += len(self._window)
        while start < self.size and (block := self._read(start, BLOCK)):
            yield block
            start += len(block)

    def fingerprint(self) -> str:
        """SHA-256 of the whole content, in hex; reads what has not been read yet."""
        for _ in self.pieces(self._hashed):
            pass
        return self._hash.hexdigest()

    def changed(self) -> bool:
        """Whether size, modification or status time differ from when the file was opened, or bytes went missing."""
        if self._hashed < self.size:
            return True
        return bool(self._identity) and _identity(os.fstat(self.handle.fileno())) != self._identity

    def _read(self, offset: int, size: int) -> bytes:
        self.handle.seek(offset)
        block = self.handle.read(max(0, min(size, self.size - offset)))
        self.position = end = offset + len(block)
        if offset <= self._hashed < end:
            self._hash.update(memoryview(block)[self._hashed - offset :] if self._hashed > offset else block)
            self._hashed = end
        return block


class BytesFile:
    """Bytes in memory with the interface of :class:`OpenFile` that decoders use."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.size = len(data)

    def at(self, offset: int, size: int) -> bytes:
        """As :meth:`OpenFile.at`."""
        return self._data[offset : offset + size]


def open_input(path: str, max_bytes: int) -> OpenFile:
    """Open a local file or copy a remote one.

    Never blocks on pipes and devices and never follows a link. Raises OSError and GaveUpError.
    """
    return _open_remote(path, max_bytes) if is_remote(path) else _open_local(path, max_bytes)


def _identity(status: os.stat_result) -> tuple[int, ...]:
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _refuse_irregular(mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise GaveUpError("not_a_regular_file", "a pipe, socket, device or folder")


def _refuse_large(size: int, max_bytes: int) -> None:
    if size > max_bytes:
        raise GaveUpError("too_large", f"{size:,} bytes; the limit for a file is {max_bytes:,}")


def _open_local(path: str, max_bytes: int) -> OpenFile:
    descriptor = os.open(path, _FLAGS)
    try:
        status = os.fstat(descriptor)
        _refuse_irregular(status.st_mode)
        _refuse_large(status.st_size, max_bytes)
        handle = os.fdopen(descriptor, "rb", buffering=0)
    except BaseException:
        os.close(descriptor)
        raise
    return OpenFile(cast(BinaryIO, handle), status.st_size, _identity(status))


def _open_remote(path: str, max_bytes: int) -> OpenFile:
    """A copy in memory, or on disk above 8 MiB: decoders go back, and a remote file may change under them."""
    system, name = remote_system(path)
    copy = cast(BinaryIO, SpooledTemporaryFile(max_size=8 << 20))  # noqa: SIM115 - OpenFile closes it
    try:
        size = 0
        with system.open(name, "rb") as remote:
            while block := remote.read(_COPY):
                size += len(block)
                _refuse_large(size, max_bytes)
                copy.write(block)
    except (OSError, GaveUpError):
        copy.close()
        raise
    except Exception as error:
        copy.close()
        raise OSError(f"{type(error).__name__}: {error}"[:300]) from error  # each file system has errors of its own
    return OpenFile(copy, size)


def remote_system(path: str) -> tuple[Any, str]:
    """The fsspec file system of a URL and the name in it. UsageError says which package is missing."""
    try:
        import fsspec
    except ImportError as error:
        raise UsageError(f"{path}: remote paths need fsspec", hint="pip install 'rolepages[remote]'") from error
    try:
        system, name = fsspec.core.url_to_fs(path)
    except (ImportError, ValueError) as error:
        raise UsageError(f"{path}: {error}", hint="install the fsspec package of this protocol") from error
    return system, name
