"""`rolepages text`: the text that evidence offsets refer to."""

from __future__ import annotations

import click

from pipeline.cli.parameters import column_option, raw_option
from pipeline.cli.terminal import give_text
from pipeline.errors import UsageError

_EPILOG = """\b
Examples:
  rolepages text 000_09ae78ede56cf255.txt
  rolepages text dump.jsonl.zst#41 --raw dumps/
  rolepages text pages.parquet#7 --text-column body
  rolepages text page.html --raw dumps/ | cut -c 100-180
"""


@click.command("text", epilog=_EPILOG, short_help="Print the text of a document.")
@click.argument("source")
@raw_option("Where the dump lies.", default="raw", show_default=True)
@column_option(
    "text", "The column that holds the pages, where its name is not a usual one, as for `rolepages extract`."
)
def command(*, source: str, raw: str, text_column: str) -> int:
    """Print the text of one document, as documents.parquet names it in `source`.

    Of HTML that is its canonical text: one block a line, the cells of a row parted by tabs, without what no reader sees.

    The columns `start` and `end` of observations.parquet and unparsed.parquet count the characters of this text.
    """
    from pipeline.decode import open_record
    from pipeline.model import Problem
    from pipeline.readers import ReadOptions, find

    record = find(raw, source, ReadOptions(text_column=text_column or None))
    if record is None:
        raise UsageError(f"{raw}: no document {source}", hint="documents.parquet lists them in its column `source`")
    document = open_record(record)
    if isinstance(document, Problem):
        raise UsageError(f"{source}: {document}", hint="a quarantined document has no text")
    # `give_text` ends its text with a newline; one that the document has already is not doubled.
    give_text(document.text.removesuffix("\n"))
    return 0
