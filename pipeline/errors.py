"""What can go wrong, whose fault it is, and the exit code that says so.

Strange data is only data: it becomes a :class:`pipeline.model.Problem` on its document and never an exception.
Exceptions are for the call (usage), the place to write to (output), and the run as a whole.
"""

from __future__ import annotations

EXIT_OK = 0
EXIT_BUG = 1
EXIT_USAGE = 2
EXIT_QUARANTINED = 3
EXIT_OUTPUT = 4
EXIT_LOCKED = 5
EXIT_NOTHING_USABLE = 6
EXIT_INTERRUPTED = 130
EXIT_TERMINATED = 143


class RolepagesError(Exception):
    """An error that the user can do something about: one line of what, where and why, and a help line."""

    exit_code = EXIT_BUG

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class UsageError(RolepagesError):
    """The call or the configuration cannot mean anything: a missing folder, an unknown column."""

    exit_code = EXIT_USAGE


class OutputError(RolepagesError):
    """Nothing was published because it could not be written; the previous output is intact. Or a result cannot be given."""

    exit_code = EXIT_OUTPUT


class LockedError(RolepagesError):
    """Another run is writing to the same output folder."""

    exit_code = EXIT_LOCKED


class NothingUsableError(RolepagesError):
    """No document could be parsed; the previous output is intact."""

    exit_code = EXIT_NOTHING_USABLE


class BalanceError(RolepagesError):
    """Documents or lines do not add up: a bug, so nothing is published."""

    exit_code = EXIT_BUG


REASONS: dict[str, str] = {
    # the closed list of quarantine codes: code -> what it means, for people
    "empty": "nothing but white space",
    "binary": "not text",
    "too_large": "larger than a limit allows",
    "line_too_long": "a record or line longer than a limit allows",
    "encoding_unknown": "no character encoding reads it",
    "encoding_mixed": "several character encodings in one document",
    "truncated": "ends in the middle",
    "checksum": "its checksum does not fit its content",
    "trailing_garbage": "something follows the end of the container",
    "compressed": "compressed more often than a dump is",
    "decompress": "its compression cannot be undone",
    "zstd_window": "needs a larger zstd window than a limit allows",
    "json": "not a JSON object with a text",
    "schema": "lacks the column or field that holds the text",
    "parquet_unreadable": "not a readable Parquet file",
    "parquet_encrypted": "an encrypted Parquet file",
    "bad_length": "its stated length cannot be right",
    "bad_header": "its record header cannot be read",
    "http_body": "its HTTP body cannot be decoded",
    "not_a_regular_file": "not a regular file",
    "symlink": "a symbolic link, which is not followed",
    "unreadable": "the file system does not let us read it",
    "unsupported": "a kind of file that holds no pages",
    "html_too_deep": "HTML nested deeper than the parser reads",
    "html_unclosed": "an HTML comment or element swallows the rest of the page",
    "no_content": "no page text in it",
    "unknown_family": "a page of a family that has no parser",
    "unknown_roles": "the page does not say which roles it is about",
    "changed_during_read": "the file changed while it was read",
    "timeout": "took longer than a document may",
    "memory": "took more memory than a document may",
    "worker_died": "the process that parsed it died",
    "parser_error": "a bug in the parser; the document is kept for a report",
}
