"""SIGTERM and Ctrl-C end a run in order: what it holds is let go, what it staged is removed."""

from __future__ import annotations

import signal
from types import FrameType

from pipeline.errors import EXIT_INTERRUPTED, EXIT_TERMINATED


class StoppedBySignal(BaseException):
    """A signal came. Not an Exception: nothing on the way may take it for a failure of its own."""

    def __init__(self, number: int) -> None:
        terminated = number == signal.SIGTERM
        super().__init__("terminated" if terminated else "interrupted")
        self.exit_code = EXIT_TERMINATED if terminated else EXIT_INTERRUPTED


_caught: list[StoppedBySignal] = []


def caught() -> StoppedBySignal | None:
    """The signal that came, if one did: DuckDB, interrupted by it, raises an error of its own instead."""
    return _caught[0] if _caught else None


def catch_signals() -> None:
    """Turns the first SIGTERM or SIGINT into :class:`StoppedBySignal`; the second one kills."""

    def stop(number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        _caught.append(StoppedBySignal(number))
        raise _caught[0]

    signal.signal(signal.SIGTERM, stop)
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # a job in the background of a shell ignores it
        signal.signal(signal.SIGINT, stop)
