"""The pages that earlier runs have parsed by the same rules."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.cache.bundle import PAGES, SUFFIX, is_sound, page_key, remove_bundle, row_files
from pipeline.cache.index import Index
from pipeline.cache.pages import SEEN
from pipeline.cache.rules import rules_version
from pipeline.model import Record
from pipeline.shards import record_id
from pipeline.store.durable import make_folder, writing

FOLDER = ".cache"
_LOOKUP = 256
"""Records that are looked up together."""


class Cache:
    """The bundles in a folder; see :func:`open_cache`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.warnings: list[str] = []
        """What was found damaged, one line each."""
        self._bundles = [bundle for bundle in sorted(folder.iterdir()) if self._check(bundle)]
        tables = [pq.read_table(path) for path in row_files(self._bundles, "pages")]
        self._homes = np.repeat(np.arange(len(tables)), [table.num_rows for table in tables])
        self._pages = pa.concat_tables([PAGES.empty_table(), *tables]).combine_chunks()
        self._index = Index(self._pages["key"])
        self._used: set[int] = set()

    @property
    def pages(self) -> int:
        """Number of known pages."""
        return len(self._index)

    def sift(self, records: Iterable[Record], on_known: Callable[[pa.RecordBatch], None]) -> Iterator[Record]:
        """The records that have to be parsed; `on_known` gets the rows of the others, in the schema :data:`SEEN`."""
        records = iter(records)
        while batch := list(islice(records, _LOOKUP)):
            readable = [record for record in batch if not record.problem]
            rows = self._index.find([page_key(record_id(record), record) for record in readable])
            known = np.flatnonzero(rows >= 0)
            if len(known):
                on_known(self._documents([readable[place] for place in known], rows[known]))
                found = {id(readable[place]) for place in known}
                yield from (record for record in batch if id(record) not in found)
            else:
                yield from batch

    def forget_pages(self) -> None:
        """Frees what records are looked up in: of a million known pages that is a few hundred MB, which who resolves needs."""
        self._pages = PAGES.empty_table()
        self._index = Index(self._pages["key"])

    @property
    def used(self) -> list[Path]:
        """The bundles that hold pages that were met."""
        return [self._bundles[number] for number in sorted(self._used)]

    def touch(self) -> None:
        """Notes that the bundles are of use; see :func:`pipeline.cache.prune_cache`."""
        for bundle in self.used:
            with suppress(OSError):
                os.utime(bundle)

    def _check(self, bundle: Path) -> bool:
        if bundle.name.endswith(SUFFIX):
            remove_bundle(bundle)  # a killed run's; the lock is ours
            return False
        if not bundle.is_dir():
            return False
        if not is_sound(bundle):
            self.warnings.append(f"{bundle}: is damaged; its pages are parsed again")
            remove_bundle(bundle)
            return False
        return True

    def _documents(self, records: list[Record], rows: np.ndarray) -> pa.RecordBatch:
        self._used.update(np.unique(self._homes[rows]).tolist())
        table = self._pages.take(pa.array(rows)).combine_chunks()
        own = {
            "source": [record.source for record in records],
            "fetched_at": [record.fetched_at for record in records],
        }
        # A url of the container's comes before the page's own; the key knows whether there was one.
        pages = table["url"].to_pylist()
        own["url"] = [record.url if record.url is not None else url for record, url in zip(records, pages, strict=True)]
        columns = [
            pa.array(own[field.name], field.type) if field.name in own else table[field.name].chunk(0) for field in SEEN
        ]
        return pa.RecordBatch.from_arrays(columns, schema=SEEN)


def open_cache(out: Path) -> Cache:
    """The pages known to the runs of an output folder; only for who holds its lock.

    Raises:
        OutputError: the folder cannot be made or read.
    """
    folder = out / FOLDER / rules_version()
    with writing(folder):
        make_folder(folder)
        return Cache(folder)
