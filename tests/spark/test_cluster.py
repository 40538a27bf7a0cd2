"""A job on a real cluster, of which one worker dies half way: nothing is lost, nothing comes twice."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("pyspark", reason="PySpark is not installed: make test-spark")

from pipeline import build, open_tables
from pipeline.errors import EXIT_OK, EXIT_QUARANTINED
from pipeline.options import Options
from tests.spark.compare import differences
from tests.spark.dump import write_dump
from tests.spark.loopback import run_cluster
from tests.spark.session import SMALL, SMALL_JVM, quiet

PAGES = 400
PIECE = 1 << 16
"""Bytes of a piece: some fifty tasks."""
HALF = 16
"""Finished tasks after which the worker dies."""

pytestmark = pytest.mark.slow


def test_a_worker_that_dies_half_way(tmp_path: Path) -> None:
    raw = write_dump(tmp_path / "raw", PAGES, odd=False)
    local = build.extract(raw, tmp_path / "local", Options(cache=False))
    with run_cluster(tmp_path) as cluster:
        job = start_job(tmp_path, cluster.master)
        try:
            wait_for_tasks(tmp_path / "cluster", job, HALF)
            assert all(worker.executors() for worker in cluster.workers), "both are at work"
            cluster.workers[0].kill()
            assert is_reading(tmp_path / "cluster"), "it died while pages were read"
            _, errors = job.communicate(timeout=900)
        finally:
            job.kill()
            job.wait()
    assert job.returncode == (EXIT_QUARANTINED if local.quarantined else EXIT_OK), errors
    assert differences(tmp_path / "local", tmp_path / "cluster") == []
    assert open_tables(tmp_path / "cluster").manifest["counts"] == open_tables(tmp_path / "local").manifest["counts"]


def start_job(folder: Path, master: str) -> subprocess.Popen[str]:
    settings = SMALL | {
        "spark.sql.files.maxPartitionBytes": str(PIECE),
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.extraJavaOptions": quiet(SMALL_JVM),
        "spark.executor.memory": "700m",
        "spark.executor.extraJavaOptions": SMALL_JVM,
        "spark.ui.enabled": "false",
    }
    call = [sys.executable, "-m", "pipeline", "extract", "raw", "--out", "cluster", "--engine", "spark", "--quiet"]
    call += ["--master", master, *(f"--conf={name}={value}" for name, value in settings.items())]
    environment = os.environ | {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    return subprocess.Popen(
        call, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def wait_for_tasks(out: Path, job: subprocess.Popen[str], count: int) -> None:
    """Returns when so many tasks have handed in the rows of their pages."""
    end = time.monotonic() + 600
    while len(list(written(out).glob("_temporary/0/task_*"))) < count:
        assert job.poll() is None, job.communicate()[1]
        assert time.monotonic() < end, "no task ends"
        time.sleep(0.02)


def is_reading(out: Path) -> bool:
    return (written(out) / "_temporary").is_dir() and not (written(out) / "_SUCCESS").exists()


def written(out: Path) -> Path:
    """Where the rows of all pages go to; Spark takes what a task wrote as soon as the whole task is done."""
    return out / ".runs" / ".staging" / "scratch" / "pages-1"
