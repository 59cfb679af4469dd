"""Run the command in a process that has its libraries already: loading them is most of its time.

A server that does nothing else loads them once and forks for each command, so that every command
still is a process of its own, with a memory, an environment and an end of its own. What it loads
reads no environment; the command itself, `chess_analytics.cli`, is loaded by each.
"""

import multiprocessing
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

_LOADED = ("__main__", "tests.cli.libraries_at_hand")
CONTEXT = multiprocessing.get_context("forkserver")
"""Where the processes of commands come from."""
CONTEXT.set_forkserver_preload([*_LOADED])


def run_forked(
    words: Sequence[str], folder: Path, environment: Mapping[str, str], patience_s: float
) -> tuple[int, str, str]:
    """Run ``chess-analytics WORD…`` in a folder, with nothing to read; give code, output and talk.

    Raises:
        TimeoutError: it has not ended in time; it was killed.
    """
    with TemporaryDirectory(prefix="chess-analytics-command-") as name:
        out, err = Path(name) / "out", Path(name) / "err"
        given = ([*words], str(folder), {**environment}, str(out), str(err))
        process = CONTEXT.Process(target=_become, args=given)
        process.start()
        process.join(patience_s)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise TimeoutError(f"chess-analytics {' '.join(words)} has not ended")
        code = process.exitcode
        process.close()
        return code, out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8")


def _become(words: list[str], folder: str, environment: dict[str, str], out: str, err: str) -> None:
    for number, path in ((1, out), (2, err)):
        _open_as(number, path, _NEW)
    become(words, folder, environment)


def become(words: list[str], folder: str, environment: dict[str, str]) -> None:
    """Be the command, in the process that was forked for it; it has nothing to read."""
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    os.chdir(folder)
    _open_as(0, os.devnull, os.O_RDONLY)
    # As Python opens them where the language is C.
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(  # noqa: SIM115
        2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False
    )
    sys.argv = ["chess-analytics", *words]
    from chess_analytics.cli.main import main  # noqa: PLC0415 - it looks at the environment

    main()


def _open_as(number: int, path: str, how: int) -> None:
    opened = os.open(path, how, 0o600)
    os.dup2(opened, number)
    os.close(opened)


_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL
