"""Is the code that reads pages, compiled, the same code? `make test COMPILED=1` runs the other tests with it, too."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.pagegen import make_dump
from pipeline import page

ROOT = Path(__file__).parent.parent
HTML = ROOT / "tests" / "fixtures" / "html"

pytestmark = pytest.mark.skipif(page.__file__.endswith(".py"), reason="not compiled: make test COMPILED=1")


def test_every_byte_of_every_table_is_the_same(tmp_path):
    """Pages of all text forms, HTML, and rules by which a later run takes what an earlier one kept."""
    raw = tmp_path / "raw"
    raw.mkdir()
    for dumped in make_dump(11, 300):
        (raw / dumped.source.replace("/", "-")).write_bytes(dumped.data)
    for html in HTML.glob("*.html"):
        (raw / html.name).write_bytes(html.read_bytes())
    found = {}
    for name, home in (("compiled", Path(page.__file__).parent.parent), ("as it is written", ROOT)):
        out = tmp_path / name
        command = [sys.executable, "-P", "-m", "pipeline", "extract", str(raw), "--out", str(out)]
        environment = os.environ | {"PYTHONPATH": str(home)}
        ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stderr
        files = {path.name: path.read_bytes() for path in sorted((out / "current").glob("*.parquet"))}
        assert len(files) == 9
        found[name] = json.loads((out / "manifest.json").read_text())["rules_version"], files
    assert found["compiled"] == found["as it is written"]
