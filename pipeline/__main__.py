"""`python -m pipeline` and the command `rolepages`."""

import sys
from typing import NoReturn

from pipeline.cli import main
from pipeline.cli.signals import catch_signals
from pipeline.logs import log_unraisable


def run() -> NoReturn:
    """Runs the command line and leaves with its exit code."""
    catch_signals()
    sys.unraisablehook = log_unraisable
    sys.exit(main(sys.argv[1:]))


if __name__ == "__main__":
    run()
