"""The engine of one machine: worker processes, and a supervisor that none of them can harm.

`multiprocessing.Pool` hangs for ever when a worker is killed, and `ProcessPoolExecutor` loses what was in work. Here a worker
that hangs, dies or takes too much memory costs one document: what it had in work is done again without that document, and
the document once more alone, before it is blamed.
"""

from __future__ import annotations

import logging
import os
import selectors
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import NamedTuple

from pipeline.engines.batches import batches, decode_shard, encode_records
from pipeline.engines.channel import ClosedError
from pipeline.engines.limits import Limits
from pipeline.engines.nursery import Nursery, Worker, describe_exit
from pipeline.engines.worker import FAILED, TASK
from pipeline.model import Problem, Record
from pipeline.shards import Shard, process

_log = logging.getLogger(__name__)
_TICK = 0.2
"""Seconds between two looks at what the workers are doing."""
_ABSENCE = 5.0
"""A supervisor that comes so many seconds late to its look was stopped itself: that time counts for no worker."""

_TOO_MUCH = "took more than the {} MiB of memory that a document may"


class Parsed(NamedTuple):
    """A shard, and the records that it came from, in the order of its `documents`."""

    shard: Shard
    records: list[Record]
    is_final: bool
    """Whether the same records give the same shard in every run; a document that took too long may not."""


@dataclass(slots=True)
class _Task:
    records: list[Record]
    is_retry: bool = False


class LocalEngine:
    """Worker processes out of a nursery; use it as a context manager.

    `workers`: how many at most; 0 for one for each core that this process may use.
    """

    def __init__(self, nursery: Nursery, workers: int = 0, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.workers = workers or available_cores()
        self._nursery = nursery
        self._idle: list[Worker] = []
        self._busy: dict[Worker, _Task] = {}
        self._queue: deque[_Task] = deque()
        self._selector = selectors.DefaultSelector()
        self._looked_at = time.monotonic()

    def __enter__(self) -> LocalEngine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # They end with their nursery at the latest; an error may have come in the middle of a talk with it.
        for worker in (*self._idle, *self._busy):
            worker.close()
        self._selector.close()

    def parse(self, records: Iterable[Record]) -> Iterator[Parsed]:
        """The shards of all records, in no order; `records` is read as workers become free.

        Raises:
            WorkersError: no worker can be started.
        """
        waiting = batches(records, self.limits)
        is_open = True
        while is_open or self._queue or self._busy:
            self._assign()
            if is_open and len(self._queue) <= self.workers:
                batch = next(waiting, None)
                is_open = batch is not None
                yield from self._accept(batch or [])
            yield from self._collect(0.0 if is_open and len(self._queue) <= self.workers else _TICK)

    def _accept(self, batch: list[Record]) -> Iterator[Parsed]:
        """Queues what needs a worker."""
        readable = [record for record in batch if not record.problem]
        if len(readable) < len(batch):
            unreadable = [record for record in batch if record.problem]
            yield Parsed(process(unreadable), unreadable, is_final=False)
        if readable:
            self._queue.append(_Task(readable))

    def _assign(self) -> None:
        while self._queue and (self._idle or len(self._busy) < self.workers):
            task = self._queue.popleft()
            worker = self._start_or_reuse(task)
            self._busy[worker] = task
            self._selector.register(worker.channel, selectors.EVENT_READ, worker)
            with suppress(ClosedError):  # it has died, which shows as soon as it is listened to
                worker.send(TASK, [encode_records(task.records)])

    def _start_or_reuse(self, task: _Task) -> Worker:
        """A worker for a task; a record that is tried alone gets a new one, so that nothing before it counts for its fate."""
        if task.is_retry and self._idle:
            self._nursery.stop(self._idle.pop())
        elif self._idle:
            return self._idle.pop()
        return self._nursery.start()

    def _collect(self, timeout: float) -> Iterator[Parsed]:
        """What the workers have done, or have not; waits for the first of them."""
        for key, _ in self._selector.select(timeout if self._busy else 0.0):
            yield from self._listen(key.data)
        now = time.monotonic()
        if now - self._looked_at < _TICK:
            return
        absence = now - self._looked_at
        self._looked_at = now
        for worker in list(self._busy):
            if absence > _ABSENCE:
                worker.forgive(absence)
            if excess := self._excess(worker):
                yield from self._fail(worker, excess)

    def _listen(self, worker: Worker) -> Iterator[Parsed]:
        try:
            kind, parts = worker.channel.receive()
        except ClosedError:
            yield from self._fail(worker, None)
            return
        number = worker.number
        task = self._release(worker)
        self._idle.append(worker)
        if kind == FAILED:
            yield from self._again(task, number, Problem("parser_error", bytes(parts[0]).decode("utf-8", "replace")))
        else:
            yield Parsed(decode_shard(parts), task.records, is_final=True)

    def _excess(self, worker: Worker) -> Problem | None:
        """What the worker takes too much of."""
        limits = self.limits
        if worker.memory() > limits.document_memory:
            return Problem("memory", _TOO_MUCH.format(limits.document_memory >> 20))
        clock, processor = worker.spent()
        if processor > limits.document_seconds or clock > limits.stalled_seconds:
            return Problem("timeout", f"took longer than the {limits.document_seconds:g} s that a document may")
        return None

    def _fail(self, worker: Worker, problem: Problem | None) -> Iterator[Parsed]:
        """Ends a worker that is of no use any more, and gives its task to others."""
        number = worker.number
        task = self._release(worker)
        end = self._nursery.stop(worker)
        if problem is None and worker.died_of_memory(end, self.limits.document_memory):
            problem = Problem("memory", _TOO_MUCH.format(self.limits.document_memory >> 20))
        yield from self._again(task, number, problem or Problem("worker_died", describe_exit(end.code)))

    def _release(self, worker: Worker) -> _Task:
        self._selector.unregister(worker.channel)
        return self._busy.pop(worker)

    def _again(self, task: _Task, number: int, problem: Problem) -> Iterator[Parsed]:
        """Queues a task that failed at the record `number`, in parts; a record that failed alone is blamed."""
        records = task.records
        about = {"code": problem.code, "records": len(records), "number": number, "is_retry": task.is_retry}
        _log.warning("a task failed: %s", problem, extra=about | {"first": records[0].source})
        if len(records) > 1:
            # Where all were parsed and something failed after it, any of them may be to blame.
            parts = (
                [records[number : number + 1], records[:number] + records[number + 1 :]]
                if number < len(records)
                else [records[: len(records) // 2], records[len(records) // 2 :]]
            )
            self._queue.extendleft(_Task(part, is_retry=number < len(records) and len(part) == 1) for part in parts)
        elif task.is_retry:
            yield Parsed(process([records[0]._replace(problem=problem)]), records, is_final=False)
        else:
            self._queue.appendleft(_Task(records, is_retry=True))


def available_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
