"""What the cache of an output folder holds, and how it stays small."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from pipeline.cache.bundle import SUFFIX, count_pages, remove_bundle
from pipeline.cache.known import FOLDER
from pipeline.cache.rules import rules_version
from pipeline.store.durable import writing
from pipeline.store.lock import hold_lock

UNUSED_DAYS = 30.0


class CacheState(NamedTuple):
    """What a cache holds. Those of other rules are of no use to a run of today."""

    folder: Path
    pages: int
    bundles: int
    bytes: int
    other_rules: int
    """Number of rules, beside today's, that still have pages here."""
    other_bytes: int
    damaged: int
    """Number of bundles that are damaged, as far as the sizes of their files show; the next run parses their pages again."""


def describe_cache(out: Path) -> CacheState:
    """What the cache of an output folder holds; an empty one where there is none.

    Raises:
        OutputError: it cannot be read.
    """
    folder = out / FOLDER / rules_version()
    with writing(folder, "cannot read"):
        pages = [count_pages(bundle) for bundle in _bundles(folder)]
        others = [path for path in _folders(out / FOLDER) if path != folder]
        sizes = sum(map(_size, others))
        known = sum(count or 0 for count in pages)
        return CacheState(folder, known, len(pages), _size(folder), len(others), sizes, pages.count(None))


def prune_cache(out: Path, *, unused_days: float = UNUSED_DAYS, all_pages: bool = False) -> CacheState:
    """Removes what other rules have left, and the bundles that no run has used for so many days; gives what stays.

    With `all_pages` nothing stays, whatever lies there and however young it is.

    Raises:
        LockedError: a run is writing to the output folder.
        OutputError: the output folder cannot be locked, or something that has to go cannot be removed.
    """
    if not (out / FOLDER).is_dir():
        return describe_cache(out)
    with hold_lock(out):
        if all_pages:
            _clear(out / FOLDER)
        else:
            tidy(out, unused_days=unused_days)
    return describe_cache(out)


def tidy(out: Path, *, unused_days: float = UNUSED_DAYS) -> None:
    """What :func:`prune_cache` does, for who holds the lock."""
    today = out / FOLDER / rules_version()
    for folder in _folders(out / FOLDER):
        if folder != today:
            shutil.rmtree(folder, ignore_errors=True)
    for path in _folders(today):
        if path.name.endswith(SUFFIX):
            remove_bundle(path)  # what a killed run has left
    oldest = time.time() - unused_days * 86_400
    for bundle in _bundles(today):
        with suppress(OSError):
            if bundle.stat().st_mtime <= oldest:
                remove_bundle(bundle)


def _clear(folder: Path) -> None:
    """Removes what is in a folder, as much of it as can be, and says what cannot."""
    found = list(folder.iterdir())
    for path in found:
        with suppress(OSError):
            _remove(path)
    for path in found:
        if os.path.lexists(path):
            with writing(path, "cannot remove"):
                _remove(path)


def _remove(path: Path) -> None:
    if path.is_symlink() or not path.is_dir():
        path.unlink()
    else:
        shutil.rmtree(path)


def _folders(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_dir() and not path.is_symlink()] if folder.is_dir() else []


def _bundles(folder: Path) -> list[Path]:
    return [path for path in _folders(folder) if not path.name.endswith(SUFFIX)]


def _size(folder: Path) -> int:
    """Bytes of the files in a folder, without those that a run removes meanwhile."""
    size = 0
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):
            size += path.lstat().st_size if path.is_file() else 0
    return size
