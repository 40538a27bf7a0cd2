"""`rolepages extract`: a dump in, tables out."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from pipeline.cli.parameters import column_option, complete_files, json_option, out_option
from pipeline.cli.terminal import give, is_terminal
from pipeline.errors import UsageError
from pipeline.logs import start_logging
from pipeline.options import Options, Progress, Summary

_EPILOG = """\b
Examples:
  rolepages extract raw/ --out out/
  rolepages extract dump.jsonl.zst --out out/ --workers 8
  rolepages extract dump/ --out out/ --text-column body --date-column crawl.date
  rolepages extract raw/ --out out/ --json --log-file run.jsonl
  rolepages extract raw/ --out out/ --max-quarantined 1%
  rolepages extract s3a://dump/ --out s3a://tables/ --engine spark --master spark://host:7077

\b
Exit codes:
  0    published
  1    a bug in the program
  2    the call or the configuration is wrong
  3    published, but some documents are quarantined (see --max-quarantined)
  4    nothing published: the output cannot be written; the previous output is intact (or "standard output" cannot be
       written: then all is published)
  5    another run is writing to the same output
  6    nothing published: no document could be parsed (see --allow-empty)
  130  interrupted    143  terminated
"""


def read_share(text: str) -> float:
    """The fraction that a share such as `1%` stands for.

    Raises:
        ValueError: it is no share.
    """
    match = re.fullmatch(r"([0-9]{1,3}(?:\.[0-9]+)?)%", text)
    if not match or float(match[1]) > 100:
        raise ValueError(f"{text!r} is no share such as 1% or 0.5%")
    return float(match[1]) / 100


def _check_share(context: click.Context, parameter: click.Parameter, text: str) -> str:
    try:
        read_share(text)
    except ValueError as error:
        raise click.BadParameter(str(error), context, parameter) from error
    return text


class _OutputFolder(click.Path):
    """A path, or an address on a file system that only Spark knows."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        is_address = isinstance(value, str) and "://" in value
        return value if is_address else super().convert(value, param, ctx)


@click.command("extract", epilog=_EPILOG, short_help="Turn pages into tables.")
@click.argument("raw", shell_complete=complete_files)
@out_option("Where the tables go. The previous tables stay until the new ones are complete.", _OutputFolder())
@click.option(
    "--workers",
    metavar="N",
    default=0,
    type=click.IntRange(0, 1024),
    envvar="ROLEPAGES_WORKERS",
    help="Worker processes; 0, the default, means one for each core. The tables do not depend on it.",
)
@click.option(
    "--symlinks/--no-symlinks",
    default=True,
    envvar="ROLEPAGES_SYMLINKS",
    help="Publish by symbolic links (the default), or by copies where the file system has none.",
)
@click.option(
    "--keep-runs",
    metavar="N",
    default=3,
    show_default=True,
    type=click.IntRange(1),
    envvar="ROLEPAGES_KEEP_RUNS",
    help="Published runs to keep. A run superseded less than an hour ago stays: someone may be reading it.",
)
@click.option(
    "--cache/--no-cache",
    default=True,
    envvar="ROLEPAGES_CACHE",
    help="Keep what was parsed for the next run, in OUT/.cache, and use what earlier runs have kept (the default).",
)
@click.option(
    "--allow-empty", is_flag=True, envvar="ROLEPAGES_ALLOW_EMPTY", help="Publish also when nothing could be parsed."
)
@click.option(
    "--max-quarantined",
    metavar="SHARE",
    default="0%",
    show_default=True,
    callback=_check_share,
    envvar="ROLEPAGES_MAX_QUARANTINED",
    help="Share of quarantined documents that still counts as success.",
)
@column_option(
    "text",
    "The column of JSON lines, CSV or Parquet that holds the pages, where its name is not a usual one; a.b for a field in "
    "a field.",
)
@column_option("url", "Likewise, the column of their addresses.")
@column_option("date", "Likewise, the column that says when they were fetched.")
@column_option("language", "Likewise, the column of their languages.")
@click.option(
    "--languages",
    metavar="CODES",
    default="",
    envvar="ROLEPAGES_LANGUAGES",
    help="Read only records in these languages (en or en,de), where the dump has a column that says it; others are skipped "
    "and counted.",
)
@click.option(
    "--engine",
    type=click.Choice(["local", "spark"]),
    default="local",
    show_default=True,
    envvar="ROLEPAGES_ENGINE",
    help="Run on this machine, or on Apache Spark: RAW and --out may then lie on any file system that Spark knows.",
)
@click.option(
    "--master",
    metavar="URL",
    default="",
    envvar="ROLEPAGES_MASTER",
    help="With --engine spark: the cluster, such as spark://host:7077, yarn or local[4]; all cores of this machine "
    "unless Spark's own configuration says otherwise.",
)
@click.option(
    "--conf",
    "settings",
    metavar="KEY=VALUE",
    multiple=True,
    help="With --engine spark: a setting of Spark; as often as needed.",
)
@json_option("Print the summary as one JSON object on stdout.")
@click.option("-q", "--quiet", is_flag=True, envvar="ROLEPAGES_QUIET", help="Say nothing unless something is wrong.")
@click.option("-v", "--verbose", count=True, envvar="ROLEPAGES_VERBOSE", help="Say more; twice for still more.")
@click.option(
    "--log-file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    envvar="ROLEPAGES_LOG_FILE",
    help="Append to a log of JSON lines.",
)
def command(
    *,
    raw: str,
    out: Path | str,
    workers: int,
    symlinks: bool,
    keep_runs: int,
    cache: bool,
    allow_empty: bool,
    max_quarantined: str,
    text_column: str,
    url_column: str,
    date_column: str,
    language_column: str,
    languages: str,
    engine: str,
    master: str,
    settings: tuple[str, ...],
    as_json: bool,
    quiet: bool,
    verbose: int,
    log_file: Path | None,
) -> int:
    """Turn the pages in RAW, a folder or a file, into tables.

    RAW may hold text, HTML, JSON lines, Parquet, CSV, WARC and WET files, each also compressed. Every document ends up in
    documents.parquet, with the reason where it could not be parsed.
    """
    from pipeline.cli.progress import show_progress
    from pipeline.cli.summary import choose_exit_code, describe, to_json

    start_logging(log_file, verbose=verbose)
    options = Options(
        workers=workers,
        symlinks=symlinks,
        keep_runs=keep_runs,
        allow_empty=allow_empty,
        cache=cache,
        text_column=text_column,
        url_column=url_column,
        date_column=date_column,
        language_column=language_column,
        languages=frozenset(code.strip().lower().replace("_", "-") for code in languages.split(",") if code.strip()),
    )
    with show_progress(quiet=quiet) as progress:
        summary = _extract(raw, out, options, progress, engine, master, settings)
    code = choose_exit_code(summary, read_share(max_quarantined))
    if as_json:
        give(to_json(summary, out, code))
    elif not is_terminal(sys.stdout):
        give(f"{out}/current")
    describe(summary, out, code, quiet=quiet)
    return code


def _extract(
    raw: str,
    out: Path | str,
    options: Options,
    progress: Callable[[Progress], None],
    engine: str,
    master: str,
    settings: Sequence[str],
) -> Summary:
    if engine == "spark":
        from pipeline.cli import spark

        return spark.extract(raw, out, options, progress, master, settings)
    if master or settings:
        raise UsageError(f"--{'master' if master else 'conf'} is for Spark", hint="add --engine spark")
    if isinstance(out, str):
        raise UsageError(
            f"--out {out}: not a folder of this machine", hint="--engine spark writes to other file systems"
        )
    from pipeline.build import extract

    return extract(raw, out, options, progress)
