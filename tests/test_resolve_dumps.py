"""The resolver on generated dumps with known truth; larger ones are in benchmarks/bench_resolve.py."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pyarrow as pa
import pytest

from benchmarks.bench_resolve import Sample, Score, dump, shard
from benchmarks.pagegen import FORMS, RoleTruth, comparison_page
from pipeline.model import Record
from pipeline.resolve import resolve
from pipeline.resolve.duckdb import DuckdbEngine
from pipeline.shards import process

Tables = tuple[pa.Table, pa.Table, pa.Table]


@pytest.fixture(scope="module")
def samples() -> list[Sample]:
    return dump(7, 160)


@pytest.fixture(scope="module")
def found(samples: list[Sample]) -> dict[str, pa.Table]:
    return resolve(*shard(samples))


def pages(*records: Record) -> Tables:
    """The per-document tables of some more pages."""
    made = process(records)
    documents, observations, readings = (pa.Table.from_batches([batch]) for batch in made[:3])
    return documents, observations, readings


def both(one: Tables, other: Tables) -> Tables:
    """Two dumps as one."""
    documents, observations, readings = (pa.concat_tables(pair) for pair in zip(one, other, strict=True))
    return documents, observations, readings


def rows_of_others(tables: dict[str, pa.Table], *roles: RoleTruth) -> list[dict[str, object]]:
    """The metrics of all roles but these."""
    names = {role.role_id for role in roles}
    return [row for row in tables["metrics"].to_pylist() if row["role_id"] not in names]


def record(page: str, name: str) -> Record:
    return Record(name, page.encode(), media="text")


@pytest.mark.slow
@pytest.mark.parametrize("dated", [True, False])
def test_no_wrong_cell(dated: bool) -> None:
    samples = dump(3, 250, dated=dated)
    score = Score()
    score.add(samples, resolve(*shard(samples)))
    # Without dates two old pages can outvote one new page; nothing tells them apart, and the confidence says so.
    assert [wrong for wrong in score.wrong if dated or wrong[-2] > 0.8] == []
    assert score.counts["settled elsewhere"] > 50
    assert score.counts["settled and resolved"] == score.counts["settled elsewhere"]


@pytest.mark.slow
@pytest.mark.parametrize("threads", [1, 4])
def test_order_does_not_matter(samples: list[Sample], found: dict[str, pa.Table], threads: int) -> None:
    rng = Random(threads)
    shuffled = []
    for table in shard(rng.sample(samples, len(samples))):
        rows = table.take(rng.sample(range(table.num_rows), table.num_rows))
        parts = [rows.slice(at, 997) for at in range(0, rows.num_rows, 997)]
        shuffled.append(pa.concat_tables(parts) if parts else rows)
    again = resolve(*shuffled, DuckdbEngine(threads=threads))
    assert list(again) == list(found)
    for name, table in found.items():
        assert again[name].equals(table, check_metadata=True), name


@pytest.mark.slow
def test_poison_stays_where_it_is(samples: list[Sample], found: dict[str, pa.Table]) -> None:
    a, b = next(sample.roles for sample in samples if len(sample.roles) == 2)
    bad = [
        replace(role, salary=role.salary * 90, low=9_000, high=10_000, jobs=7, age=99, satisfaction=0.1)
        for role in (a, b)
    ]
    poison = record(FORMS["pipe_b"].render(comparison_page(*bad)), "poison.txt")
    poisoned = resolve(*both(shard(samples), pages(poison)))
    assert rows_of_others(poisoned, a, b) == rows_of_others(found, a, b)


@pytest.mark.slow
def test_a_page_repeated_fifty_times_is_one_page(samples: list[Sample], found: dict[str, pa.Table]) -> None:
    told: dict[str, set[frozenset[str]]] = {}
    for sample in samples:
        if len(sample.roles) == 2 and not sample.is_old:
            for role in sample.roles:
                told.setdefault(role.role_id, set()).add(frozenset(r.role_id for r in sample.roles))
    a, b = next(
        sample.roles
        for sample in samples
        if len(sample.roles) == 2 and not sample.is_old and any(len(told[role.role_id]) > 3 for role in sample.roles)
    )
    popular = next(role for role in (a, b) if len(told[role.role_id]) > 3)
    lying = replace(popular, salary=popular.salary + 1_111, age=popular.age + 1)
    text = FORMS["pipe_b"].render(comparison_page(lying, replace(b if popular is a else a)))
    when = max(sample.record.fetched_at for sample in samples if sample.record.fetched_at)
    copies = [
        Record(f"copy-{number}.txt", (text + "\n" * number).encode(), media="text", fetched_at=when)
        for number in range(50)
    ]
    repeated = resolve(*both(shard(samples), pages(*copies)))

    def cell(tables: dict[str, pa.Table], name: str) -> object:
        return next(
            (
                row["value"]
                for row in tables["metrics"].to_pylist()
                if (row["role_id"], row["metric"]) == (popular.role_id, name)
            ),
            None,
        )

    assert cell(found, "age") == popular.age
    assert cell(repeated, "age") == popular.age
    assert rows_of_others(repeated, a, b) == rows_of_others(found, a, b)
