"""What the machine is worth and what it does: figures of different machines mean nothing alone."""

import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

_LOOPS = 2_000_000
_TRIES = 5
_TICKS_A_S = os.sysconf("SC_CLK_TCK")


def million_loops_per_s() -> float:
    """Measure an empty loop of Python on one core: its best of some tries."""
    best_s = min(_loop_s() for _ in range(_TRIES))
    return round(_LOOPS / best_s / 1e6, 1)


def busy_s() -> float:
    """Add up the seconds that all cores have worked, whoever had them do it (Linux)."""
    words = Path("/proc/stat").read_text().split(maxsplit=9)[1:9]
    user, nice, system, _idle, _io, irq, soft_irq, _stolen = map(int, words)
    return (user + nice + system + irq + soft_irq) / _TICKS_A_S


def cpu_s(processes: Iterable[int]) -> float:
    """Add up the CPU seconds of processes and of all that they have started (Linux)."""
    wanted, total = set(processes), 0.0
    # Who was started comes after its starter; a number that was used twice costs little here.
    for pid, parent, ticks in sorted(_alive()):
        if pid in wanted or parent in wanted:
            wanted.add(pid)
            total += ticks / _TICKS_A_S
    return total


def _alive() -> Iterator[tuple[int, int, int]]:
    """Give each process, its parent, and the ticks of itself and of its children that ended."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name of a program may hold anything, and stands in brackets.
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        yield int(stat.parent.name), int(fields[1]), sum(map(int, fields[11:15]))


def _loop_s() -> float:
    began_s = time.perf_counter()
    for _ in range(_LOOPS):
        pass
    return time.perf_counter() - began_s
