"""File operations whose effect survives a power failure, and one clear line when they fail.

The order matters (see Pillai et al., "All file systems are not created equal", OSDI 2014): the content of files first, then
the folder that names them, then the rename, then the folder that holds the renamed. A failed fsync is never tried again:
the kernel may have dropped the pages, and the second call would succeed without them.
"""

from __future__ import annotations

import errno
import hashlib
import io
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from pipeline.errors import OutputError

_HINTS = {
    errno.ENOSPC: "free some space, or write to another disk",
    errno.EDQUOT: "the quota is used up: free some space, or write to another disk",
    errno.EFBIG: "the limit on file sizes (ulimit -f) is too low",
    errno.EROFS: "the file system is read-only: choose another --out",
    errno.EACCES: "no right to write there: choose another --out, or change its owner or mode",
    errno.EPERM: "no right to write there, or no symbolic links: choose another --out, or try --no-symlinks",
    errno.EIO: "the disk reports an error: check it before the next run",
    errno.ENOTDIR: "a file is where a folder should be: choose another --out",
    errno.EISDIR: "a folder is where a file should be: move it away, or choose another --out",
    errno.ENOTEMPTY: "a folder is in the way: move it away, or choose another --out",
    errno.EEXIST: "something else is in the way: move it away, or choose another --out",
    errno.ELOOP: "symbolic links lead in a circle: choose another --out",
    errno.ENAMETOOLONG: "the path is too long: choose another --out",
}


@contextmanager
def writing(path: Path, doing: str = "cannot write") -> Iterator[None]:
    """Turns an OSError into an :class:`OutputError` that names the file, or `path` where the error names none."""
    try:
        yield
    except OSError as error:
        name = error.filename if isinstance(error.filename, str) else str(path)
        reason = error.strerror or str(error).splitlines()[0]
        raise OutputError(f"{name}: {doing}: {reason}", hint=_HINTS.get(error.errno or 0, "")) from error


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A file to write, which takes the place of the one at `path` when all is written; after an error that one is as before.

    A link stays a link: what it leads to is replaced. A pipe or a device is written to as it is.

    Raises:
        OutputError: it cannot be written.
    """
    with writing(path):
        place = Path(os.path.realpath(path))
        is_device = os.path.lexists(place) and not place.is_file()
        if is_device or path.is_relative_to("/dev"):  # /dev/stdout may be a file that others write to, too
            with path.open("wb") as file:  # which says so where it is a folder
                yield file
            return
        if place.exists() and not os.access(place, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        partial = place.with_name(f".rolepages-{os.getpid()}.partial")
        try:
            with _opened_beside(partial, path) as file:
                yield file
            if place.exists():
                shutil.copymode(place, partial)
            partial.replace(place)
        finally:
            with suppress(OSError):
                partial.unlink()


def _opened_beside(partial: Path, path: Path) -> IO[bytes]:
    try:
        return partial.open("wb")
    except OSError as error:  # of the file that was asked for, not of one that nobody knows
        raise OSError(error.errno, error.strerror, str(path)) from error


class HashingFile(io.RawIOBase):
    """A new file, open for writing from start to end, that knows the SHA-256 of what was written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0
        self._hash = hashlib.sha256()
        self._file = path.open("xb", buffering=1 << 20)

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: Any) -> int:
        """Writes all of `data`."""
        view = memoryview(data).cast("B")
        self._hash.update(view)
        self.size += len(view)
        return self._file.write(view)

    def tell(self) -> int:
        """Number of bytes written."""
        return self.size

    def hexdigest(self) -> str:
        """SHA-256 of what was written so far."""
        return self._hash.hexdigest()

    def sync(self) -> None:
        """Waits until the content is on the disk."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Closes the file."""
        self._file.close()
        super().close()


def write_file(path: Path, data: bytes) -> str:
    """Writes a new file to the disk, and gives its SHA-256."""
    with HashingFile(path) as file:
        file.write(data)
        file.sync()
        return file.hexdigest()


def hash_file(path: Path) -> str:
    """SHA-256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def copy_file(source: Path, target: Path) -> None:
    """Copies to a new file, to the disk."""
    with source.open("rb") as reader, target.open("xb") as writer:
        shutil.copyfileobj(reader, writer, 1 << 20)
        writer.flush()
        os.fsync(writer.fileno())


def sync_folder(path: Path) -> None:
    """Waits until the names in a folder are on the disk."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(path: Path) -> None:
    """Makes a folder and those above it, to the disk; one that is there is fine."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    path.mkdir(parents=True, exist_ok=True)
    for folder in missing:
        sync_folder(folder.parent)
