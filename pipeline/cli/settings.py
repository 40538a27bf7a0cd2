"""The settings of a configuration file, held against the flags whose names they bear."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from pipeline.config import FileSettings, find_file, load_settings
from pipeline.errors import UsageError


def read_settings(path: Path | None, command: click.Command) -> FileSettings:
    """The settings of a file, or of the working folder's, for the flags of `command` that the environment may set, too.

    Raises:
        UsageError: the file cannot be read, sets something unknown, or sets what the flag does not take.
    """
    settable = {parameter.name: parameter for parameter in command.params if parameter.envvar and parameter.name}
    settings = load_settings(path or find_file(Path.cwd()), settable)
    with click.Context(command) as context:
        for name, value in settings.values.items():
            if not _fits(settable[name], value, context):
                key = name.replace("_", "-")
                # A date, which TOML has and JSON has not, is shown as text.
                given = json.dumps(value, ensure_ascii=False, default=str)
                raise UsageError(f"{settings.path}: {key} = {given[:80]}: must be {_allowed(settable[name])}")
    return settings


def _fits(parameter: click.Parameter, value: Any, context: click.Context) -> bool:
    """Whether it is of the parameter's type, and what its flag would take. As text, everything may be given."""
    # The types say it: to Python true is a number, and click makes 2 of 2.7.
    wanted: type = {"boolean": bool, "integer range": int}.get(parameter.type.name, str)
    if type(value) not in (wanted, str):
        return False
    try:
        found = parameter.type(value, parameter, context)
        if parameter.callback:
            parameter.callback(context, parameter, found)
    except click.BadParameter:
        return False
    return True


def _allowed(parameter: click.Parameter) -> str:
    kind = parameter.type
    if isinstance(kind, click.types.BoolParamType):
        return "true or false"
    if isinstance(kind, click.IntRange):
        return f"a whole number, {kind.min or 0} or more" + (f", at most {kind.max}" if kind.max is not None else "")
    if isinstance(kind, click.Choice):
        return " or ".join(f'"{choice}"' for choice in kind.choices)
    example = f', such as "{parameter.default}"' if parameter.default else ""
    return f"a {(parameter.metavar or 'text').lower()} in quotes{example}"
