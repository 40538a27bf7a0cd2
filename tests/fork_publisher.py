"""Publishes in forked children, so that a fault can be injected into one after the other without a new interpreter each.

Each request on stdin is `OUT VARIANT MODE`; the answer is the child's process id. The child waits for the line `go`, then
publishes. The second answer is how it ended: `0`, the exit code of the error, or minus the signal.
"""

import ctypes
import os
import sys
from pathlib import Path

from pipeline.errors import RolepagesError
from tests.small_run import publish_variant

PR_SET_PTRACER = 0x59616D61
PR_SET_PTRACER_ANY = ctypes.c_ulong(-1)


def publish_in_child(out: str, variant: str, mode: str, gate: int) -> int:
    # Where tracing is limited to a process's own children, strace, a stranger, needs leave; elsewhere this does nothing.
    ctypes.CDLL(None).prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0)
    os.write(1, f"{os.getpid()}\n".encode())
    os.read(gate, 1)
    try:
        publish_variant(Path(out), int(variant), symlinks=mode == "links", keep_runs=1)
    except RolepagesError as error:
        return error.exit_code
    return 0


def main() -> None:
    for request in sys.stdin:
        out, variant, mode = request.split()
        gate, opener = os.pipe()
        child = os.fork()
        if child == 0:
            code = 70
            try:
                code = publish_in_child(out, variant, mode, gate)
            finally:
                os._exit(code)
        sys.stdin.readline()
        os.write(opener, b"x")
        _, status = os.waitpid(child, 0)
        os.close(gate)
        os.close(opener)
        os.write(1, f"{os.waitstatus_to_exitcode(status)}\n".encode())


if __name__ == "__main__":
    main()
