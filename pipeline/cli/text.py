"""`rolepages text`: the text that evidence offsets refer to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.parameters import column_option, out_option, raw_option
from pipeline.cli.terminal import give_text
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.report.dump import Dump

_EPILOG = """\b
Examples:
  rolepages text 000_09ae78ede56cf255.txt --out out/
  rolepages text raw/000_09ae78ede56cf255.txt
  rolepages text dump.jsonl.zst#41 --raw dumps/
  rolepages text pages.parquet#7 --raw dumps/ --text-column body
  rolepages text page.html --raw dumps/ | cut -c 100-180
"""


@click.command("text", epilog=_EPILOG, short_help="Print the text of a document.")
@click.argument("source")
@out_option("Where the tables are: their run knows where its dump is, and which columns it read.")
@raw_option("Where the dump is, if it is not where the run read it, or if there are no tables.")
@column_option("text", "The column that holds the pages, if it is not the one that the run was told.")
def command(*, source: str, out: Path, raw: str | None, text_column: str) -> int:
    """Print the text of one document: SOURCE as in documents.parquet, or the path of a file of the dump.

    Of HTML that is its canonical text: one block a line, the cells of a row parted by tabs, without what no reader sees.

    The columns `start` and `end` of observations.parquet and unparsed.parquet count the characters of this text.
    """
    from pipeline.decode import open_record
    from pipeline.model import Problem
    from pipeline.readers import ReadOptions, find, source_at

    place, columns = _find_dump(out, raw)
    options = ReadOptions(**{**columns, **({"text_column": text_column} if text_column else {})})
    record = find(place, source, options)
    if record is None and (same := source_at(place, source)):
        record = find(place, same, options)
    if record is None:
        raise UsageError(
            f"{place}: no document {source}",
            hint="documents.parquet lists them in its column `source`; --raw says where the dump is now",
        )
    document = open_record(record)
    if isinstance(document, Problem):
        raise UsageError(f"{source}: {document}", hint="a quarantined document has no text")
    # `give_text` ends its text with a newline; one that the document has already is not doubled.
    give_text(document.text.removesuffix("\n"))
    return 0


def _find_dump(out: Path, raw: str | None) -> Dump:
    """The dump of the run that is published, or, if there is none, the one that is given."""
    from pipeline.report.dump import Dump, dump_of
    from pipeline.store import open_tables
    from pipeline.store.layout import find_run

    if find_run(out):
        return dump_of(open_tables(out), out, raw)
    if raw is None:
        hint = "say where the tables are, or the dump: --out FOLDER, --raw FOLDER"
        raise UsageError(f"{out}: no tables are published there", hint=hint)
    return Dump(raw, {})
