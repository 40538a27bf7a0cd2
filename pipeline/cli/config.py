"""`rolepages config`: which settings are in force, and who says so."""

from __future__ import annotations

import json

import click
from click.core import ParameterSource

from pipeline.cli.terminal import give
from pipeline.config import FileSettings

_EPILOG = """\b
Examples:
  rolepages config
  ROLEPAGES_WORKERS=2 rolepages config --json
"""


@click.command("config", epilog=_EPILOG, short_help="Show the settings and where each comes from.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def command(context: click.Context, *, as_json: bool) -> int:
    """Show the settings that `extract` would use here, and where each comes from."""
    parent = context.parent
    assert parent is not None
    assert isinstance(parent.command, click.Group)
    extract = parent.command.commands["extract"]
    # The settings as `extract` would see them; what it would read does not matter.
    inner = extract.make_context("extract", ["RAW"], parent=parent)
    rows = [
        (parameter.name.replace("_", "-"), inner.params[parameter.name], _describe(inner, parameter, parent.obj))
        for parameter in extract.params
        if parameter.envvar and parameter.name
    ]
    if as_json:
        give(json.dumps({name: {"value": value, "from": origin} for name, value, origin in rows}, default=str))
        return 0
    widths = [max(len(str(row[column])) for row in rows) for column in (0, 1)]
    for name, value, origin in rows:
        give(f"{name:<{widths[0]}}  {value!s:<{widths[1]}}  {origin}")
    return 0


def _describe(context: click.Context, parameter: click.Parameter, settings: FileSettings) -> str:
    source = context.get_parameter_source(parameter.name or "")
    if source is ParameterSource.ENVIRONMENT:
        return f"environment: {parameter.envvar}"
    if source is ParameterSource.DEFAULT_MAP:
        return f"file: {settings.path}"
    return "default"
