"""Takes the pictures of README.md anew: `python benchmarks/screenshots.py`; needs Chromium, and Playwright to drive it."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import sync_playwright

import pipeline

ROOT = Path(__file__).parent.parent
IMAGES = ROOT / "docs" / "images"


def main() -> None:
    """Extract the pages of raw/, open the report and the evidence of it, and keep what is seen."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as name, sync_playwright() as driver:
        out = Path(name) / "out"
        pipeline.extract(ROOT / "raw", out)
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page: Any = browser.new_page(viewport={"width": 1180, "height": 860})
        page.goto((out / "report.html").as_uri())
        page.wait_for_selector("html[data-ready]")
        page.screenshot(path=IMAGES / "report.png")
        page.set_viewport_size(
            {"width": 1180, "height": 5000}
        )  # all of it at once: nothing sticks to the window's edge
        page.wait_for_timeout(500)
        box = page.locator("#roles").bounding_box()
        clip = {"x": 0, "y": box["y"], "width": 1180, "height": box["height"]}
        page.screenshot(path=IMAGES / "roles.png", clip=clip)
        page.set_viewport_size({"width": 1180, "height": 860})
        page.locator("#roles-table").get_by_role("link", name="$54,494").click()
        page.wait_for_selector("mark.selected")
        page.screenshot(path=IMAGES / "viewer.png")
        browser.close()
    for image in sorted(IMAGES.glob("*.png")):
        print(f"{image.relative_to(ROOT)}: {image.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
