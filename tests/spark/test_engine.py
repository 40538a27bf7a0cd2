"""The engine of a cluster in one process, local[2]: the tables of the local engine, row for row."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("pyspark", reason="PySpark is not installed: make test-spark")

from pipeline import build, open_tables
from pipeline.cli.main import main
from pipeline.engines.limits import Limits
from pipeline.errors import EXIT_OK
from pipeline.options import Options, Progress
from pipeline.resolve.expressions import slug as sql_slug
from pipeline.resolve.spark import SparkEngine
from pipeline.roles import slug
from tests.spark.compare import differences
from tests.spark.dump import write_dump
from tests.spark.session import PAGES, set_for
from tests.test_resolve_skills import NAMES

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SEEDS = Path(__file__).parents[2] / "raw"
LIMITS = Limits(document_seconds=1.0)

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::ResourceWarning")]


def test_ids_are_those_of_the_local_engine_in_any_alphabet(spark: SparkSession, tmp_path: Path) -> None:
    SparkEngine(spark, str(tmp_path))
    found = spark.createDataFrame([(name,) for name in NAMES], "name string").selectExpr(
        "name", f"{sql_slug('name')} AS id"
    )
    assert {row.name: row.id for row in found.collect()} == {name: slug(name) for name in NAMES}


def test_tables_are_those_of_the_local_engine(
    spark: SparkSession, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from pipeline.cluster import extract
    from pipeline.engines.spark.tasks import Reading

    raw = write_dump(tmp_path / "raw", PAGES)
    shutil.copytree(SEEDS, raw / "seeds")
    (raw / "kills.txt").write_bytes(b"!kill")
    (raw / "hangs.txt").write_bytes(b"!hang")
    options = Options(cache=False)
    local = build.extract(raw, tmp_path / "local", options, limits=LIMITS)
    steps: list[str] = []

    def tell(progress: Progress) -> None:
        steps.append(progress.step)

    views = spark.catalog.listTables()
    with set_for(spark, PAGES):
        settings = spark.conf.getAll
        cluster = extract(spark, str(raw), str(tmp_path / "cluster"), options, tell, Reading(limits=LIMITS))
        assert spark.conf.getAll == settings

    assert differences(tmp_path / "local", tmp_path / "cluster") == []
    facts = ("parsed", "duplicate", "quarantined", "rows", "unparsed_lines", "ambiguous_cells", "reasons", "examples")
    assert {name: getattr(cluster, name) for name in facts} == {name: getattr(local, name) for name in facts}
    assert cluster.reasons["worker_died"] == cluster.reasons["timeout"] == 1
    assert cluster.duplicate
    assert cluster.warnings == ()
    assert steps == ["read", "resolve", "publish"]
    assert spark.catalog.listTables() == views
    check_layout(tmp_path / "cluster")
    check_inputs(tmp_path)
    check_commands(tmp_path, capsys)


def check_layout(out: Path) -> None:
    """Stable names, one pointer, nothing left over; and every library reads the parts."""
    tables = open_tables(out)
    assert (out / "current").resolve() == tables.folder.resolve()
    assert (out / "roles.parquet").resolve() == (tables.folder / "roles.parquet").resolve()
    assert [path.name for path in (out / ".runs").iterdir()] == [tables.run_id]
    assert not [path for path in out.rglob("*") if path.name.endswith(".crc") or path.name == "_SUCCESS"]
    rows = {name: tables.arrow(name).num_rows for name in tables.names}
    assert {file["name"].partition(".")[0]: file["rows"] for file in tables.manifest["files"]} == rows
    assert {name: len(tables.pandas(name)) for name in tables.names} == rows
    assert {name: len(tables.duckdb(name)) for name in tables.names} == rows
    assert {name: len(tables.polars(name)) for name in tables.names} == rows
    assert len(tables.roles_wide()) == rows["roles"]
    assert any(len(tables.files(name)) > 1 for name in tables.names)
    assert tables.arrow("metrics").schema.field("value").metadata[b"description"]


def check_commands(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What asks the tables of a local run asks these, and gets the same answers."""
    for call in (
        ["sql", "select count(*) as n, sum(length(raw)) from observations", "--format", "csv"],
        ["explain", "collector", "salary_yearly", "--json"],
    ):
        answers = []
        for name in ("local", "cluster"):
            capsys.readouterr()
            assert main([*call, "--out", str(out / name)]) == EXIT_OK
            answers.append(capsys.readouterr().out)
        assert answers[0] == answers[1]
    assert main(["report", "--out", str(out / "cluster"), "--to", str(out / "report")]) == EXIT_OK


def check_inputs(folder: Path) -> None:
    """The manifests of both engines list the same files; what was read in pieces has no hash."""
    local, cluster = (
        {f["source"]: f for f in open_tables(folder / name).manifest["inputs"]} for name in ("local", "cluster")
    )
    assert {"lines.jsonl", "rows.parquet", "rows of #2.parquet"} == {
        name for name in local if cluster[name]["sha256"] is None
    }
    assert [name for name in local if cluster[name]["sha256"] not in {None, local[name]["sha256"]}] == []
    assert [name for name in local if cluster[name]["bytes"] != local[name]["bytes"]] == []
