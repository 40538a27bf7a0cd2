"""`rolepages report`: where the report of the published run is, its numbers, or the report made anew."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.parameters import json_option, out_option, raw_option
from pipeline.cli.terminal import give, give_json
from pipeline.errors import UsageError

_EPILOG = """\b
Examples:
  rolepages report --out out/
  rolepages report --out out/ --json
  rolepages report --out out/ --to /tmp/report
"""


@click.command("report", epilog=_EPILOG, short_help="Print where the report is, or its numbers.")
@out_option()
@json_option("Print the report's numbers as one JSON object.")
@raw_option()
@click.option(
    "--to",
    "target",
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="Make report.html and evidence.html anew, in another folder: a published run never changes.",
)
def command(*, out: Path, as_json: bool, raw: str | None, target: Path | None) -> int:
    """Print where the report of the published run is; every run writes one."""
    from pipeline import report
    from pipeline.store import open_tables
    from pipeline.store.durable import writing

    folder = open_tables(out).folder
    if target is not None:
        files = report.write_again(folder, out, raw)
        with writing(target):
            target.mkdir(parents=True, exist_ok=True)
            for name, content in files.items():
                (target / name).write_bytes(content)
        give(str(target / report.REPORT))
        return 0
    file = folder / (report.STATISTICS if as_json else report.REPORT)
    if not file.is_file():
        raise UsageError(f"{out}: the run has no {file.name}", hint=f"rolepages report --out {out} --to FOLDER")
    if as_json:
        give_json(file.read_text("utf-8").removesuffix("\n"))
    else:
        give(str(out / file.name))
    return 0
