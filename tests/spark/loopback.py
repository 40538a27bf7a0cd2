"""A real cluster on the loopback interface: one master and some workers, each a process of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.spark.session import SMALL_JVM

_MASTER = re.compile(rb"Starting Spark master at (spark://127\.0\.0\.1:[0-9]+)")
_REGISTERED = b"Successfully registered with master"
_SECONDS = 90.0
"""How long a daemon may take to say that it runs."""


@dataclass
class Daemon:
    """A master or a worker, by its own process id."""

    process: subprocess.Popen[bytes]
    log: Path

    def wait_for(self, pattern: bytes | re.Pattern[bytes]) -> str:
        """What the pattern's group matches in the log, as soon as it does."""
        end = time.monotonic() + _SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            if found := re.search(pattern, self.log.read_bytes()):
                return found.group(1).decode() if found.re.groups else ""
            time.sleep(0.05)
        raise AssertionError(f"it does not start:\n{self.log.read_text()[-3000:]}")

    def executors(self) -> list[int]:
        """The processes that it has started, and that those have."""
        return _children(self.process.pid)

    def kill(self) -> None:
        """As if the machine were gone: the daemon, its executors and their Python workers, without a word."""
        if self.process.poll() is None:
            for pid in (self.process.pid, *self.executors()):
                with suppress(ProcessLookupError):  # executors end by themselves when their daemon is gone
                    os.kill(pid, signal.SIGKILL)
        self.process.wait()


@dataclass
class Cluster:
    """Where a job goes to, and the workers that do it."""

    master: str
    workers: list[Daemon]


@contextmanager
def run_cluster(folder: Path, workers: int = 2) -> Iterator[Cluster]:
    """A master and workers of one core each, which are gone afterwards, whatever happens."""
    from pipeline.engines.spark.java import provide_java

    provide_java()
    daemons: list[Daemon] = []
    try:
        daemons.append(_start(folder, "master", "Master"))
        master = daemons[0].wait_for(_MASTER)
        for number in range(workers):
            place = folder / f"worker-{number}"
            options = ("--cores", "1", "--memory", "1g", "--work-dir", str(place), master)
            daemons.append(_start(folder, f"worker-{number}", "Worker", *options))
        for daemon in daemons[1:]:
            daemon.wait_for(_REGISTERED)
        yield Cluster(master, daemons[1:])
    finally:
        for daemon in reversed(daemons):
            daemon.kill()


def _start(folder: Path, name: str, kind: str, *options: str) -> Daemon:
    import pyspark

    home = Path(pyspark.__file__).parent
    log = folder / f"{name}.log"
    call = [home / "bin" / "spark-class", f"org.apache.spark.deploy.{kind.lower()}.{kind}"]
    call += ["--host", "127.0.0.1", "--port", "0", "--webui-port", "0", *options]
    environment: Mapping[str, str] = os.environ | {
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_DAEMON_JAVA_OPTS": SMALL_JVM,
    }
    with log.open("wb") as file:
        process = subprocess.Popen(call, env=environment, stdout=file, stderr=subprocess.STDOUT)
    return Daemon(process, log)


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += [int(child), *_children(int(child))]
    return found
