"""CPU time of one page of text to its facts, for the real pages of raw/: `python benchmarks/bench_page.py`."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from pipeline.forms import shape
from pipeline.page import parse_text

RUNS = 400


def microseconds(work: Callable[[], object]) -> tuple[float, float]:
    """The least and the median CPU time of a call."""
    times = []
    for _ in range(RUNS):
        start = time.process_time()
        work()
        times.append((time.process_time() - start) * 1e6)
    return min(times), statistics.median(times)


def main() -> None:
    """Print a row for each page."""
    pages = sorted(Path(__file__).parent.parent.joinpath("raw").glob("*.txt"))
    for page in pages:
        parse_text(page.read_text(encoding="utf-8"))
    gc.freeze()  # as workers do: what was loaded for good is not looked at again
    print(f"{'page':<28}{'shape min':>12}{'median':>8}{'parse_text min':>17}{'median':>8}   microseconds of CPU")
    for page in pages:
        text = page.read_text(encoding="utf-8")
        shaped = microseconds(lambda text=text: shape(text))  # type: ignore[misc]
        parsed = microseconds(lambda text=text: parse_text(text))  # type: ignore[misc]
        print(f"{page.name:<28}{shaped[0]:>12.0f}{shaped[1]:>8.0f}{parsed[0]:>17.0f}{parsed[1]:>8.0f}")


if __name__ == "__main__":
    main()
