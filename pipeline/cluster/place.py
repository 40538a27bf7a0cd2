"""Where the tables of a run on a cluster go: a run folder that nobody sees before one small object names it.

    out/
        current              names the published run folder: the one pointer, written last
        .runs/<run>/         an immutable run: a folder of parts for each table, and manifest.json
        .runs/.staging.../   what a run needs on the way; goes away with it

The layout is that of :mod:`pipeline.store`. On a local path it is the same to the last: a lock, a rename, links under stable
names. Object stores have neither: there the pointer is an object, put in one request, and two runs must not publish at once.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from pipeline.engines.spark.storage import Storage
from pipeline.errors import OutputError, RolepagesError
from pipeline.options import Options
from pipeline.store import Output, open_output
from pipeline.store.durable import sync_folder, write_file, writing
from pipeline.store.layout import CURRENT, MANIFEST, RUNS, runs_folder, staging_folder
from pipeline.store.manifest import encode_manifest
from pipeline.store.pointer import swap_by_copy, swap_by_link
from pipeline.store.prune import GRACE, prune_runs

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


class Place(Protocol):
    """An output folder that this run writes to."""

    run_id: str
    folder: str
    """Where the tables are written to, as Spark takes it."""
    scratch: str
    """A folder for what the run has to keep meanwhile, as Spark takes it."""

    @property
    def published(self) -> Path | str:
        """The run folder once it is published."""

    def publish(self, manifest: Mapping[str, Any], options: Options) -> list[str]:
        """Makes the run the published one; gives what went wrong without harm."""


@contextmanager
def open_place(session: SparkSession, out: str) -> Iterator[Place]:
    """Takes hold of an output folder for one run, and clears away what the run needed on the way.

    Raises:
        LockedError: another run holds it.
        OutputError: it cannot be written to.
    """
    storage = Storage(session, out)
    if storage.local:
        with open_output(Path(storage.local)) as output:
            yield LocalPlace(output)
        return
    place = RemotePlace(storage)
    try:
        place.storage.make(place.staging)
        yield place
    except BaseException:
        if not place.may_be_published:
            with suppress(RolepagesError):
                storage.remove(f"{RUNS}/{place.run_id}")
        raise
    finally:
        with suppress(RolepagesError):
            storage.remove(place.staging)


def _new_run_id() -> str:
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"


class LocalPlace:
    """A folder that driver and executors see under the same path."""

    def __init__(self, output: Output) -> None:
        self.run_id = _new_run_id()
        self._out = output.out
        self._run = staging_folder(self._out).resolve() / "run"
        self.folder = f"file:{self._run}"
        self.scratch = f"file:{output.scratch.resolve()}"

    @property
    def published(self) -> Path:
        """The run folder once it is published."""
        return runs_folder(self._out) / self.run_id

    def publish(self, manifest: Mapping[str, Any], options: Options) -> list[str]:
        """Renames the finished run to its place and swaps the pointer."""
        names = [str(file["name"]) for file in manifest["files"]]
        with writing(self._out):
            for path in self._run.glob("*/.*.crc"):
                path.unlink()  # Hadoop's own checksums; Parquet has its
            write_file(self._run / MANIFEST, encode_manifest(manifest))
            sync_folder(self._run)
            self._run.rename(self.published)
            sync_folder(self.published.parent)
            if options.symlinks:
                swap_by_link(self._out, self.run_id, names)
            else:
                swap_by_copy(self._out, self.run_id, [])  # folders have no stable names where there are no links
            return prune_runs(self._out, options.keep_runs)


class RemotePlace:
    """A folder in an object store, or any other file system that only Hadoop knows."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage
        self.run_id = _new_run_id()
        self.staging = f"{RUNS}/.staging-{self.run_id}"
        self.folder = f"{storage.root}/{RUNS}/{self.run_id}"
        self.scratch = f"{storage.root}/{self.staging}"
        self.may_be_published = False
        """Whether the pointer was told to lead to the run; whatever fails from there on, the run stays."""

    @property
    def published(self) -> str:
        """The run folder."""
        return self.folder

    def publish(self, manifest: Mapping[str, Any], options: Options) -> list[str]:
        """Writes the manifest, then the pointer: readers see the old run or the new one."""
        self.storage.write(f"{RUNS}/{self.run_id}/{MANIFEST}", encode_manifest(manifest))
        self.may_be_published = True
        self.storage.write(CURRENT, f"{RUNS}/{self.run_id}\n".encode())
        return self._prune(options.keep_runs)

    def _prune(self, keep: int) -> list[str]:
        """Removes old runs as :func:`pipeline.store.prune.prune_runs` does; unfinished ones may be somebody's."""
        warnings = []
        published: dict[str, datetime] = {}
        for name in self.storage.names(RUNS):
            if not name.startswith(".") and self.storage.exists(f"{RUNS}/{name}/{MANIFEST}"):
                try:
                    published[name] = self._published_at(name)
                except (OutputError, ValueError, KeyError, TypeError) as error:
                    warnings.append(f"{RUNS}/{name}/{MANIFEST}: cannot be read, so that this run stays: {error}")
        runs = sorted(published, key=lambda name: (name == self.run_id, published[name]), reverse=True)
        for newer, name in zip(runs[keep - 1 :], runs[keep:], strict=False):
            if datetime.now(UTC) - published[newer] > timedelta(seconds=GRACE):
                try:
                    self.storage.remove(f"{RUNS}/{name}")
                except OutputError as error:
                    warnings.append(str(error))
        return warnings

    def _published_at(self, name: str) -> datetime:
        import json

        manifest = json.loads(self.storage.read(f"{RUNS}/{name}/{MANIFEST}"))
        return datetime.fromisoformat(manifest["published_at"])
