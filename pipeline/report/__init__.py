"""A run for people: report.html, evidence.html, and their numbers as statistics.json, beside the tables.

Both pages are self-contained: they load nothing, run only the scripts that they carry, and treat whatever comes from pages as
hostile text. They are made from the tables of the finished run, so that what they show is what was written.
"""

from __future__ import annotations

import logging
import os
import platform
import resource
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from pipeline import __version__
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

REPORT, EVIDENCE, STATISTICS, DATAPACKAGE = "report.html", "evidence.html", "statistics.json", "datapackage.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What the report says of a run beside what is in its tables."""

    raw: str
    """The dump: a path, or an address. Relative ones count from the output folder."""
    rules_version: str = ""
    seconds: float | None = None
    """From the start of the run to its report."""
    made_at: str = ""
    """When the report was made, in UTC."""
    peak_mib: float | None = None
    """Memory of the largest process at its largest."""
    columns: Mapping[str, Any] = field(default_factory=dict)
    """The columns that the run was told to read, by their names in :class:`pipeline.readers.ReadOptions`."""


def describe_run(
    raw: str | Path, out: Path, rules_version: str, seconds: float, columns: Mapping[str, Any] | None = None
) -> Run:
    """What this process knows of the run that it is about to publish in `out`."""
    from pipeline.store.layout import place_from

    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    # Kibibytes on Linux, bytes on macOS.
    return Run(
        raw=place_from(out, raw),
        rules_version=rules_version,
        seconds=round(seconds, 2),
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        peak_mib=round(peak / (1 << 20 if sys.platform == "darwin" else 1 << 10), 1),
        columns=columns or {},
    )


def write_files(folder: Path, run: Run, out: Path, spill: Path | None = None) -> dict[str, bytes]:
    """The files for people and catalogs, by name, for a run whose tables are in `folder`.

    Args:
        folder: the folder of the tables, all written.
        run: what is known of the run.
        out: the output folder: where the run before is published, and where a relative `run.raw` starts.
        spill: a folder for what memory does not hold.
    """
    from pipeline.datapackage import write_datapackage
    from pipeline.report import evidence
    from pipeline.report.database import connect
    from pipeline.report.page import report_page
    from pipeline.store.layout import table_parts
    from pipeline.tables import TABLES

    with connect(folder, spill) as connection:
        statistics = summarize(connection, folder, run)
        wanted = evidence.list_documents(connection, evidence.choose(connection, statistics))
        raw = find_raw(run.raw, out)
        texts = evidence.read_again(Path(raw), wanted, run.columns) if "://" not in raw else {}
        documents = evidence.pack(connection, wanted, texts)
        previous = read_previous(out, statistics["run"]["run_id"])
        report = report_page(connection, statistics, previous, [row["id"] for row in documents], str(out))
    sizes = {table.name: sum(part.stat().st_size for part in table_parts(folder, table.name)) for table in TABLES}
    return {
        REPORT: report,
        EVIDENCE: evidence.evidence_page(documents, len(wanted) - len(documents), out=str(out)),
        STATISTICS: orjson.dumps(statistics, option=orjson.OPT_INDENT_2) + b"\n",
        DATAPACKAGE: orjson.dumps(write_datapackage(sizes), option=orjson.OPT_INDENT_2) + b"\n",
    }


def try_to_write_files(
    folder: Path, run: Run, out: Path, spill: Path | None = None
) -> tuple[dict[str, bytes], list[str]]:
    """The same, and what went wrong: tables that are sound are published also when there can be no report of them."""
    try:
        return write_files(folder, run, out, spill), []
    except Exception as error:
        if str(error) == "Query interrupted":  # what DuckDB makes of a signal: the run is to end
            raise
        logging.getLogger(__name__).exception("no report")
        reason = str(error).partition("\n")[0] or type(error).__name__
        return {}, [f"the tables are complete, but there is no report of them: {reason}"]


def write_again(folder: Path, out: Path, raw: str | None = None) -> dict[str, bytes]:
    """The same files for a run that is published: its time and memory are those of the run, the change is not known."""
    from pipeline.store.layout import MANIFEST, place_from
    from pipeline.store.manifest import columns_read, raw_read, read_manifest

    manifest = read_manifest(folder) if (folder / MANIFEST).exists() else {}
    before = read_statistics(folder)
    known = before["run"] if before else {}
    run = Run(
        raw=(raw and place_from(out, raw)) or raw_read(manifest) or known.get("raw", "raw"),
        rules_version=known.get("rules_version", ""),
        seconds=known.get("seconds"),
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        peak_mib=known.get("peak_mib"),
        columns=columns_read(manifest),
    )
    return write_files(folder, run, out)


def summarize(connection: DuckDBPyConnection, folder: Path, run: Run) -> dict[str, Any]:
    """The statistics of a run: what its tables hold, and how it went."""
    from pipeline.report.statistics import gather

    about = {
        **_identity(folder),
        "rules_version": run.rules_version,
        "made_at": run.made_at,
        "software": f"rolepages {__version__}, Python {platform.python_version()}",
        "raw": run.raw,
        "seconds": run.seconds,
        "peak_mib": run.peak_mib,
    }
    return {"run": about, **gather(connection)}


def _identity(folder: Path) -> dict[str, str]:
    """Which run it is, as its tables say; as its manifest says where a cluster wrote them."""
    import pyarrow.parquet as pq

    from pipeline.store.layout import MANIFEST, table_parts
    from pipeline.store.manifest import read_manifest

    names = ("run_id", "contract_version")
    metadata: Mapping[bytes, bytes] = pq.read_schema(table_parts(folder, "documents")[0]).metadata or {}
    if b"run_id" not in metadata and (folder / MANIFEST).exists():
        manifest = read_manifest(folder)
        return {name: str(manifest[name]) for name in names}
    return {name: metadata.get(name.encode(), b"").decode() for name in names}


def read_previous(out: Path, run_id: str) -> dict[str, Any] | None:
    """The statistics of the run that is published in `out`, None where there are none or they are of the same run."""
    from pipeline.store.layout import find_run

    try:
        folder = find_run(out)
        previous = read_statistics(folder) if folder else None
    except UsageError:  # a broken pointer: this publication mends it
        return None
    return previous if previous and previous["run"].get("run_id") != run_id else None


def read_statistics(folder: Path) -> dict[str, Any] | None:
    """The statistics of a published run, None where there are none that can be read."""
    try:
        content = orjson.loads((folder / STATISTICS).read_bytes())
    except (OSError, ValueError):
        return None
    return (
        content
        if isinstance(content, dict)
        and {"run", "rows", "lines", "documents", "facts", "failures", "fill"} <= content.keys()
        else None
    )


def find_raw(raw: str, out: Path) -> str:
    """Where the dump of a run is, as far as its statistics say."""
    return raw if "://" in raw else os.path.normpath(out.resolve() / raw)
