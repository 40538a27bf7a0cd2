"""Where Arrow takes its memory from while a run goes on, and how often Python looks for cycles."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pyarrow as pa

_DECAY = 100
"""Milliseconds after which freed memory goes back to the system: with the 1,000 that Arrow sets, the process that publishes the
observations of a million pages has 300 MB more; at once, it takes a third longer."""


@contextmanager
def frugal_memory() -> Iterator[None]:
    """Makes Arrow use jemalloc, where it comes with one; what was used before is used again in the end.

    The columns of a window of rows are allocated and freed by the hundred. Arrow's own choice, mimalloc, gets and returns
    them in huge pages, which the kernel clears each time: that takes a quarter of the CPU of publishing, and a third more
    memory.
    """
    before = pa.default_memory_pool()
    with suppress(NotImplementedError):
        pa.set_memory_pool(pa.jemalloc_memory_pool())
        pa.jemalloc_set_decay_ms(_DECAY)
    try:
        yield
    finally:
        pa.set_memory_pool(before)


@contextmanager
def rare_collection() -> Iterator[None]:
    """Makes Python look for cycles every 50,000 objects instead of every 700: records have none, and there are many of them."""
    before = gc.get_threshold()
    gc.set_threshold(50_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def no_collection() -> Iterator[None]:
    """Keeps Python from looking for cycles while a batch is parsed: facts have none, and to look takes a fifth of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
