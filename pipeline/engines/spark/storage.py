"""Folders and small files on any file system that Hadoop knows, through the JVM of the session's driver."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from pipeline.engines.spark.failures import translated
from pipeline.errors import OutputError, UsageError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


class StoredFile(NamedTuple):
    """A file below a folder."""

    path: str
    """Qualified, as Hadoop spells it, nothing escaped."""
    relative: str
    """Below the folder; the name alone where the folder is the file itself."""
    size: int


class Storage:
    """The file system of one path."""

    def __init__(self, session: SparkSession, path: str) -> None:
        jvm: Any = session.sparkContext._jvm
        java: Any = session._jsparkSession
        self._path = jvm.org.apache.hadoop.fs.Path
        self._copy = jvm.org.apache.hadoop.fs.FileUtil.copy
        self._read_all = jvm.org.apache.commons.io.IOUtils.toByteArray
        with translated(path):
            found = self._path(path)
            self._conf = java.sessionState().newHadoopConf()
            self._system = found.getFileSystem(self._conf)
            self.root = str(self._system.makeQualified(found).toString())

    @property
    def local(self) -> str | None:
        """The root as a path of this machine, None when it lies elsewhere."""
        return path_of(self.root) if self.root.startswith("file:") else None

    def files(self, name: str = "") -> Iterator[StoredFile]:
        """All files below the root, or below a folder in it, or the one file that it is.

        Raises:
            UsageError: there is no such folder or file.
        """
        root = f"{self.root.rstrip('/')}/{name}" if name else self.root
        base = root.rstrip("/") + "/"
        with translated(root):
            listed = self._system.listFiles(self._path(root), True)
            while listed.hasNext():
                status = listed.next()
                path = str(status.getPath().toString())
                relative = path.rpartition("/")[2] if path == root else path.removeprefix(base)
                yield StoredFile(path, relative, int(status.getLen()))

    def exists(self, name: str) -> bool:
        """Whether there is a file or folder of that name below the root."""
        with translated(self.root):
            return bool(self._system.exists(self._place(name)))

    def head(self, path: str, size: int) -> bytes:
        """The first bytes of a file."""
        with translated(path, UsageError), closing(self._system.open(self._path(path))) as stream:
            return bytes(stream.readNBytes(size))

    def read(self, name: str) -> bytes:
        """The content of a small file."""
        with translated(f"{self.root}/{name}"), closing(self._system.open(self._place(name))) as stream:
            return bytes(self._read_all(stream))

    def write(self, name: str, data: bytes) -> None:
        """Writes a small file, in place of one that is there: at once where the store has no rename.

        Raises:
            OutputError: it cannot be written.
        """
        created = f"{self.root}/{name}: cannot write"
        with translated(created, OutputError), closing(self._system.create(self._place(name), True)) as stream:
            stream.write(bytearray(data))

    def copy(self, path: str, target: str) -> None:
        """Copies a file to another place, on whatever file system that is.

        Raises:
            OutputError: it cannot be written.
        """
        with translated(f"{target}: cannot write", OutputError):
            found = self._path(target)
            there = found.getFileSystem(self._conf)
            self._copy(self._system, self._path(path), there, found, False, True, self._conf)

    def make(self, name: str) -> None:
        """Makes a folder.

        Raises:
            OutputError: it cannot be made.
        """
        with translated(f"{self.root}/{name}: cannot write", OutputError):
            self._system.mkdirs(self._place(name))

    def remove(self, name: str) -> None:
        """Removes a file, or a folder with all it holds; what is not there is no error."""
        with translated(f"{self.root}/{name}: cannot remove", OutputError):
            self._system.delete(self._place(name), True)

    def names(self, folder: str) -> list[str]:
        """The names in a folder; none where there is no such folder."""
        if not self.exists(folder):
            return []
        with translated(self.root):
            return sorted(str(status.getPath().getName()) for status in self._system.listStatus(self._place(folder)))

    def _place(self, name: str) -> Any:
        return self._path(f"{self.root}/{name}") if name else self._path(self.root)


def path_of(url: str) -> str:
    """The local path of a `file:` URL as Hadoop spells it, nothing escaped."""
    return "/" + url.removeprefix("file:").lstrip("/")


def key_of(url: str, *, escaped: bool = False) -> str:
    """One spelling for the ways in which Hadoop and Spark write a file's address: with one or three slashes, escaped."""
    plain = unquote(url) if escaped else url
    return f"file:{path_of(plain)}" if plain.startswith("file:") else plain
