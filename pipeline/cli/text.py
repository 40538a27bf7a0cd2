"""`rolepages text`: the text that evidence offsets refer to."""

from __future__ import annotations

import click

from pipeline.cli.parameters import raw_option
from pipeline.cli.terminal import give
from pipeline.errors import UsageError

_EPILOG = """\b
Examples:
  rolepages text 000_09ae78ede56cf255.txt
  rolepages text dump.jsonl.zst#41 --raw dumps/
  rolepages text page.html --raw dumps/ | cut -c 100-180
"""


@click.command("text", epilog=_EPILOG, short_help="Print the text of a document.")
@click.argument("source")
@raw_option("Where the dump lies.", default="raw", show_default=True)
def command(*, source: str, raw: str) -> int:
    """Print the text of one document, as documents.parquet names it in `source`.

    Of HTML that is its canonical text: one block a line, the cells of a row parted by tabs, without what no reader sees.

    The columns `start` and `end` of observations.parquet and unparsed.parquet count the characters of this text.
    """
    from pipeline.decode import open_record
    from pipeline.model import Problem
    from pipeline.readers import find

    record = find(raw, source)
    if record is None:
        raise UsageError(f"{raw}: no document {source}", hint="documents.parquet lists them in its column `source`")
    document = open_record(record)
    if isinstance(document, Problem):
        raise UsageError(f"{source}: {document}", hint="a quarantined document has no text")
    # `give` ends its text with a newline; one that the document has already is not doubled.
    give(document.text.removesuffix("\n"))
    return 0
