"""The whole story on one screen: read, parse, merge, resolve, publish."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pyarrow.compute as pc

from pipeline import __version__, vocabulary
from pipeline.errors import NothingUsableError
from pipeline.merge import Merged, merge
from pipeline.model import Record
from pipeline.options import EXAMPLES, Options, Progress, Quarantined, Summary
from pipeline.readers import FileReport, read
from pipeline.resolve import resolve
from pipeline.shards import Shard, process
from pipeline.store import InputFile, Origin, open_output

BATCH_BYTES = 1 << 20
"""Bytes of records that are parsed together."""


def extract(
    raw: str | Path,
    out: str | Path,
    options: Options | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Summary:
    """Turns the pages below `raw`, a folder or a file, into the tables in the folder `out`.

    Every document ends up in `documents`, whatever became of it. All tables appear together when all are complete; until
    then, and whenever an error is raised, the tables of the run before stay as they are.

    Raises:
        UsageError: `raw` cannot be listed.
        OutputError: `out` cannot be written.
        LockedError: another run is writing to `out`.
        NothingUsableError: no document could be parsed, and `options.allow_empty` is not set.
    """
    started = time.perf_counter()
    options = options or Options()
    reports: list[FileReport] = []
    with open_output(Path(out)) as output:
        merged = merge(_parse(read(raw, on_file=reports.append), progress or _ignore))
        if not merged.parsed and not options.allow_empty:
            raise _nothing_usable(raw, merged)
        tables = resolve(merged.documents, merged.observations, merged.readings)
        tables |= {"documents": merged.documents, "unparsed": merged.unparsed}
        origin = Origin(merged.documents.num_rows, rules_version(), _inputs(reports))
        run = output.publish(tables, origin, symlinks=options.symlinks, keep_runs=options.keep_runs)
    parsed, duplicate, quarantined = run.documents
    return Summary(
        run_id=run.run_id,
        folder=run.folder,
        is_new=run.is_new,
        parsed=parsed,
        duplicate=duplicate,
        quarantined=quarantined,
        rows=run.rows,
        unparsed_lines=pc.sum(merged.documents["lines_unparsed"]).as_py() or 0,
        ambiguous_cells=pc.sum(pc.equal(tables["observations"]["method"], "ambiguous")).as_py() or 0,
        seconds=time.perf_counter() - started,
        reasons=merged.reasons(),
        examples=tuple(Quarantined(source=source, reason=reason) for source, reason in merged.examples(EXAMPLES)),
        warnings=run.warnings,
    )


def rules_version() -> str:
    """Names the code and the vocabulary that make rows out of pages."""
    return f"{__version__}+{vocabulary.fingerprint()}"


def _ignore(_progress: Progress) -> None:
    pass


def _parse(records: Iterable[Record], progress: Callable[[Progress], None]) -> Iterator[Shard]:
    documents = 0
    for batch in batches(records, BATCH_BYTES):
        yield process(batch)
        documents += len(batch)
        progress(Progress(step="read", documents=documents))


def batches(records: Iterable[Record], size: int) -> Iterator[list[Record]]:
    """The records in lists of about `size` bytes; a larger record is alone."""
    batch: list[Record] = []
    filled = 0
    for record in records:
        if batch and filled + len(record.data) > size:
            yield batch
            batch, filled = [], 0
        batch.append(record)
        filled += len(record.data) + 256  # a record without data takes its place too
    if batch:
        yield batch


def _inputs(reports: Iterable[FileReport]) -> list[InputFile]:
    return [InputFile(report.source, report.size, report.sha256) for report in reports if report.sha256]


def _nothing_usable(raw: str | Path, merged: Merged) -> NothingUsableError:
    reasons = ", ".join(f"{count} {code}" for code, count in sorted(merged.reasons().items()))
    found = f"none of {merged.documents.num_rows} documents could be parsed ({reasons})" if reasons else "no documents"
    return NothingUsableError(f"{raw}: {found}", hint="look at the pages, or publish empty tables with --allow-empty")
