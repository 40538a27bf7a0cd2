"""One run at a time writes to an output folder."""

from __future__ import annotations

import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pipeline.errors import LockedError
from pipeline.store.durable import writing
from pipeline.store.layout import LOCK

_held: set[int] = set()


def _forget_in_child() -> None:
    # A forked worker that outlives its parent must not keep the lock; closing its copy leaves the parent's alone.
    for handle in _held:
        os.close(handle)
    _held.clear()


os.register_at_fork(after_in_child=_forget_in_child)


@contextmanager
def hold_lock(out: Path) -> Iterator[None]:
    """Holds the lock of an output folder; the lock goes with the process, however it ends.

    Raises:
        LockedError: another process holds it; the message names process, host and start.
        OutputError: the lock file cannot be written.
    """
    path = out / LOCK
    with writing(path, "cannot lock"):
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise LockedError(
                    f"{out}: another run is writing there: {_describe_holder(handle)}",
                    hint="wait for it to end, or choose another --out",
                ) from error
            _held.add(handle)
            _write_holder(handle)
            yield
        finally:
            _held.discard(handle)
            os.close(handle)


def _write_holder(handle: int) -> None:
    holder = {
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "started_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    os.ftruncate(handle, 0)
    os.pwrite(handle, json.dumps(holder).encode() + b"\n", 0)


def _describe_holder(handle: int) -> str:
    try:
        holder = json.loads(os.pread(handle, 4096, 0))
        return f"process {holder['pid']} on {holder['host']} since {holder['started_at']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "it has not written its name yet"
