"""Settings from a file: the keys of `rolepages.toml`, or of `[tool.rolepages]` in `pyproject.toml`.

A key is the name of a flag without its dashes (`keep-runs = 5`). Flags win over the environment (`ROLEPAGES_KEEP_RUNS`),
the environment over the file. Only the working folder is looked at: no file far up decides what a run does.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.errors import UsageError


class FileSettings(NamedTuple):
    """The settings of a file, by the names of parameters (`keep_runs`)."""

    path: Path | None
    values: dict[str, Any]


def find_file(folder: Path) -> Path | None:
    """The configuration file of a folder: rolepages.toml, else a pyproject.toml that has a [tool.rolepages]."""
    for name in ("rolepages.toml", "pyproject.toml"):
        path = folder / name
        if path.is_file() and (name == "rolepages.toml" or _read_table(path) is not None):
            return path
    return None


def load_settings(path: Path | None, known: Collection[str]) -> FileSettings:
    """The settings of a configuration file; `known` are the names of parameters that it may set.

    Raises:
        UsageError: the file cannot be read, or sets something unknown.
    """
    if path is None:
        return FileSettings(None, {})
    table = _read_table(path)
    if table is None:
        raise UsageError(f"{path}: has no [tool.rolepages]")
    values = {}
    for key, value in table.items():
        name = key.replace("-", "_")
        if name not in known or "_" in key:
            flags = ", ".join(sorted(name.replace("_", "-") for name in known))
            raise UsageError(f"{path}: unknown setting {key!r}", hint=f"the settings are {flags}")
        values[name] = value
    return FileSettings(path, values)


def _read_table(path: Path) -> dict[str, Any] | None:
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path}: is not TOML: {error}") from error
    if path.name != "pyproject.toml":
        return content
    tool = _table(path, content, "tool", "tool")
    return None if tool is None else _table(path, tool, "rolepages", "tool.rolepages")


def _table(path: Path, content: dict[str, Any], key: str, name: str) -> dict[str, Any] | None:
    """The table under a key, None where there is no such key."""
    table = content.get(key)
    if table is not None and not isinstance(table, dict):
        raise UsageError(f"{path}: {name} = {table!r}: must be a table: [tool.rolepages]")
    return table
