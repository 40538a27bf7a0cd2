"""The commit: one atomic swap makes a finished run folder the published one."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from pipeline.store.durable import copy_file, sync_folder, write_file
from pipeline.store.layout import CURRENT, MANIFEST, RUNS, staging_folder


def swap_by_link(out: Path, folder: str, names: Iterable[str]) -> None:
    """Makes `current` a link to a run folder, and links every stable name through it.

    Names that are not there yet are linked before the swap, so that on the first run all tables appear at one moment.
    What stands in a name's place (copies of the mode without links) is replaced after it.
    """
    names = [*names, MANIFEST]
    for name in names:
        if not os.path.lexists(out / name):
            _replace_by_link(out, name, f"{CURRENT}/{name}")
    sync_folder(out)
    _replace_by_link(out, CURRENT, f"{RUNS}/{folder}")
    for name in names:
        if not (out / name).is_symlink() or (out / name).readlink() != Path(CURRENT, name):
            _replace_by_link(out, name, f"{CURRENT}/{name}")
    _drop_dead_links(out)
    sync_folder(out)


def swap_by_copy(out: Path, folder: str, names: Iterable[str]) -> None:
    """Makes `current` a file that names a run folder, and every stable name a copy: atomic one by one, not together."""
    staging = staging_folder(out)
    staged = [*names, MANIFEST]
    for name in staged:
        copy_file(out / RUNS / folder / name, staging / f"copy-{name}")
    write_file(staging / CURRENT, f"{RUNS}/{folder}\n".encode())
    (staging / CURRENT).replace(out / CURRENT)
    for name in staged:
        (staging / f"copy-{name}").replace(out / name)
    sync_folder(out)


def _replace_by_link(out: Path, name: str, target: str) -> None:
    # A link cannot be made over a name that exists; a rename can, and is atomic.
    staged = staging_folder(out) / f"link-{name}"
    staged.symlink_to(target)
    staged.replace(out / name)


def _drop_dead_links(out: Path) -> None:
    """Removes stable names of files that this run does not have."""
    for path in out.iterdir():
        if path.is_symlink() and path.readlink().parts[:1] == (CURRENT,) and not path.exists():
            path.unlink()
