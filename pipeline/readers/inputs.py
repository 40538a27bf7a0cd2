"""The input files of a dump, in a fixed order, and the names that its documents get from them."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_to_bytes

from pipeline.errors import UsageError
from pipeline.model import Problem
from pipeline.readers.files import is_remote, remote_system, unopened

_ESCAPED = re.compile(r"%(?=[0-9A-Fa-f]{2})")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_UNFINISHED = (".part", ".partial", ".crdownload", ".tmp", ".swp", ".bak")


@dataclass(frozen=True, slots=True)
class Input:
    """One thing in the raw folder: a file to read, or something that is not read, and why."""

    source: str
    """Path below the raw folder, as it stands in the tables."""
    path: str
    """What to open: a local path (with surrogate escapes where its bytes are not UTF-8) or a URL."""
    size: int = 0
    """Bytes, before anything is decoded."""
    problem: Problem | None = None


def list_inputs(root: str | Path, own: str | Path | None = None) -> Iterator[Input]:
    """The files of a folder and of those below it, or the one file that `root` is; nothing is opened.

    In each folder the order is that of the names' bytes. Links are not followed, hidden folders not entered; they,
    pipes, devices and unfinished downloads are listed with a problem. The folder `own`, where the tables go, is no part
    of the dump and passed over. UsageError when `root` cannot be listed, or is that folder.
    """
    name = os.fspath(root)
    if is_remote(name):
        return _remote(name)
    path = os.path.realpath(os.fsencode(name))
    left_out = os.path.realpath(os.fsencode(own)) if own is not None else b""
    if path == left_out:
        raise both_in_one(name)
    try:
        status = os.stat(path)  # noqa: PTH116 - names are bytes
        if stat.S_ISDIR(status.st_mode):
            return _walk(path, _listed(path), left_out)
    except OSError as error:
        hint = "give the folder or file that holds the pages"
        raise UsageError(f"{name}: {error.strerror}", hint=hint) from error
    return iter((_local(path, path.rpartition(b"/")[2], status, given=True),))


def both_in_one(name: str) -> UsageError:
    """The error for a folder that is to be read and to be written to."""
    return UsageError(f"{name}: both the dump and the folder of the tables", hint="name another folder with --out")


def source_of(relative: bytes) -> str:
    """The name of a file in the tables: its path, with `%XX` for each byte that is not text.

    Bytes that are not UTF-8 and control characters are escaped, and `%` where it would look like an escape, so that
    :func:`bytes_of` is its inverse.
    """
    text = relative.decode("utf-8", "surrogateescape")
    text = _ESCAPED.sub("%25", text)
    text = _CONTROL.sub(lambda match: f"%{ord(match[0]):02X}", text)
    if text.isascii():
        return text
    return "".join(f"%{ord(char) - 0xDC00:02X}" if "\udc80" <= char <= "\udcff" else char for char in text)


def bytes_of(source: str) -> bytes:
    """The path below the raw folder that :func:`source_of` made a name of."""
    return unquote_to_bytes(source)


def source_at(root: str | Path, path: str) -> str | None:
    """The source of the file at a path, or of a record in it (`path#n`); None where the dump has no such file.

    A source is a path below the dump; people, and the completion of their shell, have paths from where they are.
    """
    name = os.fspath(root)
    file, _, record = (path, "", "") if os.path.lexists(path) else path.rpartition("#")
    if is_remote(name) or not os.path.isfile(file):  # noqa: PTH113 - says no to a name that is too long
        return None
    above, place = os.path.realpath(name), os.path.realpath(file)
    relative = place.rpartition("/")[2] if place == above else os.path.relpath(place, above)
    if relative.startswith(os.pardir + os.sep):
        return None
    return source_of(os.fsencode(relative)) + (f"#{record}" if record else "")


def _walk(root: bytes, names: list[bytes], left_out: bytes) -> Iterator[Input]:
    """Depth first, without recursion: a hostile tree may be deeper than Python's stack."""
    pending = [(b"", iter(names))]
    while pending:
        folder, rest = pending[-1]
        name = next(rest, None)
        if name is None:
            pending.pop()
            continue
        relative = folder + name
        path = root + b"/" + relative
        if path == left_out:
            continue
        try:
            status = os.lstat(path)
        except OSError as error:
            yield Input(source_of(relative), os.fsdecode(path), problem=unopened(error))
            continue
        if not stat.S_ISDIR(status.st_mode):
            yield _local(path, relative, status)
        elif problem := _enter(pending, name, relative, path):
            yield Input(source_of(relative), os.fsdecode(path), problem=problem)


def _enter(pending: list[tuple[bytes, Iterator[bytes]]], name: bytes, relative: bytes, path: bytes) -> Problem | None:
    if name.startswith(b"."):
        return Problem("unsupported", "a hidden folder, which is not entered")
    try:
        pending.append((relative + b"/", iter(_listed(path))))
    except OSError as error:
        return unopened(error)
    return None


def _listed(folder: bytes) -> list[bytes]:
    with os.scandir(folder) as entries:
        return sorted(entry.name for entry in entries)


def _local(path: bytes, relative: bytes, status: os.stat_result, *, given: bool = False) -> Input:
    problem = None
    if stat.S_ISLNK(status.st_mode):
        problem = Problem("symlink", "a symbolic link, which is not followed")
    elif not stat.S_ISREG(status.st_mode):
        problem = Problem("not_a_regular_file", "a pipe, socket or device")
    source = source_of(relative)
    return Input(source, os.fsdecode(path), status.st_size, problem or (None if given else _by_name(source)))


def _by_name(source: str) -> Problem | None:
    """Why a file is not read whatever it holds: hidden, a backup, or an unfinished download."""
    name = source.rpartition("/")[2].lower()
    if name.startswith("."):
        return Problem("unsupported", "a hidden file")
    if name.endswith("~") or name.endswith(_UNFINISHED):
        return Problem("unsupported", "by its name a backup or an unfinished download")
    return None


def _remote(url: str) -> Iterator[Input]:
    system, root = remote_system(url)
    try:
        found = system.find(root, detail=True)
    except FileNotFoundError:
        found = {}
    except Exception as error:  # each file system has errors of its own
        raise UsageError(f"{url}: {error}", hint="check the address and the credentials") from error
    if not found:
        raise UsageError(f"{url}: no such file or folder, or an empty one", hint="check the address")
    base = root.rstrip("/") + "/"
    listed = []
    for name, facts in found.items():
        relative = name.rpartition("/")[2] if name == root else name.removeprefix(base)
        listed.append((relative.encode("utf-8", "surrogateescape"), name, facts.get("size") or 0))
    listed.sort(key=lambda item: item[0].split(b"/"))
    return (remote_input(system.unstrip_protocol(name), relative, size) for relative, name, size in listed)


def remote_input(url: str, relative: bytes, size: int) -> Input:
    """The input at a URL; `relative` is its path below the root."""
    source = source_of(relative)
    return Input(source, url, size, _by_name(source))
