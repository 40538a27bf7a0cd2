"""What decides how a page is parsed, as one hash: the code, the vocabulary, and the libraries that read pages."""

from __future__ import annotations

import hashlib
import sys
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pipeline
from pipeline import vocabulary

_APART = (
    "cache", "cli", "engines", "readers", "resolve", "store",
    "build.py", "config.py", "logs.py", "memory.py", "merge.py",
)  # fmt: skip
"""What has no part in parsing one page. Whatever is not named here counts, so that new code is never forgotten."""
_LIBRARIES = ("charset-normalizer", "regex", "selectolax")


@cache
def rules_version() -> str:
    """Names the rules by which a page is parsed: 32 hex digits that change with any of them."""
    digest = hashlib.blake2b(digest_size=16)
    for part in (pipeline.__version__, vocabulary.fingerprint(), sys.version, *map(_library, _LIBRARIES)):
        digest.update(part.encode() + b"\0")
    root = Path(pipeline.__file__).parent
    for path in sorted(root.rglob("*.py")):
        name = path.relative_to(root)
        if name.parts[0] not in _APART:
            digest.update(name.as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _library(name: str) -> str:
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return f"{name} absent"
