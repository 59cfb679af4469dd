"""Be a process of a machine that was forked for it, as `faults.launch` is one started anew."""

import os
from pathlib import Path

from tests.cli.forking import become
from tests.faults.launch import die_with_starter, follow


def launched(
    words: list[str], folder: str, environment: dict[str, str], log: str, clock: str
) -> None:
    """Run the program; all it says goes to the end of a file, and its wall clock follows one."""
    # The process that forks ends with us, and is the starter of this one.
    die_with_starter()
    # Ctrl-C is for the tests.
    os.setsid()
    talk = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    for number in (1, 2):
        os.dup2(talk, number)
    os.close(talk)
    follow(Path(clock))
    become(words, folder, environment)
