"""Names and places in an output folder."""

from __future__ import annotations

import os
import re
from pathlib import Path

from pipeline.errors import UsageError

CURRENT = "current"
LOCK = ".lock"
MANIFEST = "manifest.json"
RUNS = ".runs"
STAGING = ".staging"


def table_file(name: str) -> str:
    """The file name of a table."""
    return f"{name}.parquet"


def table_parts(folder: Path, name: str) -> list[Path]:
    """The Parquet files of a table in a run folder, in the order of its rows: one, or its parts where a cluster wrote them."""
    path = folder / table_file(name)
    return sorted(path.glob("[!._]*.parquet")) if path.is_dir() else [path]


def literal(path: Path) -> str:
    """A path as DuckDB takes it: stars, question marks and brackets are themselves, and no pattern."""
    return re.sub(r"([*?\[])", r"[\1]", str(path))


def place_from(out: Path, raw: str | Path) -> str:
    """Where a dump is, as a run notes it: seen from the output folder, so that both may move together; an address as it is."""
    name = os.fspath(raw)
    return name if "://" in name else os.path.relpath(Path(name).resolve(), out.resolve())


def runs_folder(out: Path) -> Path:
    """Where the immutable run folders are."""
    return out / RUNS


def staging_folder(out: Path) -> Path:
    """Where a run is put together; on the file system of the run folders, so that a rename moves it."""
    return out / RUNS / STAGING


def find_run(out: Path) -> Path | None:
    """The folder of the published run, or None when there is none yet.

    The answer stays valid when another run is published meanwhile: a run folder never changes, and a superseded one is kept
    for a while.
    """
    pointer = out / CURRENT
    if pointer.is_dir() and not pointer.is_symlink():
        return pointer  # a copy that followed the links
    if not os.path.lexists(pointer) and (out / MANIFEST).is_file():
        return out  # a run folder on its own
    try:
        # A link says where it leads; a file, in the mode without links, holds the same words.
        target = pointer.readlink().as_posix() if pointer.is_symlink() else pointer.read_text("utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise UsageError(f"{pointer}: cannot tell which run is published: {error}") from error
    parts = Path(target).parts
    if len(parts) != 2 or parts[0] != RUNS or parts[1] in {"..", STAGING}:
        raise UsageError(f"{pointer}: does not name a run folder: {target[:200]!r}", hint="publish again to mend it")
    return out / target
