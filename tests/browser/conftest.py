"""A real browser: Chromium without a window, driven by Playwright. Without Chromium every test here is skipped, and says so;
with REQUIRE_BROWSER in the environment, as `make test-browser` has it, that is a failure."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

import pipeline
from pipeline.options import Options
from pipeline.report import Run, write_files
from pipeline.store import publish
from pipeline.tables import TABLES, Table
from pipeline.text import document_id
from tests.small_run import ORIGIN, PAGE, rows_by_table, to_arrow

ROOT = Path(__file__).parent.parent.parent
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
ATTACK = '"><img src=x onerror="window.ran=1"><script>window.ran=1</script></script><svg onload="window.ran=1">\u202e'


@dataclass
class Visit:
    """A page and everything that happened on it that must not happen."""

    page: Any
    troubles: list[str] = field(default_factory=list)

    def open(self, path: Path, place: str = "") -> Any:
        self.page.goto(f"{path.as_uri()}{place}")
        return self.page


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    if CHROMIUM is None:
        leave = pytest.fail if os.environ.get("REQUIRE_BROWSER") else pytest.skip
        leave("NO BROWSER TESTS: Chromium is not installed (apt install chromium, or set CHROMIUM)")
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium) -> Iterator[Callable[..., Visit]]:
    """Opens windows; at the end no window may have asked the network for anything, logged an error or run foreign code."""
    visits: list[Visit] = []

    def start(**options: Any) -> Visit:
        context = chromium.new_context(**({"viewport": {"width": 1280, "height": 900}} | options))
        page = context.new_page()
        visit = Visit(page)
        page.on("console", lambda message: visit.troubles.append(f"console: {message.type}: {message.text}"))
        page.on("pageerror", lambda error: visit.troubles.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (visit.troubles.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: request.url.startswith("file:") or visit.troubles.append(request.url))
        visits.append(visit)
        return visit

    yield start
    troubles = [trouble for visit in visits for trouble in visit.troubles]
    for visit in visits:
        visit.page.context.close()
    assert troubles == []


@pytest.fixture(scope="session")
def seeds(tmp_path_factory, chromium) -> Path:
    """The output folder of a run over the seeds."""
    out = tmp_path_factory.mktemp("browser") / "out"
    pipeline.extract(ROOT / "raw", out, Options(workers=1))
    return out


@pytest.fixture(scope="session")
def hostile(tmp_path_factory, chromium) -> Path:
    """The output folder of a run in which every text that comes from pages attacks the reader."""
    folder = tmp_path_factory.mktemp("hostile")
    raw = folder / "raw"
    raw.mkdir()
    text = f"\U0001f600 {ATTACK}\nSalary \U0001f4b0$54,494\nopen 12\nleft over {ATTACK}\n"
    (raw / "1.txt").write_text(text, "utf-8")
    key = document_id(text.encode())
    tables = {table.name: to_arrow(table, rows) for table, rows in _attack(text, key)}
    run = Run(raw="../raw", rules_version=ATTACK, seconds=1.0, made_at="2025-01-08T00:00:00+00:00", peak_mib=1.0)
    publish(tables, folder / "out", ORIGIN, files=lambda tables_at: write_files(tables_at, run, folder / "out"))
    return folder / "out"


def _attack(text: str, key: str) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    """The rows of the small run with the attack for every text, and with spans in the text of one document."""
    rows = rows_by_table()
    change = {
        "documents": lambda row: {"reason": ATTACK, "url": "javascript:window.ran=1"},
        "roles": lambda row: {"name": row["name"] + ATTACK, "job_category": ATTACK},
        "skills": lambda row: {"skill": ATTACK},
        "metrics": lambda row: {"flags": [ATTACK], "text": ATTACK if row.get("text") else None},
        "observations": lambda row: _span(text, row["role_id"]),
        "unparsed": lambda row: _left(text, row["start"]),
    }
    rows["documents"][2]["source"] += ATTACK
    rows["checks"] = [{"role_id": "clerk", "metric": "salary_yearly", "category": "", "document_id": key}]
    change["checks"] = lambda row: dict.fromkeys(("rule", "expected", "found", "explanation"), ATTACK)
    for table in TABLES:
        listed = [row | change.get(table.name, lambda row: {})(row) for row in rows[table.name]]
        for row in listed:
            row |= {name: value.replace(PAGE, key) for name, value in row.items() if isinstance(value, str)}
        yield table, sorted(listed, key=lambda row: [row[name] for name in table.key])


def _span(text: str, role_id: str) -> dict[str, Any]:
    raw = {"clerk": "$54,494", "cook": "12"}[role_id]
    start = text.index(raw)
    place = {"start": start, "end": start + len(raw), "line": 2, "raw": raw, "text": ATTACK}
    is_open = {"method": "ambiguous", "alternatives": [ATTACK, "2"], "value": None, "text": None}
    return place | (is_open if role_id == "cook" else {})


def _left(text: str, number: int) -> dict[str, Any]:
    start = text.index("left over") + number // 10  # three rows that overlap
    return {"start": start, "end": len(text) - 1, "text": ATTACK, "reason": ATTACK, "skeleton": ATTACK}
