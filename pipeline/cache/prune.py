"""What the cache of an output folder holds, and how it stays small."""

from __future__ import annotations

import shutil
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pyarrow.parquet as pq

from pipeline.cache.bundle import SUFFIX, remove_bundle, row_files
from pipeline.cache.known import FOLDER
from pipeline.cache.rules import rules_version
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


def describe_cache(out: Path) -> CacheState:
    """What the cache of an output folder holds; an empty one where there is none."""
    folder = out / FOLDER / rules_version()
    bundles = _bundles(folder)
    others = [path for path in _folders(out / FOLDER) if path != folder]
    pages = sum(pq.read_metadata(path).num_rows for path in row_files(bundles, "pages"))
    return CacheState(folder, pages, len(bundles), _size(folder), len(others), sum(map(_size, others)))


def prune_cache(out: Path, *, unused_days: float = UNUSED_DAYS, all_pages: bool = False) -> CacheState:
    """Removes what other rules have left, and the bundles that no run has used for so many days; gives what stays.

    Raises:
        LockedError: a run is writing to the output folder.
        OutputError: the output folder cannot be locked.
    """
    if not (out / FOLDER).is_dir():
        return describe_cache(out)
    with hold_lock(out):
        tidy(out, unused_days=0.0 if all_pages else unused_days)
    return describe_cache(out)


def tidy(out: Path, *, unused_days: float = UNUSED_DAYS) -> None:
    """What :func:`prune_cache` does, for who holds the lock."""
    today = out / FOLDER / rules_version()
    for folder in _folders(out / FOLDER):
        if folder != today:
            with suppress(OSError):
                shutil.rmtree(folder)
    oldest = time.time() - unused_days * 86_400
    for bundle in _bundles(today):
        with suppress(OSError):
            if bundle.stat().st_mtime <= oldest:
                remove_bundle(bundle)


def _folders(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_dir() and not path.is_symlink()] if folder.is_dir() else []


def _bundles(folder: Path) -> list[Path]:
    return [path for path in _folders(folder) if not path.name.endswith(SUFFIX)]


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
