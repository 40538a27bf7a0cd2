"""What becomes of Spark's errors: one line of what, and whose fault it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pipeline.errors import EXIT_BUG, OutputError, RolepagesError, UsageError

if TYPE_CHECKING:
    from pipeline.errors import RolepagesError as Clear

_LONGEST = 300
_CLASS = re.compile(r"(?:[a-z]\w*\.)+[A-Z]\w*(?:Exception|Error): ")
_USAGE = {
    "UnknownHostException": "is the address right?",
    "UnsupportedFileSystemException": "Spark needs the package of this file system: --conf spark.jars.packages=...",
    "ClassNotFoundException": "Spark needs the package of this file system: --conf spark.jars.packages=...",
    "AccessDeniedException": "check the credentials that Spark has",
    "AccessControlException": "check the rights of the user that Spark runs as",
    "ConnectException": "is it running, and is that its address?",
    "FileNotFoundException": "give the folder or file that holds the pages",
}
"""Java's exceptions for which the call is to blame -> what to do."""


class SparkError(RolepagesError):
    """Spark gave up; nothing was published, and the previous output is intact."""

    exit_code = EXIT_BUG


@contextmanager
def translated(what: str, kind: type[Clear] = SparkError) -> Iterator[None]:
    """Turns exceptions of Spark, Py4J and Java into one clear line that begins with `what`.

    Raises:
        UsageError: the call is to blame.
        RolepagesError: anything else, as an error of `kind`.
    """
    from py4j.protocol import Py4JError  # type: ignore[import-not-found,import-untyped,unused-ignore]
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, Py4JError, ConnectionError) as error:
        raise _clear(what, error, kind) from error


def _clear(what: str, error: Exception, kind: type[Clear]) -> Clear:
    text, names = _causes(error)
    if "JAVA_GATEWAY_EXITED" in str(error):
        return UsageError(f"{what}: Java did not start", hint="see the lines above; is JAVA_HOME a Java 17 or 21?")
    for name, hint in _USAGE.items():
        if any(cause.endswith(name) for cause in names) and kind is not OutputError:
            return UsageError(f"{what}: {text}", hint=hint)
    return kind(f"{what}: {text}", hint="more about it: --conf spark.log.level=INFO")


def _causes(error: Any) -> tuple[str, list[str]]:
    """The first line of the innermost cause, and the names of all causes' classes."""
    cause = getattr(error, "java_exception", None) or getattr(error, "_origin", None)
    lines, names = [_first_line(str(error))], []
    while cause is not None:
        names.append(str(cause.getClass().getName()))
        if message := cause.getMessage():
            lines.append(_first_line(str(message)))
        cause = cause.getCause()
    return lines[-1], names


def _first_line(text: str) -> str:
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return _CLASS.sub("", line)[:_LONGEST]
