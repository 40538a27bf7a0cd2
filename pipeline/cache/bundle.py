"""Bundles: the rows of some thousand pages as files that never change, so that any later run may read them in place.

A bundle is a folder: `observations`, `readings` and `unparsed` hold the rows of its pages, `pages` one row for each page that
a later run may know again, and `bundle.json` the size and SHA-256 of each. It is written aside and renamed when complete.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.cache.pages import RANGES, SEEN, Pages, Slices, whole
from pipeline.model import Record
from pipeline.parsers.look_alikes import look_alike_at
from pipeline.shards import Shard
from pipeline.store.durable import HashingFile, hash_file, sync_folder, write_file, writing

ROWS = ("observations", "readings", "unparsed")
"""The files of a bundle with rows that lead to a page."""
PAGES = pa.schema([("key", pa.binary(16)), *SEEN])
SUFFIX = ".partial"
_ID = "observation_id"
_OFFSETS = ("start", "end")
_DESCRIPTION = "bundle.json"
_FULL = 256 << 20
"""Bytes of rows in memory that make a bundle."""
_ROW_GROUP = 16_384
"""Rows; files are cut into row groups of about that size, each of a range of document ids."""


def page_key(document_id: str, record: Record) -> bytes:
    """What the rows of a record depend on, beside the rules: its bytes, and what its container says of them.

    `url` and `fetched_at` go into its row as they are. Of the url it matters whether the container gives one, as a page may
    too, and which family of pages it belongs to.
    """
    family = look_alike_at(record.url) if record.url else None
    kind = family.page_kind if family else ""
    parts = f"{document_id}\0{record.media}\0{record.charset!r}\0{record.url is None}\0{kind}"
    return hashlib.blake2b(parts.encode("utf-8", "replace"), digest_size=16).digest()


class Spool:
    """Writes shards as bundles into a folder; a context manager. One thread of its own does the writing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.bundles: list[Path] = []
        """The bundles that are written."""
        self._next = int.from_bytes(os.urandom(4)) << 31
        self._waiting: dict[str, list[Slices]] = {}
        self._filled = 0
        self._writer = ThreadPoolExecutor(1, "spool")
        self._written: Future[None] | None = None

    def __enter__(self) -> Spool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.shutdown()

    def add(self, shard: Shard, records: Sequence[Record], *, is_final: bool) -> pa.RecordBatch:
        """Takes the rows of a shard; gives those of its documents, in the schema :data:`SEEN`.

        `records` are those of the shard, in order; they are known again only if what became of them `is_final`.

        Raises:
            OutputError: a bundle cannot be written.
        """
        owners = _owners(shard.documents)
        pages = Pages(shard.documents, owners, self._next)
        self._next += len(owners)
        for name in ROWS:
            self._keep(name, pages.sliced(getattr(shard, name)))
        documents = pages.documents()
        if is_final:
            self._keep("pages", whole(_known(documents, records).take(owners)))
        if self._filled >= _FULL:
            self._flush()
        return documents

    def finish(self) -> None:
        """Waits until everything is written.

        Raises:
            OutputError: a bundle cannot be written.
        """
        self._flush()
        self._wait()

    def _keep(self, name: str, slices: Slices) -> None:
        if slices.batch.num_rows:
            self._waiting.setdefault(name, []).append(slices)
            self._filled += slices.batch.nbytes

    def _flush(self) -> None:
        self._wait()
        if self._waiting:
            path = self._folder / f"{self._next:016x}"
            self._written = self._writer.submit(write_bundle, path, self._waiting)
            self.bundles.append(path)
        self._waiting, self._filled = {}, 0

    def _wait(self) -> None:
        if self._written:
            self._written.result()
            self._written = None


def write_bundle(path: Path, rows: Mapping[str, Sequence[Slices]]) -> None:
    """Writes a bundle, which is there when this returns, and not before."""
    partial = path.with_name(path.name + SUFFIX)
    with writing(partial):
        partial.mkdir()
        files = {}
        for name, parts in rows.items():
            with HashingFile(partial / f"{name}.parquet") as file:
                _write_rows(file, parts)
                file.sync()
                files[name] = {"bytes": file.size, "sha256": file.hexdigest()}
        write_file(partial / _DESCRIPTION, json.dumps({"files": files}).encode())
        sync_folder(partial)
        partial.rename(path)
        sync_folder(path.parent)


def _write_rows(file: HashingFile, parts: Sequence[Slices]) -> None:
    size = sum(part.batch.num_rows for part in parts)
    step = RANGES
    while step > 1 and size // (RANGES // step) > _ROW_GROUP:
        step //= 2
    schema = parts[0].batch.schema
    with pq.ParquetWriter(pa.PythonFile(file, mode="w"), schema, **_encodings(schema)) as writer:
        for first in range(0, RANGES, step):
            table = pa.Table.from_batches([part.range(first, first + step) for part in parts], schema)
            # In one piece: from the many chunks of as many shards it takes half as long again.
            writer.write_table(table.combine_chunks(), max(table.num_rows, 1))


def _encodings(schema: pa.Schema) -> dict[str, Any]:
    """How columns are written.

    Ids of rows, each once and most of it as the one before, and offsets have no dictionary. Of words, only ids have
    statistics: nobody asks for the smallest word, and to find it takes a tenth of the time of writing.
    """
    settings: dict[str, Any] = {"compression": "zstd", "compression_level": 1}
    if _ID in schema.names:
        leaves = {
            f"{field.name}.list.element" if pa.types.is_list(field.type) else field.name: field for field in schema
        }
        settings["use_dictionary"] = [name for name in leaves if name not in (_ID, *_OFFSETS)]
        settings["column_encoding"] = {_ID: "DELTA_BYTE_ARRAY"}
        settings["write_statistics"] = [
            name for name, field in leaves.items() if name == _ID or pa.types.is_primitive(field.type)
        ]
    return settings


def row_files(bundles: Iterable[Path], name: str) -> list[Path]:
    """The files of one kind of rows; a bundle without such rows has none."""
    return [path for bundle in bundles if (path := bundle / f"{name}.parquet").exists()]


def is_sound(bundle: Path) -> bool:
    """Whether all files of a bundle are as they were written."""
    try:
        files = json.loads((bundle / _DESCRIPTION).read_bytes())["files"]
        return all(hash_file(bundle / f"{name}.parquet") == facts["sha256"] for name, facts in files.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def count_pages(bundle: Path) -> int | None:
    """Number of pages in a bundle that a later run may know again; None if it is damaged, as far as the sizes of files show."""
    try:
        files = json.loads((bundle / _DESCRIPTION).read_bytes())["files"]
        if any((bundle / f"{name}.parquet").stat().st_size != facts["bytes"] for name, facts in files.items()):
            return None
        return sum(int(pq.read_metadata(path).num_rows) for path in row_files([bundle], "pages"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, pa.ArrowException):
        return None


def remove_bundle(path: Path) -> None:
    """Removes a bundle, or what there is of one; what cannot be removed stays."""
    with suppress(OSError):
        aside = path.with_name(path.name.removesuffix(SUFFIX) + ".removed" + SUFFIX)
        path.rename(aside)
        shutil.rmtree(aside)


def _known(documents: pa.RecordBatch, records: Sequence[Record]) -> pa.RecordBatch:
    ids = documents["document_id"].to_pylist()
    keys = [page_key(key, record) for key, record in zip(ids, records, strict=True)]
    return pa.RecordBatch.from_arrays([pa.array(keys, pa.binary(16)), *documents.columns], schema=PAGES)


def _owners(documents: pa.RecordBatch) -> list[int]:
    """Of documents with the same bytes, the one that the rows belong to; see :func:`pipeline.shards.process`."""
    ids = documents["document_id"].to_pylist()
    if len(set(ids)) == len(ids):
        return list(range(len(ids)))
    owners: dict[str, tuple[bool, bool, str, int]] = {}
    cells = zip(*(documents[name].to_pylist() for name in ("status", "char_count", "source")), strict=True)
    for row, (key, (status, length, source)) in enumerate(zip(ids, cells, strict=True)):
        choice = (status != "parsed", length == 0, source, row)
        owners[key] = min(choice, owners.get(key, choice))
    return [choice[-1] for choice in owners.values()]
