"""Removes what no reader needs any more: the remains of killed runs, and old runs."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

from pipeline.store.layout import runs_folder, staging_folder

GRACE = 3600.0
"""Seconds for which a superseded run stays: readers that resolved the pointer may still be reading it."""


def clear_staging(out: Path) -> None:
    """Removes what a killed run left; only for who holds the lock."""
    staging = staging_folder(out)
    if staging.is_symlink():
        staging.unlink()
    elif staging.exists():
        shutil.rmtree(staging)


def prune_runs(out: Path, keep: int, *, grace: float = GRACE) -> list[str]:
    """Removes the runs older than the newest `keep`, but none superseded less than `grace` seconds ago.

    Gives what could not be removed, as one line each: a run that stays too long is no failure.
    """
    runs = sorted(_list_runs(out), reverse=True)
    warnings = []
    for (superseded, _), (_, name) in zip(runs[keep - 1 :], runs[keep:], strict=False):
        if time.time() - superseded < grace:
            continue
        doomed = staging_folder(out) / f"pruned-{name}"
        try:
            # Out of sight first: a half-removed run folder would look like a run.
            (runs_folder(out) / name).rename(doomed)
            shutil.rmtree(doomed)
        except OSError as error:
            warnings.append(f"{runs_folder(out) / name}: cannot remove this old run: {error.strerror}")
    return warnings


def _list_runs(out: Path) -> list[tuple[float, str]]:
    """When each run was published, and its folder. Nothing changes in a run folder later, so its own time says it."""
    with os.scandir(runs_folder(out)) as entries:
        return [
            (entry.stat(follow_symlinks=False).st_mtime, entry.name)
            for entry in entries
            if entry.is_dir(follow_symlinks=False) and not entry.name.startswith(".")
        ]
