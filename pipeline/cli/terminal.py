"""What people and scripts get to see: results on stdout, messages on stderr, one event a line."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from typing import TextIO

import click

from pipeline.errors import OutputError
from pipeline.logs import printable, printable_json

_COLORS = {"error": "red", "warning": "yellow", "help": "cyan"}


def has_colors(stream: TextIO | None) -> bool:
    """Whether colours make sense: on a terminal, unless NO_COLOR is set (no-color.org) or TERM says dumb."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return is_terminal(stream)


def is_terminal(stream: TextIO | None) -> bool:
    """Whether people watch."""
    return stream is not None and not stream.closed and stream.isatty()


def tell(text: str, *, kind: str = "") -> None:
    """One message line on stderr; `kind` (`error`, `warning`, `help`) stands before it, coloured where that makes sense."""
    line = printable(text)
    if kind:
        label = f"{kind}:"
        line = f"{click.style(label, fg=_COLORS[kind], bold=True) if has_colors(sys.stderr) else label} {line}"
    try:
        _write(sys.stderr, line)
    except (OSError, ValueError):  # there is nowhere else to tell it
        _silence(sys.stderr)


def give(text: str) -> None:
    """One result line on stdout. A reader that has gone away is no error: the work is done.

    Raises:
        OutputError: stdout cannot be written, as where its disk is full.
    """
    with giving():
        try:
            _write(sys.stdout, text)
        except ValueError:  # closed
            _silence(sys.stdout)


def give_text(text: str) -> None:
    """A text out of pages: as it is, but on a terminal, which it could act on, with escapes; line breaks and tabs stay."""
    give(printable(text, "\n\t") if is_terminal(sys.stdout) else text)


def give_json(text: str) -> None:
    """JSON with texts out of pages: as it is, but on a terminal with escapes of JSON for what could act on it."""
    give(printable_json(text) if is_terminal(sys.stdout) else text)


@contextlib.contextmanager
def giving() -> Iterator[None]:
    """Turns what goes wrong with writing to stdout into an :class:`OutputError`, or into nothing as :func:`give` says."""
    try:
        yield
    except BrokenPipeError:
        _silence(sys.stdout)
    except OSError as error:
        _silence(sys.stdout)
        raise OutputError(f"standard output: cannot write: {error.strerror or error}") from error


def _write(stream: TextIO | None, line: str) -> None:
    if stream is None:
        return
    # Escapes instead of an error where the locale cannot show a character.
    data = line.encode(stream.encoding or "utf-8", "backslashreplace").decode(stream.encoding or "utf-8")
    stream.write(f"{data}\n")
    stream.flush()


def _silence(stream: TextIO | None) -> None:
    """Sends what else is written nowhere, so that the flush at exit does not complain."""
    if stream is None:
        return
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
