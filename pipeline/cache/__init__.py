"""Pages that a run has parsed are known to the next: their rows are kept, by content and by the rules that made them.

    out/.cache/<rules>/<bundle>/    see :mod:`pipeline.cache.bundle`

Rows are used where they lie, so a run over known pages neither parses nor copies them, and gives the same tables as a run
without a cache. Another version of the rules starts afresh. What is damaged is not used: each file is held against its hash.
"""

from pipeline.cache.bundle import Spool, row_files
from pipeline.cache.known import Cache, open_cache
from pipeline.cache.pages import PAGE, SEEN, PageSet
from pipeline.cache.prune import CacheState, describe_cache, prune_cache, tidy
from pipeline.cache.rules import rules_version
from pipeline.cache.windows import Window, windows

__all__ = [
    "PAGE",
    "SEEN",
    "Cache",
    "CacheState",
    "PageSet",
    "Spool",
    "Window",
    "describe_cache",
    "open_cache",
    "prune_cache",
    "row_files",
    "rules_version",
    "tidy",
    "windows",
]
