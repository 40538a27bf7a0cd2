"""What the system itself does to processes when memory is short, as far as Linux tells."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

_GROUPS = Path("/sys/fs/cgroup")
_FIRST_VICTIM = "1000"
"""The highest `oom_score_adj`: see proc(5)."""


def count_kills() -> int:
    """Processes of this control group that the kernel has killed for want of memory; 0 where that cannot be told."""
    with suppress(OSError, ValueError):
        own = Path("/proc/self/cgroup").read_text("ascii").rpartition("0::/")[2].partition("\n")[0]
        for folder in dict.fromkeys((_GROUPS / own, _GROUPS)):
            with suppress(OSError):
                return read_kills((folder / "memory.events").read_text("ascii"))
    return 0


def read_kills(events: str) -> int:
    """The count in the text of a `memory.events`, which the kernel's cgroup-v2 documentation describes."""
    return next((int(line.split()[1]) for line in events.splitlines() if line.startswith("oom_kill ")), 0)


def volunteer() -> None:
    """Makes this process the one that the kernel ends first when memory is short, before its supervisor or any other."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_FIRST_VICTIM, "ascii")
