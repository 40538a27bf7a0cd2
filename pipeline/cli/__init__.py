"""The command line: arguments in, one call, exit code out.

Nothing heavy is imported here: `rolepages --help` answers at once, and each command imports what it needs when it runs.
"""

from pipeline.cli.main import main

__all__ = ["main"]
