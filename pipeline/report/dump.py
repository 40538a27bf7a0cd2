"""The dump of a published run, whose documents are read from it again: where it is, and the columns that hold its pages."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.errors import UsageError
from pipeline.report import find_raw, read_statistics
from pipeline.store import Tables
from pipeline.store.manifest import columns_read, raw_read


class Dump(NamedTuple):
    """Where a dump is, and how to read it."""

    raw: str
    """A path, or an address."""
    columns: Mapping[str, Any]
    """The columns that the run was told to read, by their names in :class:`pipeline.readers.ReadOptions`."""


def dump_of(tables: Tables, out: Path, raw: str | None = None) -> Dump:
    """The dump of a run; `raw` says where it is now, if it is not where the run read it.

    Raises:
        UsageError: it is not there any more.
    """
    columns = columns_read(tables.manifest)
    if raw is not None:
        if not _may_be_there(raw):
            raise UsageError(
                f"{raw}: no dump is there", hint="give the folder or file that holds the pages: --raw FOLDER"
            )
        return Dump(raw, columns)
    noted = raw_read(tables.manifest) or _noted_in_statistics(tables.folder)
    hint = "say where the dump is now: --raw FOLDER"
    if noted is None:
        raise UsageError(f"{out}: the run does not say where its dump is", hint=hint)
    place = find_raw(noted, out)
    if not _may_be_there(place):
        raise UsageError(f"{place}: the dump is not there any more, where the run read it", hint=hint)
    return Dump(place, columns)


def _noted_in_statistics(folder: Path) -> str | None:
    """Where the dump is, for runs of earlier versions, whose manifest does not say it."""
    statistics = read_statistics(folder)
    return str(statistics["run"]["raw"]) if statistics else None


def _may_be_there(raw: str) -> bool:
    """False where there is no such file or folder; an address is looked up when something is read from it."""
    return "://" in raw or os.path.lexists(raw)
