"""Shows how far a run has come: a bar on a terminal, now and then a line in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pipeline.cli.terminal import has_colors, is_terminal, tell
from pipeline.options import Progress

LINE_SECONDS = 10.0
"""Between two lines of progress in a log."""


@contextmanager
def show_progress(*, quiet: bool) -> Iterator[Callable[[Progress], None]]:
    """Gives the function to call with each :class:`Progress`; calls may come as often as they like."""
    if quiet:
        yield lambda _progress: None
    elif is_terminal(sys.stderr):
        with _bar() as show:
            yield show
    else:
        yield _Lines().show


class _Lines:
    def __init__(self) -> None:
        self._start = self._last = time.monotonic()

    def show(self, progress: Progress) -> None:
        now = time.monotonic()
        if now - self._last >= LINE_SECONDS:
            self._last = now
            tell(f"{progress.step}: {describe_progress(progress, now - self._start)}")


def describe_progress(progress: Progress, seconds: float) -> str:
    """Documents, rate, and the time left where it can be told; `seconds` since the start."""
    parts = [f"{progress.documents:,} documents"]
    if seconds > 0:
        parts.append(f"{progress.documents / seconds:,.0f}/s")
    if progress.bytes_total and progress.bytes_done:
        share = min(progress.bytes_done / progress.bytes_total, 1.0)
        parts.append(f"{share:.0%}")
        parts.append(f"{_describe_seconds(seconds / share - seconds)} left")
    return ", ".join(parts)


def _describe_seconds(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


@contextmanager
def _bar() -> Iterator[Callable[[Progress], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, SpinnerColumn, TextColumn
    from rich.progress import Progress as Bar

    start = time.monotonic()
    console = Console(stderr=True, no_color=not has_colors(sys.stderr))
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[state]}"))
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("start", total=None, state="")

        def show(progress: Progress) -> None:
            bar.update(
                task,
                description=progress.step,
                completed=progress.bytes_done,
                total=progress.bytes_total or None,
                state=describe_progress(progress, time.monotonic() - start),
            )

        yield show
