"""The log: one JSON object a line in a file, and plain lines on a terminal when asked for.

The standard library's logging is enough: a run logs some dozen lines, none of them on the per-document path.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from pathlib import Path

from pipeline.errors import UsageError

_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime"}


class JsonLines(logging.Formatter):
    """One JSON object a line: time (UTC), level, logger, message, whatever `extra` holds, and the traceback if any."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its newline; ASCII only, so that nothing in it can move a cursor."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **{name: value for name, value in record.__dict__.items() if name not in _STANDARD},
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def printable(text: str, kept: str = "") -> str:
    """The text with everything that could act on a terminal, or hide in it, as escapes: controls, bidi marks, surrogates.

    The characters in `kept` stay: line breaks and tabs of a text of several lines.
    """
    return "".join(
        char if char.isprintable() or char in kept else char.encode("unicode_escape", "surrogatepass").decode("ascii")
        for char in text
    )


def printable_json(text: str) -> str:
    """The same of JSON, as the escapes of JSON: it says what it said. Line breaks stay, which are between its parts only."""
    return "".join(char if char.isprintable() or char == "\n" else json.dumps(char)[1:-1] for char in text)


class _PlainLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return printable(f"{record.levelname.lower()}: {record.getMessage()}")


def start_logging(log_file: Path | None, *, verbose: int) -> None:
    """Sends the package's log records to a file, if one is given, and to stderr as far as `verbose` asks (1 info, 2 debug).

    Raises:
        UsageError: the file cannot be opened.
    """
    logging.raiseExceptions = False  # a full disk must not print tracebacks of the logging itself
    logger = logging.getLogger("pipeline")
    stop_logging()
    logger.propagate = False
    if log_file is not None:
        try:
            to_file = logging.FileHandler(log_file, encoding="utf-8", errors="backslashreplace")
        except OSError as error:
            raise UsageError(f"{log_file}: cannot write the log: {error.strerror}", hint="see --log-file") from error
        to_file.setFormatter(JsonLines())
        to_file.setLevel(logging.DEBUG)
        logger.addHandler(to_file)
    to_terminal = logging.StreamHandler(sys.stderr)
    to_terminal.setFormatter(_PlainLines())
    to_terminal.setLevel({0: logging.CRITICAL + 1, 1: logging.INFO}.get(verbose, logging.DEBUG))
    logger.addHandler(to_terminal)
    # Nothing is made of a record that nobody takes: there is one for each input file.
    logger.setLevel(min(handler.level for handler in logger.handlers))


def log_unraisable(unraisable: sys.UnraisableHookArgs) -> None:
    """For `sys.unraisablehook`: what fails while something is thrown away goes to the log, not to the terminal.

    A Parquet writer that could not write, for one, fails again when it is collected; the first failure has been told.
    """
    logging.getLogger(__name__).debug("ignored: %s", unraisable.exc_value, extra={"object": repr(unraisable.object)})


def stop_logging() -> None:
    """Closes the log; records go again where the program that called us sends them."""
    logger = logging.getLogger("pipeline")
    logger.propagate = True
    logger.setLevel(logging.NOTSET)
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
        handler.close()
