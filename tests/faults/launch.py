"""Run the real program so that it dies with its starter, and its wall clock follows a file.

``python launch.py PARENT_PID CLOCK WORD…``: CLOCK is a file of eight bytes, the nanoseconds by
which the program's wall clock is wrong (see `faults.clocks`), or ``-``. The monotonic clock stays
right, as it does where somebody sets a machine's clock.
"""

import ctypes
import mmap
import os
import runpy
import signal
import struct
import sys
import time
from pathlib import Path


def main() -> None:
    parent, clock, *words = sys.argv[1:]
    die_with_starter()
    if sys.platform == "linux" and os.getppid() != int(parent):
        return
    if clock != "-":
        follow(Path(clock))
    sys.argv = ["chess-analytics", *words]
    runpy.run_module("chess_analytics", run_name="__main__", alter_sys=True)


def die_with_starter(by: signal.Signals = signal.SIGKILL) -> None:
    """Have the system send this process a signal when the one that started it has ended."""
    if sys.platform == "linux":
        set_death_signal = 1  # PR_SET_PDEATHSIG
        ctypes.CDLL(None).prctl(set_death_signal, by)


def follow(clock: Path) -> None:
    """Have everything in this process that asks for the time be told a wrong one."""
    with clock.open("rb") as file:
        shared = mmap.mmap(file.fileno(), 8, prot=mmap.PROT_READ)
    right_ns = time.time_ns

    def time_ns() -> int:
        (shift_ns,) = struct.unpack("<q", shared[:8])
        return right_ns() + int(shift_ns)

    def time_s() -> float:
        return time_ns() / 1e9

    time.time_ns, time.time = time_ns, time_s


if __name__ == "__main__":
    main()
