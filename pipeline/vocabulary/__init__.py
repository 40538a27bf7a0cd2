"""What the pages say, as data: labels, wordings, headings, boilerplate, states. Whoever cannot program can teach it."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

from pipeline.errors import UsageError

Made = TypeVar("Made")


class VocabularyError(UsageError):
    """A vocabulary file that cannot be read, or an entry in it that means nothing."""


@cache
def load(name: str) -> dict[str, Any]:
    """The vocabulary file `name` (without its `.toml`) as tomllib reads it. VocabularyError says where it is no TOML."""
    try:
        return tomllib.loads(files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))
    except ValueError as error:
        raise VocabularyError(f"vocabulary/{name}.toml: is not TOML: {error}") from error


def each(name: str, make: Callable[[dict[str, Any]], Made]) -> list[Made]:
    """What `make` makes of each entry of a vocabulary file, in order.

    The entries of labels.toml are `[[label]]`, and so on. VocabularyError names the entry that `make` cannot make sense of.
    """
    made = []
    for number, entry in enumerate(load(name).get(_ENTRIES[name], ()), 1):
        try:
            made.append(make(entry))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            what = f"lacks {error}" if isinstance(error, KeyError) else f"{error}"
            words = str(entry.get("text", entry.get("name", "")))[:100]
            message = f"vocabulary/{name}.toml: entry {number} ({words!r}): {what}"
            raise VocabularyError(message, hint="the head of the file says what an entry holds") from error
    return made


_ENTRIES = {"families": "family", "labels": "label", "lines": "line", "sentences": "clause"}


@cache
def fingerprint() -> str:
    """A hash over all vocabulary files: a change of any word changes it."""
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(files(__name__).iterdir(), key=lambda path: path.name):
        if path.name.endswith(".toml"):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
