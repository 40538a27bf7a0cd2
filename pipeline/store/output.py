"""Publishes the tables of a run: all together or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, TypeAlias

import pyarrow as pa

from pipeline.errors import OutputError
from pipeline.store.balance import DocumentCounts, Ledger
from pipeline.store.contract import ContractError
from pipeline.store.durable import hash_file, make_folder, sync_folder, write_file, writing
from pipeline.store.layout import MANIFEST, runs_folder, staging_folder, table_file
from pipeline.store.lock import hold_lock
from pipeline.store.manifest import Origin, encode_manifest, make_manifest, make_run_id, read_manifest
from pipeline.store.parquet import FileInfo, Rows, TableWriter
from pipeline.store.pointer import swap_by_copy, swap_by_link
from pipeline.store.prune import clear_staging, prune_runs
from pipeline.tables import TABLES

Files: TypeAlias = Mapping[str, bytes] | Callable[[Path], Mapping[str, bytes]]


class RunInfo(NamedTuple):
    """A published run."""

    run_id: str
    folder: Path
    documents: DocumentCounts
    files: tuple[FileInfo, ...]
    is_new: bool
    """False when the very same run was already published, or is again."""
    warnings: tuple[str, ...] = ()

    @property
    def rows(self) -> dict[str, int]:
        """Rows per table."""
        return {table.name: file.rows for table, file in zip(TABLES, self.files, strict=False)}


class Output:
    """An output folder that this process alone writes to; see :func:`open_output`."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self._started_at = datetime.now(UTC)

    @property
    def scratch(self) -> Path:
        """A folder for what the run has to put on disk meanwhile; it goes away with the run."""
        folder = staging_folder(self.out) / "scratch"
        with writing(folder):
            folder.mkdir(exist_ok=True)
        return folder

    def publish(
        self,
        tables: Mapping[str, Rows],
        origin: Origin,
        *,
        files: Files | None = None,
        symlinks: bool = True,
        keep_runs: int = 3,
    ) -> RunInfo:
        """Writes every table of the contract and makes the run the published one.

        Args:
            tables: rows of each table by its name, sorted by key; in memory, or as a stream that is read once.
            origin: where the rows come from.
            files: more files for the run folder by name, for example a report, or the function that makes them out of the
                folder with the finished tables. They have no part in the run's id.
            symlinks: False for file systems without links: the stable names are then copies.
            keep_runs: number of runs to keep, this one included.

        Raises:
            ContractError: rows do not fit their table.
            BalanceError: documents or lines do not add up.
            OutputError: something could not be written.
        """
        with writing(self.out):
            run = staging_folder(self.out) / "run"
            run.mkdir()
            run_id, written, documents = _write_tables(run, tables, origin)
            extra = files(run) if callable(files) else files or {}
            written += [_write_extra(run / name, data) for name, data in extra.items()]
            manifest = make_manifest(run_id, origin, documents, written, self._started_at)
            write_file(run / MANIFEST, encode_manifest(manifest))
            sync_folder(run)
            folder, is_new = self._settle(run, run_id, written)
            swap = swap_by_link if symlinks else swap_by_copy
            swap(self.out, folder.name, [file.name for file in written])
            warnings = prune_runs(self.out, keep_runs)
        return RunInfo(run_id, folder, documents, tuple(written), is_new, tuple(warnings))

    def _settle(self, run: Path, run_id: str, files: Sequence[FileInfo]) -> tuple[Path, bool]:
        """Moves a finished run to its place, unless the same run is there already and sound."""
        number = 1
        while True:
            folder = runs_folder(self.out) / (run_id if number == 1 else f"{run_id}-{number}")
            if not os.path.lexists(folder):
                run.rename(folder)
                sync_folder(folder.parent)
                return folder, True
            if _is_sound(folder, files):
                os.utime(folder)  # published now, again
                shutil.rmtree(run)
                return folder, False
            number += 1


@contextmanager
def open_output(out: Path) -> Iterator[Output]:
    """Takes hold of an output folder for one run, before any work is done; makes the folder when it is missing.

    Raises:
        LockedError: another run holds it.
        OutputError: it cannot be written to.
    """
    with writing(out):
        make_folder(out)
    with hold_lock(out):
        staging = staging_folder(out)
        try:
            with writing(staging):
                clear_staging(out)
                make_folder(staging)
            yield Output(out)
        finally:
            with suppress(OSError):  # the next run cleans up
                clear_staging(out)


def publish(
    tables: Mapping[str, Rows],
    out: Path,
    origin: Origin,
    *,
    files: Files | None = None,
    symlinks: bool = True,
    keep_runs: int = 3,
) -> RunInfo:
    """Takes hold of an output folder and publishes at once; see :meth:`Output.publish`."""
    with open_output(out) as output:
        return output.publish(tables, origin, files=files, symlinks=symlinks, keep_runs=keep_runs)


def _write_tables(run: Path, tables: Mapping[str, Rows], origin: Origin) -> tuple[str, list[FileInfo], DocumentCounts]:
    names = [table.name for table in TABLES]
    if sorted(tables) != sorted(names):
        raise ContractError(f"tables to publish are {sorted(tables)}, the contract has {sorted(names)}")
    ledger = Ledger()
    takers: dict[str, Callable[[pa.Table], None]] = {
        "documents": ledger.add_documents,
        "unparsed": ledger.add_unparsed,
    }
    with ExitStack() as stack:
        writers = [stack.enter_context(TableWriter(run / table_file(table.name), table)) for table in TABLES]
        for name, writer in zip(names, writers, strict=True):
            take = takers.get(name)
            for group in writer.write(tables[name]):
                if take:
                    take(group)
        documents = ledger.check(origin.seen)
        bodies = {name: writer.body_digest() for name, writer in zip(names, writers, strict=True)}
        run_id = make_run_id(origin, bodies)
        return run_id, [writer.finish(run_id) for writer in writers], documents


def _write_extra(path: Path, data: bytes) -> FileInfo:
    return FileInfo(path.name, 0, len(data), write_file(path, data))


def _is_sound(folder: Path, files: Sequence[FileInfo]) -> bool:
    """Whether a run folder has the same tables; the files beside them, which may tell the time, need only be there."""
    try:
        read_manifest(folder)
        tables, beside = files[: len(TABLES)], files[len(TABLES) :]
        return all(hash_file(folder / file.name) == file.sha256 for file in tables) and all(
            (folder / file.name).is_file() for file in beside
        )
    except (OSError, OutputError):
        return False
