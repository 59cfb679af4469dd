"""The commands of deploy/compose.yaml, run as they stand there: as processes, on real servers."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy.engine import make_url

from chess_analytics.store.session import open_database
from tests.deploy.composed import filled_in, roles, seconds
from tests.faults.engines import simulated_engines
from tests.faults.players import User, add_player, small_games
from tests.plain_http import NO_TLS
from tests.ports import free_port
from tests.postgres import fresh_database
from tests.redis_server import RedisServer, redis_server

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket, pytest.mark.timeout(400)]

LONG_ENOUGH_S = 120
GAMES = 40
FLOWERS_PASSWORD = "a-password-of-the-tests"  # noqa: S105 - it opens nothing else


def _wait_for(claim: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + LONG_ENOUGH_S
    while not claim():
        assert time.monotonic() < until, f"waited in vain until {what}"
        time.sleep(0.05)


@dataclass
class Stack:
    """The services of the file that are ours, on this machine instead of in containers."""

    folder: Path
    database_url: str
    redis: RedisServer
    ports: dict[str, int] = field(
        default_factory=lambda: {"8000": free_port(), "5555": free_port()}
    )
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def environment(self, name: str) -> dict[str, str]:
        """Fill in the secrets, and put our addresses in the place of those inside the network."""
        values = {
            "POSTGRES_PASSWORD": "secret",
            "REDIS_PASSWORD": make_url(self.redis.url).password or "",
            "CHESS_ANALYTICS_PUBLIC_URL": "https://chess.example",
            "CHESS_ANALYTICS_FLOWER_PASSWORD": FLOWERS_PASSWORD,
        }
        inside = {
            "postgresql+psycopg://chess:secret@postgres:5432/chess": self.database_url,
            "@redis:6379/0": f"@127.0.0.1:{self.redis.port}/0",
        }
        given = {key: filled_in(it, values) for key, it in roles()[name]["environment"].items()}
        for there, here in inside.items():
            given = {key: it.replace(there, here) for key, it in given.items()}
        return {
            # As in the image: the command, Python, and an engine are on the path.
            "PATH": f"{self.folder / 'bin'}:{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(self.folder),
            "CHESS_ANALYTICS_DATA_DIR": str(self.folder / f"data-{name}"),
            "PYTHONUNBUFFERED": "1",
            **given,
        }

    def start(self, name: str) -> "subprocess.Popen[bytes]":
        words = ["chess-analytics", *self._here(roles()[name]["command"])]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                words, env=self.environment(name), stdout=log, stderr=log, cwd=self.folder
            )
        return self.running[name]

    def is_healthy(self, name: str) -> bool:
        """Run the service's own check."""
        kind, *words = roles()[name]["healthcheck"]["test"]
        assert kind == "CMD"
        command = self._here(words)
        environment = self.environment(name)
        found = shutil.which(command[0], path=environment["PATH"])
        assert found
        checked = subprocess.run(
            [found, *command[1:]],
            env=environment,
            capture_output=True,
            check=False,
            cwd=self.folder,
        )
        return checked.returncode == 0

    def stop(self, name: str) -> int:
        """Stop a service as compose does; who does not end in time is killed, and that fails."""
        process = self.running.pop(name)
        process.send_signal(signal.SIGTERM)
        return process.wait(seconds(roles()[name]["stop_grace_period"]))

    def end(self) -> None:
        for process in self.running.values():
            process.kill()
            process.wait()

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def _here(self, words: list[str]) -> list[str]:
        """Listen on this machine only, on ports that are free."""
        text = "\0".join(words).replace("0.0.0.0", "127.0.0.1")  # noqa: S104 - it is replaced
        for inside, here in self.ports.items():
            text = re.sub(rf"\b{inside}\b", str(here), text)
        return text.split("\0")


@pytest.fixture
def stack(tmp_path: Path, postgres: str, socket_enabled: None) -> Iterator[Stack]:  # noqa: ARG001
    engines = simulated_engines(tmp_path)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "stockfish").symlink_to(engines.program)
    with redis_server() as redis, fresh_database(postgres, "composed") as url:
        stack = Stack(tmp_path, url, redis)
        try:
            yield stack
        finally:
            stack.end()


def _ask(stack: Stack, user: User, method: str, path: str, **more: Any) -> httpx2.Response:
    return httpx2.request(
        method,
        f"http://127.0.0.1:{stack.ports['8000']}/api/v1/{path}",
        headers={"Authorization": f"Bearer {user.token}"},
        verify=NO_TLS,
        timeout=LONG_ENOUGH_S,
        **more,
    )


def test_the_whole_stack_analyses_is_healthy_and_stops_well(stack: Stack) -> None:
    assert stack.start("upgrade").wait(LONG_ENOUGH_S) == 0, stack.log("upgrade")
    del stack.running["upgrade"]
    with open_database(stack.database_url) as store:
        ada = add_player(store, "ada", small_games(GAMES))
    for name in ("api", "worker", "beat", "flower"):
        stack.start(name)
    for name in stack.running:
        _wait_for(lambda name=name: stack.is_healthy(name), f"{name} is well")  # type: ignore[misc]

    accepted = _ask(stack, ada, "POST", "analysis-jobs", json={"nodes": 1000})
    assert accepted.status_code == 202, accepted.text
    place = f"analysis-jobs/{accepted.json()['id']}"
    _wait_for(lambda: _ask(stack, ada, "GET", place).json()["state"] == "completed", "all is done")

    page = f"http://127.0.0.1:{stack.ports['5555']}/workers"
    assert httpx2.get(page, verify=NO_TLS, timeout=LONG_ENOUGH_S).status_code == 401
    signed_in = httpx2.get(
        page, auth=("admin", FLOWERS_PASSWORD), verify=NO_TLS, timeout=LONG_ENOUGH_S
    )
    assert signed_in.status_code == 200
    for name in ("worker", "beat", "api"):
        assert stack.stop(name) == 0, stack.log(name)
    stack.stop("flower")


def test_flower_without_a_password_does_not_start(stack: Stack) -> None:
    environment = stack.environment("flower")
    del environment["CHESS_ANALYTICS_FLOWER_PASSWORD"]
    ended = subprocess.run(
        ["chess-analytics", "flower"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=LONG_ENOUGH_S,
    )
    assert ended.returncode == 1
    assert "CHESS_ANALYTICS_FLOWER_PASSWORD" in ended.stderr
