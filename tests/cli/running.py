"""A command that runs in a process forked for it, to be handled like any other process."""

import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TextIO

from tests.cli.forking import CONTEXT, become


class Forked:
    """Has of `subprocess.Popen` what tests use."""

    def __init__(self, target: Callable[..., None], words: Sequence[str], *given: object) -> None:
        """Fork a process that calls the target with the words and what else is given."""
        self._words = [*words]
        self._process = CONTEXT.Process(target=target, args=(self._words, *given))
        self._process.start()
        assert self._process.pid
        self.pid: int = self._process.pid

    @property
    def returncode(self) -> int | None:
        """The exit code, once it was asked for; the negative number of the signal that ended it."""
        return self.poll()

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end, so many seconds at most.

        Raises:
            subprocess.TimeoutExpired: it has not ended.
        """
        self._process.join(timeout)
        code = self.poll()
        if code is None:
            raise subprocess.TimeoutExpired(self._words, timeout or 0.0)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class Running(Forked):
    """A command whose words come through pipes."""

    stdin: None = None

    def __init__(self, words: Sequence[str], folder: Path, environment: Mapping[str, str]) -> None:
        (out, its_out), (err, its_err) = (CONTEXT.Pipe(duplex=False) for _ in range(2))
        super().__init__(_become, words, str(folder), {**environment}, its_out, its_err)
        its_out.close()
        its_err.close()
        self.stdout, self.stderr = _as_text(out), _as_text(err)

    def communicate(self, timeout: float) -> tuple[str, str]:
        """Wait for its end; give what it has said, which has to fit into the pipes."""
        self.wait(timeout)
        with self.stdout as out, self.stderr as err:
            return out.read(), err.read()


def _as_text(pipe: Connection) -> TextIO:
    text = os.fdopen(os.dup(pipe.fileno()), encoding="utf-8")
    pipe.close()
    return text


def _become(
    words: list[str], folder: str, environment: dict[str, str], out: Connection, err: Connection
) -> None:
    for number, pipe in ((1, out), (2, err)):
        os.dup2(pipe.fileno(), number)
        pipe.close()
    become(words, folder, environment)
