"""`rolepages explain`: why a value is what it is."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from pipeline.cli.parameters import json_option, out_option, raw_option
from pipeline.cli.terminal import give, give_json, has_colors, tell

_EPILOG = """\b
Examples:
  rolepages explain collector salary_yearly --out out/
  rolepages explain "accounts receivable analyst" salary_yearly --out out/
  rolepages explain collector race_share --category White --json
"""
_HIGHLIGHT = ("\x1b[1;33m", "\x1b[0m")
_BRACKETS = ("[", "]")


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
@json_option()
def command(*, role: str, metric: str, category: str, out: Path, raw: str | None, as_json: bool) -> int:
    """Show why METRIC of ROLE is what it is.

    Prints the value, every statement for and against it with its place and its words, the readings that were rejected and why,
    and the consistency rules that it fails. ROLE is a role_id or a name.
    """
    import orjson
    import pyarrow.dataset as ds

    from pipeline.errors import UsageError
    from pipeline.report.dump import dump_of
    from pipeline.resolve.explain import explain
    from pipeline.resolve.explanation import render
    from pipeline.store import open_tables

    published = open_tables(out)
    tables: dict[str, Any] = {name: ds.dataset(published.files(name)) for name in published.names}
    text_of = None
    try:
        text_of = _Texts(tables["documents"], *dump_of(published, out, raw))
    except UsageError as error:  # the statements stand without the words around them
        tell(f"{error}; the words around values are not shown", kind="warning")
        tell(error.hint, kind="help")
    found = explain(tables, role, metric, category, text_of=text_of)
    if as_json:
        give_json(orjson.dumps(_plain(found), option=orjson.OPT_INDENT_2).decode())
    else:
        marks = _HIGHLIGHT if has_colors(sys.stdout) else _BRACKETS
        give(render(found, marks=marks).removesuffix("\n"))
    return 0


class _Texts:
    """The texts of documents, read from the dump again; None for one that is not there or is not what the run read."""

    def __init__(self, documents: Any, raw: str, columns: Mapping[str, Any]) -> None:
        self._documents = documents
        self._raw = raw
        self._columns = columns
        self._texts: dict[str, str | None] = {}

    def __call__(self, document_id: str) -> str | None:
        if document_id not in self._texts:
            self._texts[document_id] = self._read(document_id)
        return self._texts[document_id]

    def _read(self, document_id: str) -> str | None:
        import pyarrow.compute as pc

        from pipeline.decode import open_record
        from pipeline.errors import UsageError
        from pipeline.model import Document
        from pipeline.readers import ReadOptions, find

        condition = pc.field("document_id") == document_id
        sources = self._documents.to_table(columns=["source"], filter=condition)["source"].to_pylist()
        try:
            record = find(self._raw, min(sources), ReadOptions(**self._columns)) if sources else None
        except UsageError:  # the dump has moved: the statement stands without the words around it
            return None
        document = open_record(record) if record is not None else None
        same = isinstance(document, Document) and document.document_id == document_id
        return document.text if same and isinstance(document, Document) else None


def _plain(value: Any) -> Any:
    """Named tuples as objects, for JSON."""
    if hasattr(value, "_asdict"):
        return {name: _plain(item) for name, item in value._asdict().items()}
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value
