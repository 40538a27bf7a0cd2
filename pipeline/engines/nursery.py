"""The supervisor's side of the nursery and of its workers."""

from __future__ import annotations

import logging
import mmap
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, NamedTuple

from pipeline.engines.channel import Channel, ClosedError
from pipeline.engines.pressure import count_kills
from pipeline.engines.worker import NO_MEMORY, PID, START, STOP
from pipeline.errors import OutputError, RolepagesError
from pipeline.vocabulary import VocabularyError

_log = logging.getLogger(__name__)
PATIENCE = 120.0
"""Seconds to wait for an answer that takes milliseconds, on the slowest machine."""
_PARTING = 5.0
"""Seconds that the nursery has to end its workers and itself."""
_COMMAND = (
    "import sys; sys.path[:] = sys.argv[3:]; from pipeline.engines.worker import main; "
    "main(int(sys.argv[1]), int(sys.argv[2]))"
)
_VOCABULARY = f"{VocabularyError.__module__}.{VocabularyError.__name__}: "
_TICKS = os.sysconf("SC_CLK_TCK")


class WorkersError(RolepagesError):
    """No worker can be started on this machine."""


class Exit(NamedTuple):
    """How a worker ended."""

    code: int
    """Its exit code, or minus the signal that ended it."""
    peak: int
    """Bytes of memory that it had at most."""


class Nursery:
    """A process that makes workers; `memory` in bytes limits each of them."""

    def __init__(self, memory: int) -> None:
        ours, theirs = socket.socketpair()
        ours.settimeout(PATIENCE)
        self._control = Channel(ours)
        self._errors = _temporary_file()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _COMMAND, str(theirs.fileno()), str(memory), *sys.path],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                # Memory goes back to the system when it is freed, and is not reserved ahead of the limit.
                env=os.environ | {"ARROW_DEFAULT_MEMORY_POOL": "system"},
            )

    def __enter__(self) -> Nursery:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> Worker:
        """Makes a worker.

        Raises:
            WorkersError: the nursery is gone.
            VocabularyError: a vocabulary file is wrong.
        """
        ours, theirs = socket.socketpair()
        with theirs, _temporary_file(mmap.PAGESIZE) as file:
            page = mmap.mmap(file.fileno(), mmap.PAGESIZE)
            try:
                self._control.send(START)
                socket.send_fds(self._control.socket, [b"."], [theirs.fileno(), file.fileno()])
                (pid,) = self._answer()
            except (ClosedError, OSError) as error:
                ours.close()
                page.close()
                raise self._gone() from error
        ours.settimeout(PATIENCE)
        return Worker(pid, Channel(ours), page)

    def stop(self, worker: Worker) -> Exit:
        """Ends a worker, and tells how it ended; it may have ended before."""
        worker.close()
        try:
            self._control.send(STOP, [PID.pack(worker.pid)])
            return Exit(*self._answer())
        except ClosedError as error:
            raise self._gone() from error

    def close(self) -> None:
        """Ends the nursery, and with it what workers it still has."""
        self._control.close()
        try:
            self._process.wait(_PARTING)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._errors.close()

    def _answer(self) -> list[int]:
        return [PID.unpack(part)[0] for part in self._control.receive().parts]

    def _gone(self) -> RolepagesError:
        self._process.kill()
        code = self._process.wait()
        self._errors.seek(0)
        lines = self._errors.read().decode("utf-8", "replace").strip().splitlines()
        why = lines[-1] if lines else describe_exit(code)
        if why.startswith(_VOCABULARY):
            return VocabularyError(
                why.removeprefix(_VOCABULARY), hint="mend that file; CONTRIBUTING.md says what it holds"
            )
        _log.error("the nursery ended: %s", why, extra={"code": code, "lines": lines})
        hint = "is there memory left for them?" if "Memory" in why or code < 0 else "--log-file FILE tells more"
        return WorkersError(f"worker processes cannot be started: {why}", hint=hint)


class Worker:
    """One worker as its supervisor sees it."""

    def __init__(self, pid: int, channel: Channel, page: mmap.mmap) -> None:
        self.pid = pid
        self.channel = channel
        self._page = page
        self._current = memoryview(page).cast("q")
        self._number = 0
        self._clock = self._processor = 0.0
        self.kills = 0
        """Processes that the kernel had killed for want of memory when it got its task."""
        self._at_start = self.memory()

    def send(self, kind: bytes, parts: Sequence[object]) -> None:
        """Gives it a task; its time begins."""
        self._current[0] = 0
        self._begin(0)
        self.kills = count_kills()
        self.channel.send(kind, parts)

    @property
    def number(self) -> int:
        """Number of the record that it works on, in its task; the length of the task when all are parsed."""
        return self._current[0]

    def spent(self) -> tuple[float, float]:
        """Seconds spent on the current record: by the clock, and of processor time."""
        if self.number != self._number:
            self._begin(self.number)
        return time.monotonic() - self._clock, _processor_seconds(self.pid) - self._processor

    def forgive(self, seconds: float) -> None:
        """Does not count so many seconds of the clock."""
        self._clock += seconds

    def memory(self) -> int:
        """Bytes of memory that it occupies; 0 where that cannot be told."""
        try:
            with Path(f"/proc/{self.pid}/statm").open("rb") as file:
                return int(file.read().split()[1]) * mmap.PAGESIZE
        except (OSError, IndexError):
            return 0

    def died_of_memory(self, end: Exit, limit: int) -> bool:
        """Whether a worker that may take `limit` bytes ended because it had too much, or the machine too little.

        A worker that runs into its limit may die in any way: an allocation fails inside a library, or for the stack. So what
        counts is what it held, not how it ended.
        """
        if end.code == NO_MEMORY or end.peak - self._at_start > limit // 2:
            return True
        return end.code == -signal.SIGKILL and count_kills() > self.kills

    def close(self) -> None:
        """Hangs up."""
        with suppress(ValueError, BufferError):
            self._current.release()
            self._page.close()
        self.channel.close()

    def _begin(self, number: int) -> None:
        self._number = number
        self._clock = time.monotonic()
        self._processor = _processor_seconds(self.pid)


def _temporary_file(size: int = 0) -> IO[bytes]:
    """An open file without a name.

    Raises:
        OutputError: there is no room for it.
    """
    try:
        file = tempfile.TemporaryFile()  # noqa: SIM115 - who asks for it closes it
        file.truncate(size)
    except OSError as error:
        hint = "make room in the folder for temporary files, or name another one in TMPDIR"
        raise OutputError(f"cannot write a temporary file: {error.strerror or error}", hint=hint) from error
    return file


def _processor_seconds(pid: int) -> float:
    """Processor time that a process has used; 0 where that cannot be told."""
    try:
        with Path(f"/proc/{pid}/stat").open("rb") as file:
            fields = file.read().rpartition(b")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS
    except (OSError, IndexError):
        return 0.0


def describe_exit(code: int) -> str:
    """How a process ended, in words."""
    if code == NO_MEMORY:
        return "it ran out of memory"
    if code >= 0:
        return f"it ended with exit code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    hint = ", as the system does when memory is short" if code == -signal.SIGKILL else ""
    return f"it was ended by {name}{hint}"
