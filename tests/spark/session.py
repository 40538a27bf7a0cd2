"""Spark in the process of the tests: two cores, and for few pages little of what only pays off on large dumps."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests import engine_hazards
from tests.spark.dump import PIECE

if TYPE_CHECKING:
    import pytest
    from pyspark.sql import SparkSession

SMALL = {
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.files.maxPartitionBytes": str(PIECE),
    "spark.sql.files.openCostInBytes": "10000",
    "spark.sql.shuffle.partitions": "2",
}
"""Settings for some hundred pages: a job of theirs is all overhead."""
LARGE = {
    "spark.sql.codegen.factoryMode": "FALLBACK",
    "spark.sql.codegen.wholeStage": "true",
    "spark.sql.files.maxPartitionBytes": "2m",
}
"""What is set otherwise for some thousand pages: larger pieces, and code compiled for each query."""
PAGES = int(os.environ.get("ROLEPAGES_TEST_PAGES", "20000"))
"""Pages that both engines read; `make test-spark PAGES=240` while developing."""
MANY = 5000
_WHERE_PARSED = "__import__('sys')._getframe(2).f_code.co_name == 'open_record' and hazard()"
"""Spark's own worker knows the hazards too, and must survive to say which record was one."""
SMALL_JVM = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""Of the JVM's two compilers the quick one: the other would take longer than what it compiles."""


def make_session(folder: Path, patch: pytest.MonkeyPatch) -> SparkSession:
    """The session of this process. Its workers, and those of the local engine, know the hazards."""
    from pipeline.engines.spark import open_session

    patch.setenv("PYTHONPATH", engine_hazards.install(folder))
    site = folder / "sitecustomize.py"
    site.write_text(site.read_text().replace("hazard()", _WHERE_PARSED))
    patch.setenv("HAZARD_MARK", str(folder / "mark"))
    settings = SMALL | {"spark.driver.extraJavaOptions": quiet(SMALL_JVM), "spark.driver.memory": "3g"}
    session, _ = open_session("local[2]", settings)
    return session


@contextmanager
def set_for(session: SparkSession, pages: int) -> Iterator[None]:
    """The session's settings are those for so many pages."""
    settings = LARGE if pages >= MANY else {}
    before = {name: session.conf.get(name) for name in settings}
    try:
        for name, value in settings.items():
            session.conf.set(name, value)
        yield
    finally:
        for name, value in before.items():
            session.conf.set(name, str(value))


def quiet(options: str) -> str:
    """Options of a JVM, and that it logs as the product has it."""
    import pipeline.engines.spark

    config = Path(pipeline.engines.spark.__file__).with_name("log4j2.properties")
    return f"{options} -Dlog4j2.configurationFile={config.as_uri()}"
