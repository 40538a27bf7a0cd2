"""The resolver's SQL within its limit of memory, and beyond it where a query cannot do with that."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pipeline.resolve.duckdb import DuckdbEngine
from pipeline.resolve.engine import Step

ITEMS = 400_000
_LIST = "SELECT list(CAST(i AS VARCHAR) ORDER BY hash(i)) AS items FROM range(400000) t(i)"
"""One list, which cannot go to disk."""


@pytest.fixture
def engine() -> Iterator[DuckdbEngine]:
    with DuckdbEngine(threads=1, memory=20) as found:
        yield found


def limit(engine: DuckdbEngine) -> str:
    return str(engine.batches("limit", "SELECT current_setting('memory_limit') AS l", 1).read_all()["l"][0].as_py())


def test_a_step_that_cannot_do_with_the_limit_is_done_without(
    engine: DuckdbEngine, caplog: pytest.LogCaptureFixture
) -> None:
    engine.run(Step("few", "SELECT 1 AS i"))
    assert not caplog.records
    engine.run(Step("many", _LIST))
    assert caplog.records[0].getMessage() == "many: takes more than 20 MB of memory with 1 at work"
    assert engine.batches("lengths", "SELECT len(items) AS n FROM many", 1).read_all()["n"].to_pylist() == [ITEMS]


def test_so_is_a_list_that_is_gathered(engine: DuckdbEngine) -> None:
    engine.gather("found", "SELECT 1 AS id, CAST(i AS VARCHAR) AS item FROM range(400000) t(i)")
    assert engine.batches("lengths", "SELECT len(items) AS n FROM found", 1).read_all()["n"].to_pylist() == [ITEMS]


def test_so_are_rows_that_are_streamed(engine: DuckdbEngine, caplog: pytest.LogCaptureFixture) -> None:
    rows = engine.batches("items", _LIST, 10).read_all()
    assert len(rows["items"][0]) == ITEMS
    assert caplog.records[0].getMessage() == "items: takes more than 20 MB of memory with 1 at work"


def test_the_limit_holds_again_for_the_next_step(engine: DuckdbEngine) -> None:
    before = limit(engine)
    engine.batches("items", _LIST, 10).read_all()
    engine.run(Step("few", "SELECT 1 AS i"))
    assert limit(engine) == before


def test_room_is_made_until_the_next_query(engine: DuckdbEngine) -> None:
    before = limit(engine)
    engine.run(Step("many", "SELECT i, hash(i) AS h FROM range(500000) t(i)"))
    engine.make_room()
    used = "SELECT SUM(memory_usage_bytes) AS n FROM duckdb_memory()"
    held = engine._settings.execute(used).fetchone()  # a query of the engine's own would end it
    assert held
    assert held[0] <= 5_000_000
    assert limit(engine) == before
    assert engine.batches("many", "SELECT COUNT(*) AS n FROM many", 1).read_all()["n"].to_pylist() == [500_000]
