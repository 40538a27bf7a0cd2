"""manifest.json: what a run read, by which rules, and what it wrote."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from pipeline import __version__
from pipeline.errors import OutputError
from pipeline.store.balance import DocumentCounts
from pipeline.store.layout import MANIFEST
from pipeline.store.parquet import FileInfo
from pipeline.tables import CONTRACT_VERSION


class InputFile(NamedTuple):
    """A file that the run read: its path below the raw folder, its size, and the SHA-256 of the bytes that were read."""

    source: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Origin:
    """Where the tables come from: what the manifest tells beside the files."""

    seen: int
    """Number of documents that the readers gave, counted apart from the rows of `documents`."""
    rules_version: str
    """Names the code and the vocabulary that made the rows."""
    inputs: Sequence[InputFile] = ()
    """In any order."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """More counts, for people."""
    limits: Mapping[str, int | float] = field(default_factory=dict)
    """The limits that were in force."""
    raw: str = ""
    """Where the dump is: a path from the output folder, or an address."""
    columns: Mapping[str, Any] = field(default_factory=dict)
    """The columns that the run was told to read, by their names in :class:`pipeline.readers.ReadOptions`."""


def make_run_id(origin: Origin, bodies: Mapping[str, str]) -> str:
    """The id of a run: 16 hex digits of BLAKE2b over what it read, its rules and limits, and the rows it wrote.

    `bodies` maps each table to the digest of its rows. The clock is no part of it: the same input gives the same id, and so
    the same bytes in every table.
    """
    content = {
        "contract_version": CONTRACT_VERSION,
        "rules_version": origin.rules_version,
        "inputs": sorted(origin.inputs),
        "limits": dict(origin.limits),
        "tables": dict(bodies),
    }
    return hashlib.blake2b(json.dumps(content, sort_keys=True).encode(), digest_size=8).hexdigest()


def make_manifest(
    run_id: str, origin: Origin, documents: DocumentCounts, files: Iterable[FileInfo], started_at: datetime
) -> dict[str, Any]:
    """The manifest as JSON has it. Times are in UTC, sizes in bytes."""
    return {
        "run_id": run_id,
        "contract_version": CONTRACT_VERSION,
        "rules_version": origin.rules_version,
        "started_at": started_at.isoformat(timespec="seconds"),
        "published_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "software": {
            "rolepages": __version__,
            "python": platform.python_version(),
            "pyarrow": pa.__version__,
        },
        "counts": {"seen": origin.seen, **documents._asdict(), **origin.counts},
        "limits": dict(origin.limits),
        "raw": origin.raw,
        "columns": dict(origin.columns),
        "files": [file._asdict() for file in files],
        "inputs": [file._asdict() for file in sorted(origin.inputs)],
    }


def columns_read(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that a run was told to read; none in a manifest of an earlier version."""
    columns = manifest.get("columns")
    return columns if isinstance(columns, dict) else {}


def raw_read(manifest: Mapping[str, Any]) -> str | None:
    """Where the dump of a run is, as :class:`Origin` has it; None in a manifest of an earlier version."""
    raw = manifest.get("raw")
    return raw if isinstance(raw, str) and raw else None


def encode_manifest(manifest: Mapping[str, Any]) -> bytes:
    """The bytes of manifest.json, for people and machines."""
    return json.dumps(manifest, indent=2).encode() + b"\n"


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a run folder.

    Raises:
        OutputError: there is none, or it is no manifest.
    """
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_bytes())
        if isinstance(manifest, dict) and isinstance(manifest["files"], list) and isinstance(manifest["run_id"], str):
            return manifest
        problem = "not a manifest"
    except (OSError, ValueError, KeyError) as error:
        problem = str(error) or type(error).__name__
    raise OutputError(f"{path}: cannot be read: {problem}", hint="extract again to publish a sound run")
