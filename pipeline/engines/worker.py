"""The processes that parse: a nursery, which does nothing but make workers, and the workers that it makes.

The nursery is a fresh interpreter without threads, so that a worker is a safe and cheap fork of it, with everything
imported and compiled; and it starts while the run that needs it still lists its inputs. All of them end with the run,
however that ends.
"""

from __future__ import annotations

import ctypes
import gc
import mmap
import os
import resource
import signal
import socket
import struct
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.engines.channel import Channel, ClosedError
from pipeline.engines.pressure import volunteer

if TYPE_CHECKING:
    from pipeline.model import Record

TASK = b"task"
SHARD = b"shrd"
FAILED = b"fail"
START = b"strt"
STOP = b"stop"
DONE = b"done"
PID = struct.Struct("<q")
NO_MEMORY = 71
"""Exit code of a worker that ran into its limit."""
_PR_SET_PDEATHSIG = 1
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_KEPT = 64 << 20
"""Bytes of freed memory that a worker keeps for the next page."""
_WARM = (
    "Collector vs usher\n\nCollectorUsher\nYearly salary$34,872$31,000\n",
    "What does a collector do?\n\nCollectors\n",
)


class _WithoutPandas(MetaPathFinder):
    """pyarrow imports pandas, where there is one, to tell what it is given: 0.2 s and 40 MB that no worker needs."""

    def find_spec(self, name: str, _path: object, _target: object = None) -> None:
        """Finds nothing, and no pandas at all."""
        if name == "pandas":
            raise ModuleNotFoundError("not needed in a worker", name=name)


def nurse(control: Channel, memory: int) -> None:
    """Makes and ends workers until the supervisor hangs up; `memory` in bytes, for each worker."""
    _end_with_parent()
    _keep_memory()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all; the supervisor decides what follows
    sys.meta_path.insert(0, _WithoutPandas())
    from pipeline.page import parse_html, parse_text
    from pipeline.parsers import load_vocabulary

    load_vocabulary()
    for text in _WARM:
        parse_text(text)
        parse_html(f"<p>{text}</p>")
    pids: set[int] = set()
    with suppress(ClosedError):
        while True:
            _obey(control, memory, pids)
    for pid in pids:
        _end(pid)


def _obey(control: Channel, memory: int, pids: set[int]) -> None:
    kind, parts = control.receive()
    if kind == STOP:
        (pid,) = PID.unpack(parts[0])
        pids.remove(pid)
        control.send(DONE, [PID.pack(number) for number in _end(pid)])
        return
    _, handles, _, _ = socket.recv_fds(control.socket, 1, 2)
    pid = os.fork()
    if not pid:
        control.close()
        _run_worker(handles[0], handles[1], memory)
    pids.add(pid)
    for handle in handles:
        os.close(handle)
    control.send(DONE, [PID.pack(pid)])


def _end(pid: int) -> tuple[int, int]:
    """Exit code of a worker, or minus the signal that ended it, and the bytes of memory that it had at most."""
    # Until it is waited for, its number is its own: this never hits a stranger.
    os.kill(pid, signal.SIGKILL)
    _, status, usage = os.wait4(pid, 0)
    return os.waitstatus_to_exitcode(status), usage.ru_maxrss << 10


def _run_worker(handle: int, progress: int, memory: int) -> None:
    """Never returns: a worker must not go on with what its parent was about to do."""
    code = 1
    # Held here until the process ends: the supervisor takes a closed channel for the end, and makes sure of it by SIGKILL,
    # which would hide the exit code of a worker that is still on its way out.
    channel = Channel(socket.socket(fileno=handle))
    try:
        _end_with_parent()
        volunteer()
        used = _address_space()
        if used:
            resource.setrlimit(resource.RLIMIT_AS, (used + memory, used + memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        current = memoryview(mmap.mmap(progress, mmap.PAGESIZE)).cast("q")
        work(channel, current)
    except ClosedError:
        code = 0
    except MemoryError:
        code = NO_MEMORY
    finally:
        os._exit(code)


def work(channel: Channel, current: memoryview[int]) -> None:
    """Parses task after task; `current[0]` is the number of the record in work, in shared memory.

    Facts have no cycles, so that the garbage collector finds nothing in the middle of a batch; left on, it takes a fifth
    of the time.
    """
    from pipeline.engines.batches import decode_records, encode_shard
    from pipeline.shards import process

    gc.disable()
    gc.freeze()
    while True:
        gc.collect()
        _, parts = channel.receive()
        try:
            streams = encode_shard(process(_noted(decode_records(parts[0]), current)))
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - which record it was is for the supervisor to find out
            channel.send(FAILED, [f"{type(error).__name__}: {error}".encode("utf-8", "replace")])
        else:
            channel.send(SHARD, streams)


def _noted(records: Iterator[Record], current: memoryview[int]) -> Iterator[Record]:
    number = -1
    for number, record in enumerate(records):
        current[0] = number
        yield record
    current[0] = number + 1


def _end_with_parent() -> None:
    """Asks the kernel for SIGKILL when the parent ends; where it cannot be asked, workers end when they are hung up on."""
    parent = os.getppid()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _keep_memory() -> None:
    """Asks the C library to keep what is freed: given back and taken again, the tree of an HTML page costs twice its parsing."""
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        library.mallopt(_M_TRIM_THRESHOLD, _KEPT)
        library.mallopt(_M_MMAP_THRESHOLD, _KEPT // 2)


def _address_space() -> int:
    """Bytes of addresses that this process has mapped; 0 where that cannot be told."""
    try:
        with Path("/proc/self/statm").open("rb") as file:
            return int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def main(handle: int, memory: int) -> None:
    """Runs a nursery that obeys the socket `handle`."""
    nurse(Channel(socket.socket(fileno=handle)), memory)
