"""rolepages: scraped career pages in, tables one can trust out.

>>> import pipeline
>>> page = pipeline.parse_text(open("raw/000_09ae78ede56cf255.txt").read())
>>> len(page.facts)
94
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.build import extract as extract
    from pipeline.page import parse_html as parse_html
    from pipeline.page import parse_text as parse_text
    from pipeline.store import open_tables as open_tables

__version__ = "0.1.0"
__all__ = ["extract", "open_tables", "parse_html", "parse_text"]

# Imported on first use: the command line answers `--help` without loading Arrow.
_HOMES = {
    "extract": "pipeline.build",
    "open_tables": "pipeline.store",
    "parse_html": "pipeline.page",
    "parse_text": "pipeline.page",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
