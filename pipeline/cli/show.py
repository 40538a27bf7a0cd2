"""`rolepages show`: one document with everything that was read from it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from pipeline.cli.parameters import json_option, out_option, raw_option
from pipeline.cli.terminal import give, give_json, has_colors, tell
from pipeline.logs import printable

_EPILOG = """\b
Examples:
  rolepages show 000_09ae78ede56cf255.txt --out out/
  rolepages show raw/000_09ae78ede56cf255.txt
  rolepages show 924f592c --out out/ --html page.html
  rolepages show dump.jsonl.zst#41 --raw /data/dumps --json
"""
_COLORS = {
    "metrics": "blue",
    "skills": "green",
    "responsibilities": "magenta",
    "comparisons": "yellow",
    "roles": "cyan",
}


@click.command("show", epilog=_EPILOG, short_help="Show a document and what was read from it.")
@click.argument("document")
@out_option()
@raw_option()
@click.option("--html", metavar="FILE", type=click.Path(path_type=Path), help="Write a page to look at in a browser.")
@json_option()
def command(*, document: str, out: Path, raw: str | None, html: Path | None, as_json: bool) -> int:
    """Show the text of DOCUMENT with all that was read from it, and what was not.

    DOCUMENT is a document_id, the beginning of one, an observation_id, a source, or the path of a file of the dump. The text is
    read from the dump again, and must be what the run read.
    """
    import orjson

    from pipeline.report.evidence import evidence_page
    from pipeline.report.single import open_document
    from pipeline.store import open_tables
    from pipeline.store.durable import writing

    entry = open_document(open_tables(out), out, document, raw)
    if html is not None:
        with writing(html):
            html.write_bytes(evidence_page([entry], alone=True, out=str(out)))
        give(str(html))
    elif as_json:
        give_json(orjson.dumps(entry).decode())
    else:
        _print(entry)
    return 0


def _print(entry: dict[str, Any]) -> None:
    """Each line with its number, below it what was read from it."""
    from pipeline.report.evidence import name_facts

    colored = has_colors(sys.stdout)
    about = printable(f"{entry['source']}: {entry['status']}, {entry['page_kind']}, {entry['text_form']}")
    give(_style(about, colored, bold=True))
    facts = name_facts(entry)
    starts = sorted((fact["start"], number) for number, fact in enumerate(facts))
    left = sorted((start, end, reason) for start, end, reason in entry["unparsed"])
    at = 0
    for number, line in enumerate(entry["text"].split("\n"), 1):
        end = at + len(line)
        read = [facts[place] for start, place in starts if at <= start <= end]
        missed = [reason for start, stop, reason in left if start <= end and stop > at]
        covered = read or missed or any(fact["start"] < end and fact["end"] > at for fact in facts)
        text = f"{number:>5}  {printable(line)}"
        give(text if covered else _style(text, colored, dim=True))
        for fact in read:
            give(_style(f"         {describe(fact)}", colored, fg=_COLORS.get(fact["table"])))
        for reason in missed:
            give(_style(f"         unparsed: {reason}", colored, fg="red"))
        at = end + 1
    if entry["cut"]:
        tell(f"{entry['cut']:,} more characters are not shown", kind="warning")


def _style(text: str, colored: bool, **style: Any) -> str:
    return click.style(text, **style) if colored else text


def describe(fact: dict[str, Any]) -> str:
    """One fact on one line."""
    what = " ".join(filter(None, [fact["table"], fact["role_id"], fact["field"], fact["category"]]))
    versus = f" beside {fact['other_role_id']}" if fact["other_role_id"] else ""
    if fact["method"] == "ambiguous":
        return printable(f"{what}{versus}: open: {' or '.join(fact['readings'])}")
    value = "" if fact["value"] is None else f"{fact['value']:,.10g} {fact['unit']}".strip()
    text = fact["text"] or ""
    said = ", ".join(filter(None, [text if len(text) <= 60 else text[:59] + "…", value])) or "no value"
    return printable(f"{what}{versus}: {said} ({fact['method']})")
