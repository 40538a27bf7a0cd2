"""What the pages say, as data: labels, wordings, headings, boilerplate, states. Whoever cannot program can teach it."""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def load(name: str) -> dict[str, Any]:
    """The vocabulary file `name` (without its `.toml`) as tomllib reads it."""
    return tomllib.loads(files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


@cache
def fingerprint() -> str:
    """A hash over all vocabulary files: a change of any word changes it."""
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(files(__name__).iterdir(), key=lambda path: path.name):
        if path.name.endswith(".toml"):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
