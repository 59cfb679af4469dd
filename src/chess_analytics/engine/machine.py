"""What of this machine we may use, and when: containers and affinity give less than there is."""

import os
from contextlib import suppress
from pathlib import Path

_MIB = 1 << 20
_CGROUP = Path("/sys/fs/cgroup")


def usable_cores() -> int:
    """Count the cores that this process may run on, at least 1."""
    cores = os.cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        cores = len(os.sched_getaffinity(0))
    quota, _, period = _read("cpu.max").partition(" ")
    if quota.isdigit() and period.isdigit() and int(period):
        cores = min(cores, int(quota) // int(period))
    return max(1, cores)


def usable_memory_mb() -> int:
    """Give the memory that this process may use, in MiB."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit = _read("memory.max")
    return (min(memory, int(limit)) if limit.isdigit() else memory) // _MIB


def give_way(niceness: int) -> None:
    """Let other processes of this machine go first, from now on; our own do as we do."""
    os.nice(niceness)
    if os.getsid(0) == os.getpid():
        # Where Linux groups processes by session, niceness counts inside the group only: the group
        # must be nice as well. One that we have not begun is somebody else's, too.
        with suppress(OSError):
            Path("/proc/self/autogroup").write_text(str(niceness), encoding="ascii")


def _read(name: str) -> str:
    try:
        return (_CGROUP / name).read_text(encoding="ascii").strip()
    except OSError:
        return ""
