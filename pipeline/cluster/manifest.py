"""manifest.json of a run on a cluster: as that of a local run, with the parts of each table."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pipeline import __version__, vocabulary
from pipeline.store.layout import table_file
from pipeline.tables import CONTRACT_VERSION

if TYPE_CHECKING:
    from pipeline.cluster.write import WrittenTable
    from pipeline.engines.spark.pages import Pages
    from pipeline.engines.spark.tasks import Reading


def make_manifest(
    run_id: str,
    pages: Pages,
    documents: Mapping[str, int],
    tables: Sequence[WrittenTable],
    reading: Reading,
    raw: str,
    started_at: datetime,
) -> dict[str, Any]:
    """The manifest as JSON has it. Times are in UTC, sizes in bytes; files read in pieces have no hash."""
    told = asdict(reading.options)
    limits = {name: value for name, value in told.items() if name.startswith("max_")}
    return {
        "run_id": run_id,
        "contract_version": CONTRACT_VERSION,
        "rules_version": f"{__version__}+{vocabulary.fingerprint()}",
        "started_at": started_at.isoformat(timespec="seconds"),
        "published_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "software": {
            "rolepages": __version__,
            "python": platform.python_version(),
            "spark": pages.session.version,
        },
        "counts": {"seen": pages.seen, **documents},
        "limits": limits | reading.limits.of_documents(),
        "raw": raw,
        "columns": reading.options.columns,
        "files": [
            {
                "name": table_file(table.table),
                "rows": table.rows,
                "bytes": sum(size for _, size in table.parts),
                "parts": [{"name": name, "bytes": size} for name, size in table.parts],
            }
            for table in tables
        ],
        "inputs": [{"source": item.source, "bytes": item.size, "sha256": item.sha256} for item in pages.inputs],
    }
