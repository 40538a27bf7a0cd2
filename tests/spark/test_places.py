"""A file system that only Hadoop knows: nothing can be opened, linked or renamed there as local files are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("pyspark", reason="PySpark is not installed: make test-spark")

from pipeline.engines.spark.storage import Storage
from pipeline.options import Options
from pipeline.readers import read
from pipeline.shards import process
from pipeline.store.layout import find_run
from tests.spark.dump import write_dump

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

MANIFEST = {"run_id": "1", "files": [], "published_at": "2026-11-22T00:00:00+00:00"}

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::ResourceWarning")]


@pytest.fixture
def address(spark: SparkSession, tmp_path: Path) -> str:
    """The folder of the test, mounted under a name of its own."""
    spark.conf.set("fs.viewfs.impl.disable.cache", "true")  # another test means another folder
    spark.conf.set("fs.viewfs.mounttable.test.link./dump", tmp_path.as_uri())
    return "viewfs://test/dump"


def test_every_file_is_read(spark: SparkSession, tmp_path: Path, address: str) -> None:
    from pipeline.engines.spark import parse

    raw = write_dump(tmp_path / "raw", 60, odd=False)
    found = parse(spark, f"{address}/raw", f"{address}/work").rows("documents")
    expected = process(read(raw)).documents.to_pylist()
    columns = ("source", "document_id", "status", "reason")
    assert {tuple(row) for row in found.select(*columns).collect()} == {
        tuple(row[name] for name in columns) for row in expected
    }
    assert found.count() == len(expected)


def test_a_run_is_seen_when_it_is_complete(spark: SparkSession, tmp_path: Path, address: str) -> None:
    from pipeline.cluster.place import open_place

    out = tmp_path / "out"
    runs = []
    for _ in range(2):
        with open_place(spark, f"{address}/out") as place:
            seen_before = find_run(out)
            place.publish(MANIFEST, Options(keep_runs=1))
        runs.append(place.run_id)
        assert seen_before is None or seen_before.name == runs[0]
        assert (out / "current").read_text() == f".runs/{place.run_id}\n"
    kept = sorted(path.name for path in (out / ".runs").iterdir())
    assert kept == [runs[1]], "the run before is superseded for more than an hour, as its manifest says"


def test_a_run_that_fails_leaves_nothing(spark: SparkSession, tmp_path: Path, address: str) -> None:
    from pipeline.cluster.place import open_place

    def run() -> None:
        with open_place(spark, f"{address}/out") as place:
            Storage(spark, place.folder).write("metrics.parquet/part", b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run()
    assert find_run(tmp_path / "out") is None
    assert list((tmp_path / "out" / ".runs").glob("[!.]*")) == []


def test_a_run_that_fails_once_it_is_published_stays(spark: SparkSession, tmp_path: Path, address: str) -> None:
    from pipeline.cluster.place import open_place

    published = []

    def run() -> None:
        with open_place(spark, f"{address}/out") as place:
            place.publish(MANIFEST, Options())
            published.append(place.run_id)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run()
    found = find_run(tmp_path / "out")
    assert found is not None
    assert [found.name] == published


def test_a_damaged_manifest_of_an_old_run_is_no_reason_to_fail(
    spark: SparkSession, tmp_path: Path, address: str
) -> None:
    from pipeline.cluster.place import open_place

    old = tmp_path / "out" / ".runs" / "old"
    old.mkdir(parents=True)
    (old / "manifest.json").write_text('{"run_id": ')
    with open_place(spark, f"{address}/out") as place:
        (warning,) = place.publish(MANIFEST, Options(keep_runs=1))
    assert warning.startswith(".runs/old/manifest.json: cannot be read, so that this run stays")
    assert old.exists()
