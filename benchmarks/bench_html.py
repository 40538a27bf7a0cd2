"""CPU time of HTML pages of 100 KB: bare parsers, extractors, and ours to blocks and to facts: `python benchmarks/bench_html.py`.

The pages are generated (benchmarks.pagegen, fixed seed), with what real pages carry around their content: 180 links of a menu, a
footer, style, scripts with data, drawings. All are measured in turn, in short bursts, so that a machine that changes its speed does
so for all.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from random import Random

import bs4
from lxml import etree
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.html import HTMLTree
from selectolax.lexbor import LexborHTMLParser
from trafilatura import extract as trafilatura

from benchmarks.pagegen import World, comparison_page, html, profile_page
from pipeline.html import read_html
from pipeline.page import parse_html

SIZE = 100_000
ROUNDS = 30
BURST = 10
"""Calls in a row: pages are parsed by the thousand, with everything in the caches."""
SLOW = frozenset({"bs4 + lxml, bare parse", "bs4 + html.parser, bare parse", "trafilatura, extract"})
"""What takes ten times as long as the rest is measured less often."""


def _menu(rng: Random, links: int) -> str:
    items = "".join(
        f'<li><a class="nav-link c-{rng.getrandbits(24):06x}" href="/x-{rng.getrandbits(20)}/" data-track="{rng.getrandbits(40):010x}">'
        f"Page {rng.randrange(900)}</a></li>"
        for _ in range(links)
    )
    return f'<nav class="main-nav"><ul class="menu">{items}</ul></nav>'


def _data(rng: Random, size: int) -> str:
    rows = ",".join(
        f'{{"id":{rng.getrandbits(30)},"path":"/jobs/{rng.getrandbits(24):06x}/","weight":{rng.random():.6f}}}'
        for _ in range(size // 70)
    )
    return f'<script id="state" type="application/json">{{"rows":[{rows}]}}</script>'


def _drawings(rng: Random, count: int) -> str:
    return "".join(
        f'<svg viewBox="0 0 24 24"><path d="M{rng.randrange(24)} {rng.randrange(24)}l{rng.random():.3f} {rng.random():.3f}z"/></svg>'
        for _ in range(count)
    )


def heavy(page: str, seed: int) -> bytes:
    """The page with what stands around the content of real ones, to about 100 KB."""
    rng = Random(seed)
    around = _menu(rng, 180) + _drawings(rng, 20)
    page = page.replace("<header>", f"<header>{around}", 1).replace("<footer>", f"<footer>{_menu(rng, 40)}", 1)
    left = SIZE - len(page.encode())
    return page.replace("</head>", f"{_data(rng, left)}</head>", 1).encode()


def pages() -> dict[str, bytes]:
    """A comparison page and a profile page."""
    first, second, *more = World(seed=1, size=5).roles
    return {
        "comparison": heavy(html(comparison_page(first, second), bulk=30_000), 1),
        "profile": heavy(html(profile_page(first, (second, *more)), bulk=30_000), 2),
    }


def candidates(data: bytes) -> dict[str, Callable[[], object]]:
    """What is measured on one page, by name."""
    text = data.decode()
    return {
        "lexbor by selectolax, bare parse": lambda: LexborHTMLParser(data),
        "lexbor by resiliparse, bare parse": lambda: HTMLTree.parse(text),
        "lxml, bare parse": lambda: etree.fromstring(data, etree.HTMLParser(encoding="utf-8")),
        "bs4 + lxml, bare parse": lambda: bs4.BeautifulSoup(text, "lxml"),
        "bs4 + html.parser, bare parse": lambda: bs4.BeautifulSoup(text, "html.parser"),
        "resiliparse, main content as text": lambda: extract_plain_text(text, main_content=True),
        "trafilatura, extract": lambda: trafilatura(text),
        "ours, bytes to blocks": lambda: read_html(data),
        "ours, bytes to facts": lambda: parse_html(data),
    }


def measure(works: dict[str, Callable[[], object]]) -> dict[str, list[float]]:
    """Milliseconds of CPU of every call."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(ROUNDS):
        for name, work in works.items():
            if name in SLOW and turn % 5:
                continue
            gc.collect()  # nobody pays for the garbage of others, and workers look for it between batches only
            gc.disable()
            for _ in range(2 if name in SLOW else BURST):
                start = time.process_time()
                work()
                times[name].append((time.process_time() - start) * 1e3)
            gc.enable()
    return times


def main() -> None:
    """Print a table for each page."""
    for kind, data in pages().items():
        works = candidates(data)
        for work in works.values():
            work()
        gc.freeze()  # as workers do: what was loaded for good is not looked at again
        times = measure(works)
        fastest = min(min(times[name]) for name in times if name.endswith("bare parse"))
        print(
            f"{kind}, {len(data):,} bytes of HTML, {data.count(b'<'):,} tags{'':<14}{'min':>8}{'median':>9}{'ratio':>8}"
        )
        for name, found in times.items():
            least = min(found)
            print(f"  {name:<52}{least:>8.3f}{statistics.median(found):>9.3f}{least / fastest:>8.2f}")
        blocks, facts = min(times["ours, bytes to blocks"]), min(times["ours, bytes to facts"])
        print(f"  to blocks: {blocks / fastest:.2f} bare parses of the fastest parser")
        for name in ("trafilatura, extract", "bs4 + lxml, bare parse"):
            print(f"  to facts: 1/{min(times[name]) / facts:.1f} of {name}")


if __name__ == "__main__":
    main()
