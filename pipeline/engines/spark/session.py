"""A Spark session of one's own, for a run from the command line, and what becomes of Spark's errors."""

from __future__ import annotations

import logging
import os
import re
import sys
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pipeline.engines.spark.failures import translated
from pipeline.engines.spark.java import provide_java
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_CONFIGURED = ("PYSPARK_GATEWAY_PORT", "PYSPARK_SUBMIT_ARGS", "SPARK_CONF_DIR", "SPARK_HOME")
"""Where one of these is set, Spark's own configuration says which master."""
_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",  # dates of fetching must not depend on where the job runs
    "spark.sql.ansi.enabled": "true",  # a cast that cannot be done is an error, as in DuckDB
    "spark.sql.caseSensitive": "false",
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.legacy.consecutiveStringLiterals.enabled": "false",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "1000",  # of pages: as many as a local worker gets at a time
    "spark.sql.execution.arrow.maxBytesPerBatch": str(4 << 20),
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.files.ignoreMissingFiles": "false",
    "spark.sql.legacy.parquet.nanosAsLong": "true",  # as pandas writes times; readers know numbers of that size
    "spark.sql.maxConcurrentOutputFileWriters": "16",  # kinds of rows go to files of their own without a sort
    "spark.sql.parquet.compression.codec": "zstd",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
}
"""What a run relies on; everything else is the user's."""
_MASTERS = ("local", "spark", "yarn", "k8s")
_LOCAL = re.compile(r"local(?:\[(?:[1-9][0-9]*|\*)(?: ?, ?[1-9][0-9]*)?\])?")
_QUIET = {
    "spark.sql.warehouse.dir": (Path(tempfile.gettempdir()) / "rolepages-warehouse").as_uri(),  # nothing is kept there
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={Path(__file__).with_name('log4j2.properties').as_uri()}",
}
_LOOPBACK = {
    # Everything is on this machine: nothing listens to the network, and no name of the host has to resolve.
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
}


def open_session(master: str = "", conf: Mapping[str, str] | None = None) -> tuple[SparkSession, bool]:
    """A new session, or the one that this process has; and whether it is new, and so the caller's to stop.

    Args:
        master: as Spark names it (`local[4]`, `spark://host:7077`, `yarn`, `k8s://...`); "" for what `spark-submit` or the
            configuration says, else all cores of this machine.
        conf: Spark's own settings.

    Raises:
        UsageError: Spark or Java is not installed, the master does not exist or does not answer, a setting is wrong.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise UsageError("PySpark is not installed", hint="pip install 'rolepages[spark]'") from error
    if active := SparkSession.getActiveSession():
        return active, False
    if not master and not any(name in os.environ for name in _CONFIGURED):
        master = "local[*]"
    _check_master(master)
    provide_java()
    settings: dict[str, Any] = _QUIET | dict(conf or {})
    if master.startswith("local"):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        settings = _LOOPBACK | settings
    logging.getLogger("DataFrameQueryContextLogger").disabled = True  # it repeats exceptions, at length
    builder: Any = SparkSession.builder.appName("rolepages").config(map=settings)
    if master:
        builder = builder.master(_with_retries(master))
    with quiet_warnings(), translated(f"--master {master}" if master else "Spark", UsageError):
        session: SparkSession = builder.getOrCreate()
        return session, True


def own_session(session: SparkSession) -> SparkSession:
    """A session beside the user's with the same settings, but for those that a run relies on, and with views of its own."""
    own = session.newSession()
    for name, value in {**session.conf.getAll, **_SETTINGS}.items():
        # A setting that Spark does not know is one of a file system, its credentials for example.
        if own.conf.isModifiable(name) or not name.startswith("spark."):
            own.conf.set(name, value)
    return own


def tries_again(session: SparkSession) -> bool:
    """Whether Spark would try a failed task again."""
    master = str(session.sparkContext.master)
    if master.startswith("local"):
        return "," in master
    return int(session.sparkContext.getConf().get("spark.task.maxFailures", "4") or 4) > 1


def _with_retries(master: str) -> str:
    """`local[N]` gives up at the first failed task; elsewhere Spark tries three times more, and so should it here."""
    if master == "local":
        return "local[1,4]"
    if master.startswith("local[") and "," not in master:
        return f"{master[:-1]},4]"
    return master


def _check_master(master: str) -> None:
    kind = master.partition("[")[0].partition(":")[0]
    if master and kind not in _MASTERS:
        raise UsageError(
            f"--master {master}: no such kind of master",
            hint="such as local[4], spark://host:7077, yarn, k8s://https://host",
        )
    if kind == "local" and not _LOCAL.fullmatch(master):
        raise UsageError(f"--master {master}: not a number of cores", hint="such as local[4], or local[*] for all")
    if kind == "spark":
        _knock(master)


def _knock(master: str) -> None:
    """Looks whether a standalone master answers: Spark itself would try for minutes and then fail in many lines."""
    import socket

    problem = ""
    for place in master.removeprefix("spark://").split(","):
        try:
            address = urlsplit(f"//{place}")
            with socket.create_connection((address.hostname or "", address.port or 7077), timeout=10):
                return
        except (OSError, ValueError) as error:
            problem = getattr(error, "strerror", None) or str(error)
    raise UsageError(f"--master {master}: does not answer: {problem}", hint="is it running, and is that its address?")


@contextmanager
def quiet_warnings() -> Iterator[None]:
    """Leaves out what PySpark says of versions of libraries that this program does not use with it."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="PySpark does not yet", category=FutureWarning)
        yield
