"""Instructions that a page costs from text to facts, held against a baseline: `make bench-check`, `make bench-baseline`.

Times differ from run to run, instructions hardly: valgrind's callgrind counts them. One process parses a set of pages
`REPEATS` times more than another that is the same otherwise, so that the difference is the price of the pages alone. The baseline,
instructions.json, has thousands of instructions a page for each minor version of Python, compiled or not.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from random import Random
from types import BuiltinFunctionType

import pipeline
from pipeline.page import parse_text

TOLERANCE = 0.15
"""Part of the baseline by which a page may become dearer."""
REPEATS = 8
WARM_UP = 10
"""Parses of each page beforehand: the interpreter adapts itself to code that it runs often."""
BASELINE = Path(__file__).with_name("instructions.json")
RAW = Path(__file__).parent.parent / "raw"
_COMPILED = isinstance(parse_text, BuiltinFunctionType)
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}{' compiled' if _COMPILED else ''}"
_PATHS = [str(Path(pipeline.__file__).parent.parent), str(Path(__file__).parent.parent)]
"""Where the package that is measured is, and this one."""
_COLLECTED = re.compile(r"Collected : (\d+)")


def comparisons() -> list[str]:
    """Real comparison pages and generated ones, the same everywhere."""
    from benchmarks.pagegen import FORMS, World, comparison_page

    world, random = World(seed=3, size=20), Random(3)
    generated = [
        FORMS[form].render(comparison_page(*random.sample(world.roles, 2))) for form in ("bulleted", "pipe_a", "pipe_b")
    ]
    return [*_real("000", "001", "003"), *generated]


def profiles() -> list[str]:
    """Real profile pages and generated ones, the same everywhere."""
    from benchmarks.pagegen import FORMS, World, profile_page

    world, random = World(seed=3, size=20), Random(3)
    generated = []
    for form in ("bulleted", "dashed"):
        role, *peers = random.sample(world.roles, 5)
        generated.append(FORMS[form].render(profile_page(role, tuple(peers))))
    return [*_real("002", "004"), *generated]


def _real(*names: str) -> list[str]:
    return [path.read_text(encoding="utf-8") for name in names for path in sorted(RAW.glob(f"{name}_*.txt"))]


SETS = {"comparison pages": comparisons, "profile pages": profiles}


def work(dearer: str) -> None:
    """Parse the pages of all sets, those of one more often: what the counted processes do."""
    gc.disable()
    for name, pages in SETS.items():
        texts = pages()
        for _ in range(WARM_UP + REPEATS * (name == dearer)):
            for text in texts:
                parse_text(text)


def counting(valgrind: str, dearer: str) -> subprocess.Popen[str]:
    """A process that counts the instructions of :func:`work`."""
    command = [
        valgrind,
        "--tool=callgrind",
        "--callgrind-out-file=/dev/null",
        sys.executable,
        __file__,
        "--work",
        dearer,
    ]
    if setarch := shutil.which("setarch"):
        # Where objects lie in memory decides which of them share a place in the interpreter's caches.
        command = [setarch, "--addr-no-randomize", *command]
    variables = {
        **os.environ,
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": os.pathsep.join(_PATHS),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return subprocess.Popen(command, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def collected(process: subprocess.Popen[str]) -> int:
    """The instructions that a process has counted."""
    _, said = process.communicate()
    found = _COLLECTED.search(said)
    if process.returncode or not found:
        sys.exit(f"error: {process.args!r} failed:\n{said[-2000:]}")
    return int(found[1])


def measure(valgrind: str) -> dict[str, int]:
    """Thousands of instructions a page, by set."""
    processes = {name: counting(valgrind, name) for name in ("", *SETS)}
    costs = {name: collected(process) for name, process in processes.items()}
    return {name: round((costs[name] - costs[""]) / REPEATS / len(pages()) / 1000) for name, pages in SETS.items()}


def compare(costs: dict[str, int], baseline: dict[str, int]) -> bool:
    """Print a row for each set; whether none has become dearer than tolerated."""
    print(f"{'thousand instructions a page':<30}{'baseline':>10}{'now':>8}")
    within = True
    for name, cost in costs.items():
        change = cost / baseline[name] - 1
        dearer = change > TOLERANCE
        print(f"{name:<30}{baseline[name]:>10,}{cost:>8,}{change:>+8.1%}{'  TOO DEAR' if dearer else ''}")
        within = within and not dearer
    return within


def main() -> int:
    """Check the cost of pages, or write it down."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--renew", action="store_true", help="write the baseline of this Python")
    parser.add_argument("--work", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work is not None:
        work(options.work)
        return 0
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        print(
            "*** NOTHING WAS CHECKED: valgrind is not installed (on Debian: apt install valgrind) ***", file=sys.stderr
        )
        return 0
    baselines = json.loads(BASELINE.read_text(encoding="utf-8")) if BASELINE.exists() else {}
    if options.renew:
        baselines[PYTHON] = measure(valgrind)
        BASELINE.write_text(json.dumps(dict(sorted(baselines.items())), indent=2) + "\n", encoding="utf-8")
        print(f"{BASELINE.name}: Python {PYTHON}: {baselines[PYTHON]}")
        return 0
    if PYTHON not in baselines:
        print(
            f"*** NOTHING WAS CHECKED: no baseline for Python {PYTHON}; run `make bench-baseline` ***", file=sys.stderr
        )
        return 1
    if compare(measure(valgrind), baselines[PYTHON]):
        return 0
    print(
        f"error: pages cost over {TOLERANCE:.0%} more instructions than the baseline: make them cheaper, or, where the price is "
        "right, renew it with `make bench-baseline`",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
