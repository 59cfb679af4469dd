"""Start every engine from one thread that lives as long as the program does."""

import os
import subprocess
import sys
from concurrent.futures import Future
from pathlib import Path
from queue import SimpleQueue
from threading import Lock, Thread

from chess_analytics.engine.discovery import EngineCommand, EngineKind
from chess_analytics.engine.evaluation import EngineError

_LAUNCHER = Path(__file__).with_name("launch.py")

_Order = tuple[list[str], Future[subprocess.Popen[bytes]]]


def spawn(command: EngineCommand, *, memory_bytes: int, niceness: int) -> subprocess.Popen[bytes]:
    """Start an engine in a process group of its own, behind three pipes.

    Raises:
        EngineError: this system is not POSIX, or cannot start another process.
    """
    if sys.platform == "win32":
        raise EngineError(
            "Engines are run on Linux and macOS only. On Windows, use chess-analytics in WSL."
        )
    argv = [
        *(sys.executable, "-I", "-S", str(_LAUNCHER)),
        *(str(os.getpid()), _limit(command.kind, memory_bytes), str(niceness), "--"),
        *command.argv,
    ]
    try:
        return _only.get().start(argv)
    except OSError as error:
        raise EngineError(
            f"No process could be started for {command.argv[0]}: {error.strerror}. Close other "
            "programs, or run fewer engines at once."
        ) from error


def _limit(kind: EngineKind, memory_bytes: int) -> str:
    # Node reserves 10 GB of addresses that it never touches, so only what it writes to counts.
    return f"{'address' if kind is EngineKind.NATIVE else 'data'}:{memory_bytes}"


class _Spawner:
    """A thread that starts processes for all others.

    Linux sends the parent-death signal when the *thread* that forked ends, not when the program
    does: an engine started by a worker thread would be killed as soon as that worker is done. The
    thread is a daemon, because Python joins other threads, and the pools of `concurrent.futures`,
    in an order in which engines could lose their starter while somebody still works with them.
    """

    def __init__(self) -> None:
        self._orders: SimpleQueue[_Order] = SimpleQueue()
        Thread(target=self._serve, name="engine-spawner", daemon=True).start()

    def start(self, argv: list[str]) -> subprocess.Popen[bytes]:
        started: Future[subprocess.Popen[bytes]] = Future()
        self._orders.put((argv, started))
        return started.result()

    def _serve(self) -> None:
        while True:
            argv, started = self._orders.get()
            try:
                started.set_result(_popen(argv))
            except BaseException as error:  # noqa: BLE001 - it is raised again where it was asked for
                started.set_exception(error)


def _popen(argv: list[str]) -> subprocess.Popen[bytes]:
    # The launcher may need our environment to find Python's libraries; the engine gets none of it.
    # A session of its own keeps Ctrl-C away from the engine, and its group can be killed at once.
    return subprocess.Popen(
        argv,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        cwd="/",
        start_new_session=True,
    )


class _Only:
    """The one spawner of this process, made when it is first needed."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        self._lock = Lock()
        self._spawner: _Spawner | None = None

    def get(self) -> _Spawner:
        with self._lock:
            if self._spawner is None:
                self._spawner = _Spawner()
            return self._spawner


_only = _Only()


if sys.platform != "win32":
    # A forked child has no threads but one: it needs a spawner, and a lock, of its own.
    os.register_at_fork(after_in_child=_only.forget)
