"""Start one engine so that it cannot outlive us, eat the memory or see our environment.

A script, not a module: ``python -I -S launch.py PARENT_PID LIMIT NICENESS -- ENGINE [ARGUMENT…]``,
where LIMIT is ``address:BYTES``, ``data:BYTES`` or ``none``. It turns into the engine by `execve`.
It needs nothing but the standard library, so that it starts in a few milliseconds.
"""

import os
import resource
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

# From <linux/prctl.h>.
_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38

# What shells say when a program is there and cannot be run.
_EXIT_NOT_RUN = 126


def main(arguments: list[str]) -> NoReturn:
    parent_pid, limit, niceness, _, *engine = arguments
    if sys.platform == "linux":
        _die_with(int(parent_pid))
    _limit_memory(limit)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _be_nice(int(niceness))
    try:
        os.execve(engine[0], engine, {})  # noqa: S606 - the very purpose; nothing of ours in its environment
    except OSError as error:
        sys.exit(_say(f"cannot start {engine[0]}: {error.strerror}"))


def _die_with(parent_pid: int) -> None:
    """Have the kernel kill this process, and the engine that it becomes, when our parent ends.

    Closed pipes alone are no guarantee: an engine that is stopped, or stuck, never reads its input.
    """
    import ctypes  # noqa: PLC0415 - costs 10 ms, and only Linux has a use for it

    libc = ctypes.CDLL(None)
    # A set-user-id program would lose the signal; and an engine has no need of rights.
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        sys.exit(_say("the kernel refuses a parent-death signal"))
    if os.getppid() != parent_pid:
        # The parent ended before the line above, so that no signal will ever come.
        sys.exit(_say("the program that wanted an engine has ended"))


def _limit_memory(limit: str) -> None:
    kind, _, size = limit.partition(":")
    if kind == "none":
        return
    which = resource.RLIMIT_AS if kind == "address" else resource.RLIMIT_DATA
    # macOS refuses limits that Linux takes; an engine without a limit is better than none.
    with suppress(ValueError, OSError):
        resource.setrlimit(which, (int(size), int(size)))


def _be_nice(niceness: int) -> None:
    os.nice(niceness)
    # Where Linux groups processes by session, niceness only counts inside the group, and the engine
    # has a session of its own: the group itself must be nice.
    with suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(niceness), encoding="ascii")


def _say(message: str) -> int:
    sys.stderr.write(f"{message}\n")
    return _EXIT_NOT_RUN


if __name__ == "__main__":
    main(sys.argv[1:])
