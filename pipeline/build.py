"""The whole story on one screen: read, parse, merge, resolve, publish."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import __version__, vocabulary
from pipeline.engines.limits import Limits
from pipeline.engines.nursery import Nursery
from pipeline.options import Options, Progress, Summary
from pipeline.unusable import nothing_usable

if TYPE_CHECKING:
    from pipeline.cache import Cache
    from pipeline.engines import Engine
    from pipeline.merge import Dump
    from pipeline.model import Record
    from pipeline.readers import FileReport, ReadOptions, Records
    from pipeline.store import InputFile, Origin, Output

_log = logging.getLogger(__name__)
logging.getLogger("pipeline").addHandler(logging.NullHandler())  # who uses the package as a library asks for its log
_OFTEN = 256
"""Documents between two words of progress."""

# Arrow and DuckDB are imported where they are used: by then the workers are starting, on another core.


def extract(
    raw: str | Path,
    out: str | Path,
    options: Options | None = None,
    progress: Callable[[Progress], None] | None = None,
    limits: Limits | None = None,
) -> Summary:
    """Turns the pages below `raw`, a folder or a file, into the tables in the folder `out`.

    Every document ends up in `documents`, whatever became of it. All tables appear together when all are complete; until
    then, and whenever an error is raised, the tables of the run before stay as they are.

    Raises:
        UsageError: `raw` cannot be listed, is `out`, or lacks a column that was asked for.
        OutputError: `out` cannot be written.
        LockedError: another run is writing to `out`.
        NothingUsableError: no document could be parsed, and `options.allow_empty` is not set.
        WorkersError: no worker process can be started.
    """
    run = _Run(raw, Path(out), options or Options(), limits or Limits(), progress)
    with Nursery(run.limits.document_memory) as nursery:
        from pipeline.engines.local import LocalEngine
        from pipeline.memory import frugal_memory, rare_collection
        from pipeline.readers import read
        from pipeline.store import open_output

        run.begin()
        records = read(raw, run.reading, run.note, run.out)
        with frugal_memory(), open_output(run.out) as output:
            with rare_collection(), LocalEngine(nursery, run.options.workers, run.limits) as engine:
                run.read(records, output, engine)
                records.columns.check()
            nursery.close()
            summary = run.publish(output)
    about = {"run_id": summary.run_id, "parsed": summary.parsed, "duplicate": summary.duplicate}
    about |= {"quarantined": summary.quarantined, "reasons": dict(summary.reasons), "rows": dict(summary.rows)}
    _log.info("run published: %s", summary.run_id, extra=about | {"seconds": round(summary.seconds, 3)})
    return summary


@dataclass
class _Run:
    """What is asked for, and what has come of it so far."""

    raw: str | Path
    out: Path
    options: Options
    limits: Limits
    progress: Callable[[Progress], None] | None
    started: float = field(default_factory=time.perf_counter)
    seen: int = 0
    """Documents that the readers gave."""
    step: str = "read"
    step_started: float = field(default_factory=time.perf_counter)
    records: Records | None = None
    inputs: list[InputFile] = field(default_factory=list)
    """The files that were read from beginning to end."""
    cache: Cache | None = None
    documents: Path = Path()
    """The file of :class:`pipeline.merge.SeenDocuments`."""
    bundles: list[Path] = field(default_factory=list)
    """The folders that hold the rows of the documents."""

    @cached_property
    def reading(self) -> ReadOptions:
        """How files are read."""
        from pipeline.readers import ReadOptions

        return ReadOptions(**self.options.reading)

    def begin(self) -> None:
        """Logs what the run is told."""
        asked = {"raw": str(self.raw), "out": str(self.out), "rules_version": rules_version()}
        _log.info(
            "run starts: %s", self.raw, extra=asked | {"options": asdict(self.options), "limits": asdict(self.limits)}
        )

    def note(self, report: FileReport) -> None:
        """Takes the report of an input whose last record was read."""
        from pipeline.store import InputFile

        if report.sha256:
            self.inputs.append(InputFile(report.source, report.size, report.sha256))
        level = logging.WARNING if report.problems else logging.DEBUG
        if _log.isEnabledFor(level):
            about = {"source": report.source, "bytes": report.size, "container": report.container}
            about |= {"records": report.records, "problems": dict(report.problems), "skipped": dict(report.skipped)}
            _log.log(level, "input %s", report.source, extra=about)

    def read(self, found: Records, output: Output, engine: Engine) -> None:
        """Parses the records that were found, unless a run before has parsed them by the same rules."""
        from pipeline.cache import Spool, open_cache
        from pipeline.merge import SeenDocuments

        self.records = found
        self.tell("read")
        self.documents = output.scratch / "documents.parquet"
        cache = self.cache = open_cache(self.out) if self.options.cache else None
        records = self._count(found)
        with SeenDocuments(self.documents) as seen, Spool(cache.folder if cache else output.scratch) as spool:
            for parsed in engine.parse(cache.sift(records, seen.add) if cache else records):
                seen.add(spool.add(parsed.shard, parsed.records, is_final=parsed.is_final))
            spool.finish()
        self.bundles = [*spool.bundles, *(cache.used if cache else [])]
        if cache:
            cache.forget_pages()

    def publish(self, output: Output) -> Summary:
        """Puts together what all pages say, and publishes it."""
        from pipeline.engines.local import available_cores
        from pipeline.merge import Dump

        threads = self.options.workers or available_cores()
        with Dump(self.documents, self.bundles, threads=threads, spill=output.scratch) as dump:
            if not dump.parsed and not self.options.allow_empty:
                raise nothing_usable(self.raw, self.seen, dump.reasons(), dump.examples())
            self.tell("resolve")
            dump.resolve()
            self.tell("publish")
            report = _Report(self, output, dump)
            run = output.publish(
                dump.tables(),
                self._origin(),
                files=report.write,
                symlinks=self.options.symlinks,
                keep_runs=self.options.keep_runs,
            )
            self.tell("tidy")
            parsed, duplicate, quarantined = run.documents
            return Summary(
                run_id=run.run_id,
                folder=run.folder,
                is_new=run.is_new,
                parsed=parsed,
                duplicate=duplicate,
                quarantined=quarantined,
                rows=run.rows,
                unparsed_lines=dump.unparsed_lines,
                ambiguous_cells=dump.ambiguous_cells,
                seconds=time.perf_counter() - self.started,
                reasons=dump.reasons(),
                examples=dump.examples(),
                skipped=dict(self.records.skipped) if self.records else {},
                warnings=(*self._tidy(), *report.warnings, *run.warnings),
            )

    def tell(self, step: str) -> None:
        """Says how far the run has come, and logs the step that ends by it."""
        if step != self.step:
            now = time.perf_counter()
            seconds = now - self.step_started
            about = {"step": self.step, "documents": self.seen, "seconds": round(seconds, 3)}
            _log.info("%s: done in %.1f s, %s documents", self.step, seconds, f"{self.seen:,}", extra=about)
            self.step, self.step_started = step, now
        if self.progress:
            # Only of reading is known how much there is of it.
            source = self.records if step == "read" else None
            done, total = (source.bytes_done, source.bytes_total) if source else (0, 0)
            self.progress(Progress(step=step, documents=self.seen, bytes_done=done, bytes_total=total))

    def _count(self, records: Iterable[Record]) -> Iterator[Record]:
        for record in records:
            self.seen += 1
            yield record
            if not self.seen % _OFTEN:
                self.tell("read")

    def _origin(self) -> Origin:
        from pipeline.store import Origin
        from pipeline.store.layout import place_from

        limits = {name: value for name, value in asdict(self.reading).items() if name.startswith("max_")}
        return Origin(
            seen=self.seen,
            rules_version=rules_version(),
            inputs=self.inputs,
            limits=limits | self.limits.of_documents(),
            raw=place_from(self.out, self.raw),
            columns=self.reading.columns,
        )

    def _tidy(self) -> list[str]:
        """Keeps the cache small; says what was wrong with it."""
        if self.cache is None:
            return []
        from pipeline.cache import tidy

        self.cache.touch()
        tidy(self.out)
        return self.cache.warnings


class _Report:
    """Makes the files for people when the tables are written."""

    def __init__(self, run: _Run, output: Output, dump: Dump) -> None:
        self.run = run
        self.output = output
        self.dump = dump
        self.warnings: list[str] = []

    def write(self, folder: Path) -> dict[str, bytes]:
        """The files by name, for the tables in `folder`."""
        from pipeline.report import describe_run, try_to_write_files

        run = self.run
        run.tell("report")
        self.dump.forget_tables()
        seconds = time.perf_counter() - run.started
        facts = describe_run(run.raw, run.out, rules_version(), seconds, run.reading.columns)
        files, self.warnings = try_to_write_files(folder, facts, run.out, self.output.scratch)
        return files


def rules_version() -> str:
    """Names the code and the vocabulary that make rows out of pages."""
    return f"{__version__}+{vocabulary.fingerprint()}"
