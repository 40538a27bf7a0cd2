"""`rolepages cache`: what earlier runs have kept, and how to be rid of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.parameters import json_option, out_option
from pipeline.cli.terminal import give

if TYPE_CHECKING:
    from pipeline.cache import CacheState

_EPILOG = """\b
Examples:
  rolepages cache show --out out/
  rolepages cache prune --out out/ --unused-days 7
  rolepages cache prune --out out/ --all
"""
_SHOW_EPILOG = """\b
Example:
  rolepages cache show --out out/ --json
"""
_PRUNE_EPILOG = """\b
Examples:
  rolepages cache prune --out out/ --unused-days 7
  rolepages cache prune --out out/ --all
"""
_OUT = out_option("The output folder whose cache it is.")
_JSON = json_option()


@click.group("cache", epilog=_EPILOG, short_help="See or prune what earlier runs have kept.")
def command() -> None:
    """Pages that were parsed once, and are not parsed again as long as their bytes and the rules are the same."""


@command.command("show", epilog=_SHOW_EPILOG)
@_OUT
@_JSON
def show(*, out: Path, as_json: bool) -> int:
    """Show how many pages are kept, and how much room they take."""
    from pipeline.cache import describe_cache

    _describe(describe_cache(out), as_json=as_json)
    return 0


@command.command("prune", epilog=_PRUNE_EPILOG, short_help="Remove what is not needed any more.")
@_OUT
@_JSON
@click.option(
    "--unused-days",
    metavar="N",
    default=30.0,
    show_default=True,
    type=click.FloatRange(0),
    help="Remove what no run has used for so long.",
)
@click.option("--all", "all_pages", is_flag=True, help="Remove everything.")
def prune(*, out: Path, as_json: bool, unused_days: float, all_pages: bool) -> int:
    """Remove what other rules have left, and what is not used any more; every run does so as well."""
    from pipeline.cache import prune_cache

    _describe(prune_cache(out, unused_days=unused_days, all_pages=all_pages), as_json=as_json)
    return 0


def _describe(state: CacheState, *, as_json: bool) -> None:
    if as_json:
        give(json.dumps(state._asdict(), default=str))
        return
    give(f"folder       {state.folder}")
    give(f"pages        {state.pages:,} in {state.bundles:,} bundle{'' if state.bundles == 1 else 's'}")
    if state.damaged:
        give(f"damaged      {state.damaged:,} of the bundles; the next run parses their pages again")
    give(f"size         {state.bytes:,} bytes")
    give(f"other rules  {state.other_rules:,} with {state.other_bytes:,} bytes")
