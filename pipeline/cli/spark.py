"""`rolepages extract --engine spark`: a session for the run, and its end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.options import Options, Progress, Summary


def extract(
    raw: str,
    out: Path | str,
    options: Options,
    progress: Callable[[Progress], None],
    master: str,
    settings: Sequence[str],
) -> Summary:
    """As :func:`pipeline.cluster.extract`, in a session of its own unless this process has one; `settings` are `key=value`.

    Raises:
        UsageError: Spark or Java is not installed, or the master, a setting or `raw` is wrong.
    """
    from pipeline.cluster import extract as extract_in
    from pipeline.engines.spark import open_session

    session, is_own = open_session(master, read_settings(settings))
    try:
        return extract_in(session, raw, str(out), options, progress)
    finally:
        if is_own:
            session.stop()


def read_settings(settings: Sequence[str]) -> dict[str, str]:
    """Spark's settings by their names.

    Raises:
        UsageError: one is not `key=value`.
    """
    conf = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not equals or not key.startswith("spark."):
            raise UsageError(
                f"--conf {setting}: not a setting of Spark", hint="such as --conf spark.executor.memory=4g"
            )
        conf[key] = value
    return conf
