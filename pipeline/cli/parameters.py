"""Options that several commands take."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def complete_files(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Leaves it to the shell to complete a path: what may be an address as well is no :class:`click.Path`."""
    return [CompletionItem(incomplete, type="file")]


def out_option(meaning: str = "Where the tables are.", kind: click.Path | None = None) -> Decorator:
    """`--out FOLDER`, a :class:`~pathlib.Path` unless `kind` says otherwise."""
    return click.option(
        "--out",
        metavar="FOLDER",
        default="out",
        show_default=True,
        type=kind or click.Path(path_type=Path),
        envvar="ROLEPAGES_OUT",
        help=meaning,
    )


def raw_option(meaning: str = "Where the dump is, if it is not where the run read it.", **more: Any) -> Decorator:
    """`--raw FOLDER`, a folder or an address."""
    return click.option(
        "--raw", metavar="FOLDER", envvar="ROLEPAGES_RAW", help=meaning, shell_complete=complete_files, **more
    )


def json_option(meaning: str = "Print one JSON object.") -> Decorator:
    """`--json`, as the argument `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help=meaning)


def column_option(what: str, meaning: str) -> Decorator:
    """`--text-column NAME` and the like: a column of JSON lines, CSV or Parquet; "" where its name is a usual one."""
    return click.option(
        f"--{what}-column", metavar="NAME", default="", envvar=f"ROLEPAGES_{what.upper()}_COLUMN", help=meaning
    )
