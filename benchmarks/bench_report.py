"""How heavy the report of many roles is, and when it can be used: `python benchmarks/bench_report.py --roles 5000`.

A dump with so many roles is generated (benchmarks.pagegen, fixed seed) and extracted, and the report opened in Chromium
without a window, a new profile each time. "Interactive" is the time from the navigation until the script says that it is
done and a frame is painted; "search" is from the last key to the new table. The claims: under 8 MB, under 2 seconds.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
import zstandard
from playwright.sync_api import Browser, sync_playwright

import pipeline
from benchmarks.pagegen import make_dump

_INTERACTIVE = """() => new Promise((done) => {
    const wait = () => document.documentElement.dataset.ready ? requestAnimationFrame(() => setTimeout(() => done(performance.now()))) : setTimeout(wait, 5);
    wait();
})"""
_SEARCH = """(words) => new Promise((done) => {
    const field = document.getElementById("search");
    const before = document.getElementById("found").textContent;
    const start = performance.now();
    field.value = words;
    field.dispatchEvent(new Event("input"));
    const wait = () => document.getElementById("found").textContent !== before ? requestAnimationFrame(() => setTimeout(() => done(performance.now() - start))) : setTimeout(wait, 2);
    wait();
})"""


def write_dump(path: Path, roles: int) -> int:
    """Pages until so many roles are spoken of, as JSON lines in zstd; the number of pages."""
    seen: set[str] = set()
    pages = 0
    with path.open("wb") as file, zstandard.ZstdCompressor(write_checksum=True).stream_writer(file) as lines:
        for page in make_dump(7, 1 << 30):
            row = {"text": page.data.decode(), "url": page.url, "fetched_at": page.fetched_at}
            lines.write(orjson.dumps(row) + b"\n")
            pages += 1
            seen.update(role.role_id for role in page.page.roles)
            if len(seen) >= roles:
                return pages
    return pages


def measure(browser: Browser, report: Path) -> tuple[float, float]:
    """Seconds until the report is interactive, and until a search is done."""
    page: Any = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(report.as_uri(), wait_until="commit")
    interactive = page.evaluate(_INTERACTIVE) / 1000
    search = page.evaluate(_SEARCH, "manager") / 1000
    page.context.close()
    return interactive, search


def main() -> None:
    """Print the sizes and the times."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--roles", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--out", type=Path, help="an output folder that is there already")
    parser.add_argument("--chromium", default=shutil.which("chromium") or "chromium")
    arguments = parser.parse_args()
    with TemporaryDirectory() as name:
        out = arguments.out or Path(name) / "out"
        if not arguments.out:
            dump = Path(name) / "dump.jsonl.zst"
            print(f"{write_dump(dump, arguments.roles):,} pages")
            pipeline.extract(dump, out)
        roles = pipeline.open_tables(out).arrow("roles").num_rows
        sizes = {file: (out / file).stat().st_size / 1e6 for file in ("report.html", "evidence.html")}
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=arguments.chromium, args=["--no-sandbox"])
            times = [measure(browser, out / "report.html") for _ in range(arguments.rounds)]
            print(f"Chromium {browser.version}")
            browser.close()
    print(f"{roles:,} roles: report {sizes['report.html']:.1f} MB, evidence {sizes['evidence.html']:.1f} MB")
    for label, column in zip(("interactive", "search"), zip(*times, strict=True), strict=True):
        print(f"{label:<12} median {statistics.median(column):.2f} s, worst {max(column):.2f} s of {len(column)}")


if __name__ == "__main__":
    main()
