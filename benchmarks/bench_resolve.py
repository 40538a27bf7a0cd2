"""The resolver on generated dumps with known truth: what it gets right, how sure it is, and what it costs.

    python -m benchmarks.bench_resolve accuracy --pages 2000 --seeds 10
    python -m benchmarks.bench_resolve speed --pages 100000 --folder /tmp/shards

The dumps are those of benchmarks/pagegen: each role on 1 to 12 pages, median 2; a tenth of the pages older, with other
values; a mixture of text forms; one page in fifty once more in another form. `accuracy` counts published cells that are wrong, cells with several readings that were resolved
where a page elsewhere settles them, open cells without the truth among their readings, and how often the values of each
confidence are right. A published value is right when the newest page that states the cell says so.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.pagegen import Expected, RoleTruth, Stated
from benchmarks.pagegen.dump import DumpPage, make_dump
from pipeline.model import Record
from pipeline.resolve import resolve
from pipeline.resolve.resolution import Resolution
from pipeline.shards import process
from pipeline.tables import CHECKS, COMPARISONS, METRICS, OBSERVATIONS, RESPONSIBILITIES, ROLES, SKILLS
from pipeline.text import document_id

MORE_FORMS = {"tabbed": 5.0, "spaced": 5.0, "one_line": 5.0, "lines": 5.0, "padded": 5.0, "wrapped": 5.0, "csv": 5.0}
"""Shares of text forms that other tools make, beside those of the dumps that were seen."""
Cell = tuple[str, str, str]
"""role, metric, category"""
Content = tuple[float | None, str | None]
Tables = tuple[pa.Table, pa.Table, pa.Table]


class Sample(NamedTuple):
    """One page of a dump, with its answers."""

    record: Record
    answers: Expected
    is_old: bool
    roles: tuple[RoleTruth, ...]

    @property
    def document_id(self) -> str:
        """The id that the product gives the page."""
        return document_id(self.record.data)


def dump(seed: int, pages: int, *, dated: bool = True, forms: str = "seen") -> list[Sample]:
    """A dump of that many pages; `dated`: it tells where and when each was fetched; `forms`: `seen` or `all`."""
    options: dict[str, Any] = {"repeated": 0.02}
    made = make_dump(seed, pages, **options)
    if forms == "all":
        made.comparison_forms = {**made.comparison_forms, **MORE_FORMS}
    return [_sample(page, dated=dated) for page in made]


def _sample(page: DumpPage, *, dated: bool) -> Sample:
    record = Record(
        page.source,
        page.data,
        media="text",
        url=page.url if dated else None,
        fetched_at=page.fetched_at if dated else None,
    )
    return Sample(record, page.expected(), page.is_older, tuple(page.page.roles))


def shard(samples: Iterable[Sample]) -> Tables:
    """The tables of the per-document step."""
    made = process(sample.record for sample in samples)
    documents, observations, readings = (pa.Table.from_batches([batch]) for batch in made[:3])
    return documents, observations, readings


# --- accuracy ------------------------------------------------------------------------------------------------------


def _content(fact: Stated) -> Content:
    return fact.value, fact.text.lower() if fact.text else None


def _says(sample: Sample) -> Iterator[Stated]:
    yield from sample.answers.stated
    yield from sample.answers.optional
    for row in sample.answers.open:
        for cell in row.truth:
            yield from cell


class Truth:
    """What is true of every cell, and which open cells another page settles."""

    def __init__(self, samples: list[Sample], observations: pa.Table) -> None:
        columns = (observations[name].to_pylist() for name in ("document_id", "role_id", "field"))
        observed = set(zip(*columns, strict=True))
        current: dict[Cell, set[Content]] = defaultdict(set)
        older: dict[Cell, set[Content]] = defaultdict(set)
        self.stated: dict[Cell, set[tuple[str, Content]]] = defaultdict(set)
        self.pages: dict[tuple[str, str, str], Content] = {}
        self.unstated: dict[bool, dict[Cell, set[Content]]] = {True: defaultdict(set), False: defaultdict(set)}
        for sample in samples:
            for fact in _says(sample):
                # What the parser did not read is none of the resolver's business.
                read = (sample.document_id, fact.role_id, fact.field) in observed
                if read and fact.table == "metrics" and _content(fact) != (None, None):
                    (older if sample.is_old else current)[_cell(fact)].add(_content(fact))
            for fact in sample.answers.stated:
                if fact.table == "metrics":
                    self.stated[_cell(fact)].add((sample.document_id, _content(fact)))
            for row in sample.answers.open:
                for cell in row.truth:
                    for fact in cell:
                        self.pages[sample.document_id, fact.role_id, fact.field] = _content(fact)
            for role in sample.roles:
                for name, value in (("salary_yearly", float(role.salary)), ("salary_hourly", float(role.hourly))):
                    self.unstated[sample.is_old][role.role_id, name, ""].add((value, None))
        self.cells = {**older, **current}

    def of(self, cell: Cell) -> set[Content]:
        """What is right for a cell: what its newest pages say, or, of a salary that no page states, what is true now."""
        if (
            cell not in self.cells
            and cell[1] == "salary_hourly"
            and (yearly := self.cells.get((cell[0], "salary_yearly", "")))
        ):
            return {
                (float((Decimal(value or 0) / 2080).quantize(Decimal("0.01"), ROUND_HALF_UP)), None)
                for value, _ in yearly
            }
        return self.cells.get(cell) or self.unstated[False].get(cell) or self.unstated[True].get(cell) or set()

    def settled(self, samples: list[Sample]) -> Iterator[tuple[str, str, str]]:
        """The open cells of whose row another page states a true cell."""
        for sample in samples:
            for row in sample.answers.open:
                facts = [fact for cell in row.truth for fact in cell]
                told = [
                    any(
                        document != sample.document_id and content == _content(fact)
                        for document, content in self.stated[_cell(fact)]
                    )
                    for fact in facts
                ]
                if any(told):
                    yield from ((sample.document_id, fact.role_id, fact.field) for fact in facts)


def _cell(fact: Stated) -> Cell:
    return fact.role_id, fact.field, fact.category


class Score:
    """Counts over dumps."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = defaultdict(int)
        self.reliability: dict[float, list[int]] = defaultdict(lambda: [0, 0])
        self.wrong: list[Any] = []
        self.missed: list[tuple[str, str, str]] = []

    def add(self, samples: list[Sample], tables: dict[str, pa.Table]) -> None:
        """Compare the tables of a dump with its truth."""
        truth = Truth(samples, tables["observations"])
        for row in tables["metrics"].to_pylist():
            self._judge(row, truth)
        resolved: set[tuple[str, str, str]] = set()
        for row in tables["observations"].to_pylist():
            key = (row["document_id"], row["role_id"], row["field"])
            if key not in truth.pages:
                continue
            said = row["value"], row["text"].lower() if row["text"] else None
            if row["method"] == "resolved":
                self.counts["resolved"] += 1
                resolved.add(key)
                if said != truth.pages[key]:
                    self.wrong.append(("reading", key, said, truth.pages[key], row["alternatives"], row["confidence"]))
            elif row["method"] == "ambiguous":
                self.counts["left open"] += 1
                self._check_alternatives(row, truth.pages[key])
        settled = set(truth.settled(samples))
        self.counts["settled elsewhere"] += len(settled)
        open_ = {
            (r["document_id"], r["role_id"], r["field"])
            for r in tables["observations"].to_pylist()
            if r["method"] == "ambiguous"
        }
        self.counts["settled and resolved"] += len(settled - open_)
        self.missed += sorted(settled & open_)

    def _judge(self, row: dict[str, Any], truth: Truth) -> None:
        cell = row["role_id"], row["metric"], row["category"]
        said = row["value"], row["text"].lower() if row["text"] else None
        if row["method"] == "derived":
            self.counts["derived"] += 1
        right = said in truth.of(cell)
        self.counts["cells"] += 1
        tally = self.reliability[row["confidence"]]
        tally[0] += right
        tally[1] += 1
        if not right:
            self.wrong.append((row["method"], cell, said, truth.of(cell), row["confidence"], row["flags"]))

    def _check_alternatives(self, row: dict[str, Any], truth: Content) -> None:
        value, text = truth
        for alternative in row["alternatives"]:
            if text is not None and alternative.lower().startswith(text):
                return
            if value is not None and alternative.replace(",", "") == f"{value:g}":
                return
            if value is not None and alternative.replace(",", "") == str(int(value)):
                return
            if truth == (None, None) and alternative == "-":
                return
        self.wrong.append(
            ("no true reading", row["document_id"], row["role_id"], row["field"], truth, row["alternatives"])
        )


def accuracy(pages: int, seeds: int, *, dated: bool, forms: str, show: int) -> None:
    """Print what the resolver gets right."""
    score = Score()
    for seed in range(seeds):
        samples = dump(seed, pages, dated=dated, forms=forms)
        before = time.perf_counter()
        tables = resolve(*shard(samples))
        print(
            f"seed {seed}: {len(samples)} pages, {time.perf_counter() - before:.1f} s, {len(score.wrong)} wrong so far"
        )
        score.add(samples, tables)
    for name, count in score.counts.items():
        print(f"{name:24}{count:9}")
    print(f"{'wrong':24}{len(score.wrong):9}")
    print("\n| confidence | values | right |\n| --- | --- | --- |")
    for confidence, (right, all_) in sorted(score.reliability.items(), reverse=True):
        print(f"| {confidence:.4f} | {all_} | {100 * right / all_:.3f} % |")
    for line in (*score.wrong[:show], *(("settled, but open", *cell) for cell in score.missed[:show])):
        print(line)


# --- speed ---------------------------------------------------------------------------------------------------------


def _write(job: tuple[Path, int, int]) -> None:
    folder, seed, pages = job
    for name, table in zip(_NAMES, shard(dump(seed, pages)), strict=True):
        pq.write_table(table, folder / f"{name}-{seed:06d}.parquet", compression="zstd", row_group_size=65_536)


_NAMES = ("documents", "observations", "readings")


def make_files(folder: Path, pages: int, part: int = 2_000) -> None:
    """The per-document tables of a big dump, a file for each world of `part` pages, made by all cores."""
    with get_context("fork").Pool() as pool:
        pool.map(_write, [(folder, 1000 + number, part) for number in range(-(-pages // part))], chunksize=1)


def speed(folder: Path, pages: int) -> None:
    """Print the seconds and the memory that the resolver takes, from Parquet files to a stream of every table."""
    if not any(folder.iterdir()):
        make_files(folder, pages)
    sources = [sorted(map(str, folder.glob(f"{name}*.parquet"))) for name in _NAMES]
    counts = [sum(pq.ParquetFile(path).metadata.num_rows for path in paths) for paths in sources]
    print(", ".join(f"{count:,} {name}" for name, count in zip(_NAMES, counts, strict=True)))
    before, cpu = time.perf_counter(), time.process_time()
    with Resolution(*sources) as resolution:
        print(f"{time.perf_counter() - before:6.1f} s to the last fact")
        for table in (ROLES, METRICS, SKILLS, RESPONSIBILITIES, COMPARISONS, OBSERVATIONS, CHECKS):
            rows = sum(batch.num_rows for batch in resolution.batches(table))
            print(f"{time.perf_counter() - before:6.1f} s  {table.name}: {rows:,} rows")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{time.process_time() - cpu:.1f} s of CPU, {peak:,.0f} MB at the peak, on {os.cpu_count()} cores")


def main() -> None:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("accuracy", "speed"), nargs="?", default="accuracy")
    parser.add_argument("--pages", type=int, default=0)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--undated", action="store_true")
    parser.add_argument("--forms", choices=("seen", "all"), default="seen")
    parser.add_argument("--folder", type=Path, help="where the input of `speed` is kept, to be used again")
    parser.add_argument("--show", type=int, default=20)
    arguments = parser.parse_args()
    if arguments.what == "accuracy":
        accuracy(
            arguments.pages or 2_000,
            arguments.seeds,
            dated=not arguments.undated,
            forms=arguments.forms,
            show=arguments.show,
        )
    elif arguments.folder:
        arguments.folder.mkdir(parents=True, exist_ok=True)
        speed(arguments.folder, arguments.pages or 20_000)
    else:
        with TemporaryDirectory() as folder:
            speed(Path(folder), arguments.pages or 20_000)


if __name__ == "__main__":
    main()
