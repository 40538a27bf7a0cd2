"""The whole story on a cluster: read, parse, merge, resolve, publish, by Spark, with the code that runs on one machine.

    from pyspark.sql import SparkSession
    from pipeline.cluster import extract

    extract(SparkSession.builder.getOrCreate(), "s3a://dump/2025/", "s3a://tables/")

What a page says is found by the function that the local workers call, what all pages say together by the SQL that DuckDB runs
locally; so the tables are the same, row for row. They come as folders of Parquet parts, which :func:`pipeline.open_tables`
reads too. The driver holds no rows, only counts.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.engines.spark.tasks import Reading
from pipeline.options import Options, Progress, Summary
from pipeline.unusable import nothing_usable

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from pipeline.cluster.place import Place


def extract(
    session: SparkSession,
    raw: str,
    out: str,
    options: Options | None = None,
    progress: Callable[[Progress], None] | None = None,
    reading: Reading | None = None,
) -> Summary:
    """Turns the pages below `raw` into the tables in the folder `out`, both on any file system that Spark knows.

    The session's settings and views stay as they are. Executors need this package, and see the same files as the driver
    where paths are local ones. `options.workers` and `options.cache` mean nothing here.

    Raises:
        UsageError: `raw` cannot be listed, is `out`, or lacks a column that was asked for.
        OutputError: `out` cannot be written.
        LockedError: another run is writing to `out` (on this machine's own file systems only).
        NothingUsableError: no document could be parsed, and `options.allow_empty` is not set.
        SparkError: Spark gave up.
    """
    from pipeline.cluster.place import open_place

    options, reading = options or Options(), reading or Reading()
    reading = replace(reading, options=replace(reading.options, **options.reading))
    run = _Run(session, raw, out, options, progress or _ignore, reading)
    with open_place(session, out) as place:
        return run.publish(place)


class _Run:
    def __init__(
        self,
        session: SparkSession,
        raw: str,
        out: str,
        options: Options,
        progress: Callable[[Progress], None],
        reading: Reading,
    ) -> None:
        self.session = session
        self.raw = raw
        self.out = out
        self.options = options
        self.tell = progress
        self.reading = reading
        self.clock = time.perf_counter()
        self.started_at = datetime.now(UTC)

    def publish(self, place: Place) -> Summary:
        from pipeline.cluster.dump import Dump
        from pipeline.cluster.manifest import make_manifest
        from pipeline.cluster.write import write_tables
        from pipeline.engines.spark.pages import parse
        from pipeline.engines.spark.session import quiet_warnings

        self.tell(Progress(step="read"))
        pages = parse(self.session, self.raw, place.scratch, self.reading, self.out)
        self.tell(Progress(step="resolve", documents=pages.seen))
        with quiet_warnings(), Dump(pages, f"{place.scratch}/relations") as dump:
            counts = dump.counts()
            if not counts["parsed"] and not self.options.allow_empty:
                raise nothing_usable(self.raw, pages.seen, dump.reasons(), dump.examples())
            dump.resolve()
            self.tell(Progress(step="publish", documents=pages.seen))
            files = write_tables(dump, place.folder)
            manifest = make_manifest(place.run_id, pages, counts, files, self.reading, self._place(), self.started_at)
            summary = Summary(
                run_id=place.run_id,
                folder=place.published,
                is_new=True,
                **counts,
                rows={file.table: file.rows for file in files},
                unparsed_lines=dump.unparsed_lines(),
                ambiguous_cells=dump.ambiguous_cells(),
                seconds=0.0,
                reasons=dump.reasons(),
                examples=dump.examples(),
                skipped=dict(pages.skipped),
                warnings=pages.warnings,
            )
            # The last thing that may fail: what is published must not end as an error.
            warnings = place.publish(manifest, self.options)
        return replace(summary, seconds=time.perf_counter() - self.clock, warnings=(*summary.warnings, *warnings))

    def _place(self) -> str:
        """Where the dump is, as the manifest notes it."""
        from pipeline.engines.spark.storage import Storage
        from pipeline.store.layout import place_from

        raw, out = Storage(self.session, self.raw), Storage(self.session, self.out)
        if raw.local and out.local:
            return place_from(Path(out.local), raw.local)
        return raw.local or raw.root


def _ignore(_progress: Progress) -> None:
    pass
