"""`rolepages explain`: why a value is what it is."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping
from contextlib import suppress
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.parameters import json_option, out_option, raw_option
from pipeline.cli.terminal import give, give_json, has_colors, tell
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.report.dump import Dump

_EPILOG = """\b
Examples:
  rolepages explain collector salary_yearly --out out/
  rolepages explain "accounts receivable analyst" salary_yearly --out out/
  rolepages explain collector race_share --category White --json
"""
_HIGHLIGHT = ("\x1b[1;33m", "\x1b[0m")
_BRACKETS = ("[", "]")
_SHOWN = 20
"""Statements with each verdict, readings of each, and rules that fail, which are listed; the others are counted."""


@click.command("explain", epilog=_EPILOG, short_help="Show why a value is what it is.")
@click.argument("role")
@click.argument("metric")
@click.option(
    "--category", metavar="NAME", default="", help="The group, industry or company, of metrics that have one."
)
@out_option()
@raw_option(
    "Where the dump is, if it is not where the run read it: the words around a value are read from it. Without a dump only "
    "the value's own characters are shown."
)
@click.option(
    "--all", "everything", is_flag=True, help=f"List everything; by default at most {_SHOWN} statements of each kind."
)
@json_option()
def command(
    *, role: str, metric: str, category: str, out: Path, raw: str | None, everything: bool, as_json: bool
) -> int:
    """Show why METRIC of ROLE is what it is.

    Prints the value, every statement for and against it with its place and its words, the readings that were rejected and why,
    and the consistency rules that it fails. ROLE is a role_id or a name.
    """
    import orjson
    import pyarrow.dataset as ds

    from pipeline.report.dump import dump_of
    from pipeline.resolve.explain import explain
    from pipeline.resolve.explanation import render
    from pipeline.store import open_tables

    published = open_tables(out)
    tables: dict[str, Any] = {name: ds.dataset(published.files(name)) for name in published.names}
    texts_of = None
    try:
        texts_of = partial(_read_texts, tables["documents"], dump_of(published, out, raw))
    except UsageError as error:  # the statements stand without the words around them
        tell(f"{error}; the words around values are not shown", kind="warning")
        tell(error.hint, kind="help")
    found = explain(tables, role, metric, category, texts_of=texts_of, most=None if everything else _SHOWN)
    if as_json:
        give_json(orjson.dumps(_plain(found), option=orjson.OPT_INDENT_2).decode())
    else:
        marks = _HIGHLIGHT if has_colors(sys.stdout) else _BRACKETS
        give(render(found, marks=marks).removesuffix("\n"))
    return 0


def _read_texts(documents: Any, dump: Dump, ids: Collection[str]) -> Mapping[str, str]:
    """The texts of documents, read from the dump again: of those that are there and are what the run read."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from pipeline.report.evidence import read_again, read_one

    condition = pc.field("document_id").isin(pa.array(sorted(ids), pa.string()))
    found = documents.to_table(columns=["document_id", "source"], filter=condition).to_pylist()
    # Of copies, any: the first.
    wanted = {row["document_id"]: row for row in sorted(found, key=itemgetter("source"), reverse=True)}
    texts = {}
    with suppress(UsageError):  # another dump, without the columns
        if "://" not in dump.raw:
            texts = read_again(Path(dump.raw), wanted, dump.columns, limit=sys.maxsize)
    for key, row in wanted.items() if "://" in dump.raw else ():
        with suppress(UsageError):
            texts[key] = read_one(dump.raw, row, dump.columns)
    return {key: document.text for key, document in texts.items()}


def _plain(value: Any) -> Any:
    """Named tuples as objects, for JSON."""
    if hasattr(value, "_asdict"):
        return {name: _plain(item) for name, item in value._asdict().items()}
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value
