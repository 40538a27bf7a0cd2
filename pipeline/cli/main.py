"""The command `rolepages`, and what becomes of every error: one line, one line of help, one exit code."""

from __future__ import annotations

import logging
import tempfile
import traceback
from collections.abc import Sequence
from contextlib import suppress
from importlib.util import find_spec
from itertools import takewhile
from pathlib import Path
from typing import Any

import click

from pipeline import __version__
from pipeline.cli.cache import command as cache_command
from pipeline.cli.config import command as config_command
from pipeline.cli.explain import command as explain_command
from pipeline.cli.extract import command as extract_command
from pipeline.cli.report import command as report_command
from pipeline.cli.settings import read_settings
from pipeline.cli.show import command as show_command
from pipeline.cli.signals import StoppedBySignal, caught
from pipeline.cli.sql import command as sql_command
from pipeline.cli.terminal import give, giving, tell
from pipeline.cli.text import command as text_command
from pipeline.config import FileSettings
from pipeline.errors import EXIT_BUG, EXIT_INTERRUPTED, EXIT_USAGE, OutputError, RolepagesError, UsageError
from pipeline.logs import stop_logging

_EPILOG = """\b
Examples:
  rolepages extract raw/ --out out/
  rolepages extract dump.jsonl.zst --out out/ --workers 8 --json
  rolepages show 000_09ae78ede56cf255.txt --html page.html
  rolepages sql "select role_id, value from metrics where metric = 'salary_yearly'"
  rolepages config

Settings come from flags (--keep-runs 5), else from the environment (ROLEPAGES_KEEP_RUNS=5), else from ./rolepages.toml or
[tool.rolepages] of ./pyproject.toml (keep-runs = 5); `rolepages config` lists them all. Colours are off without a terminal,
and with NO_COLOR. Results go to stdout, messages to stderr.

Every command has its own --help with examples.

\b
Shell completion:
  bash   eval "$(_ROLEPAGES_COMPLETE=bash_source rolepages)"
  zsh    eval "$(_ROLEPAGES_COMPLETE=zsh_source rolepages)"
  fish   _ROLEPAGES_COMPLETE=fish_source rolepages | source
"""


def _show_version(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        reader = find_spec("pipeline.page")
        is_compiled = reader is not None and not (reader.origin or "").endswith(".py")
        give(f"rolepages {__version__}" + (", compiled" if is_compiled else ""))
        context.exit()


_HELP = ("-h", "--help")
_HELPS = f"{__name__}.helps"
"""Where a context keeps whether the help of a command is asked for."""


class _Commands(click.Group):
    """The commands. A wrong configuration file stops them all, but not their help, which may say what is right."""

    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The name of the command that is called, the command, and its arguments."""
        found = super().resolve_command(context, arguments)
        context.meta[_HELPS] = bool(set(_HELP) & set(takewhile("--".__ne__, found[2])))
        return found


@click.group(
    cls=_Commands, epilog=_EPILOG, context_settings={"help_option_names": list(_HELP), "max_content_width": 120}
)
@click.option(
    "--config",
    "config_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    envvar="ROLEPAGES_CONFIG",
    help="Configuration file instead of ./rolepages.toml or ./pyproject.toml.",
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version, help="Print the version."
)
@click.pass_context
def rolepages(context: click.Context, config_file: Path | None) -> None:
    """Turns dumps of scraped career pages into normalized Parquet tables that one can trust."""
    try:
        context.obj = read_settings(config_file, extract_command)
    except UsageError:
        if not context.meta.get(_HELPS):
            raise
        context.obj = FileSettings(None, {})
    # Other commands share some of its settings, such as `out`.
    context.default_map = _for_each(rolepages, context.obj.values)


def _for_each(group: click.Group, values: dict[str, Any]) -> dict[str, Any]:
    """The values for each command of a group, and for those of the groups in it."""
    commands = group.commands.items()
    return {name: _for_each(inner, values) if isinstance(inner, click.Group) else values for name, inner in commands}


rolepages.add_command(extract_command)
rolepages.add_command(report_command)
rolepages.add_command(show_command)
rolepages.add_command(sql_command)
rolepages.add_command(explain_command)
rolepages.add_command(text_command)
rolepages.add_command(cache_command)
rolepages.add_command(config_command)


def main(arguments: Sequence[str]) -> int:
    """Runs one command and gives its exit code (see :mod:`pipeline.errors`); no exception leaves it."""
    try:
        code = rolepages.main(list(arguments), prog_name="rolepages", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return EXIT_USAGE
    except click.ClickException as error:
        return _explain_usage(error)
    except RolepagesError as error:
        return _explain_error(error)
    except StoppedBySignal as stop:
        return _explain_stop(stop)
    except click.Abort:  # Ctrl-C, where the caller left Python's own handler in place
        tell("interrupted", kind="error")
        return EXIT_INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last place where a bug can become one line
        return _explain_stop(stopped) if (stopped := caught()) else _explain_unforeseen(error)
    finally:
        stop_logging()


def _explain_stop(stop: StoppedBySignal) -> int:
    tell(str(stop), kind="error")
    return stop.exit_code


def _explain_usage(error: click.ClickException) -> int:
    tell(error.format_message(), kind="error")
    context = getattr(error, "ctx", None)
    tell(f"{context.command_path if context else 'rolepages'} --help", kind="help")
    return EXIT_USAGE


def _explain_error(error: RolepagesError) -> int:
    _log_error(error)
    tell(str(error), kind="error")
    if error.hint:
        tell(error.hint, kind="help")
    return error.exit_code


def _explain_unforeseen(error: Exception) -> int:
    """What becomes of an error that nobody caught: a bug, unless it is a full disk where click prints help."""
    *_, (frame, _line) = traceback.walk_tb(error.__traceback__)
    if isinstance(error, OSError) and frame.f_code is click.echo.__code__:
        try:
            with giving():
                raise error
        except OutputError as failure:
            return _explain_error(failure)
    return _explain_bug(error)


def _explain_bug(error: Exception) -> int:
    summary = next(iter(traceback.format_exception_only(error)), type(error).__name__).strip()
    tell(f"this is a bug: {summary}", kind="error")
    places = [handler.baseFilename for handler in _log_files()]
    if places:
        _log_error(error)
    else:
        with (
            suppress(OSError),
            tempfile.NamedTemporaryFile(
                "w", prefix="rolepages-", suffix=".log", delete=False, encoding="utf-8"
            ) as file,
        ):
            file.writelines(traceback.format_exception(error))
            places = [file.name]
    tell(f"please report it with {places[0] if places else 'the log that --log-file writes'}", kind="help")
    return EXIT_BUG


def _log_files() -> list[logging.FileHandler]:
    return [handler for handler in logging.getLogger("pipeline").handlers if isinstance(handler, logging.FileHandler)]


def _log_error(error: Exception) -> None:
    for handler in _log_files():
        record = logging.LogRecord(
            __name__, logging.ERROR, __file__, 0, str(error), None, (type(error), error, error.__traceback__)
        )
        handler.handle(record)
