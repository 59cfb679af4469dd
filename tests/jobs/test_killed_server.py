"""A server that is killed in the middle of an import ends it after its next start."""

import re
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.cli.commands import LONG_ENOUGH_S, Home
from tests.cli.running import Running
from tests.pgns import MOST_DIFFERENT, different, pgn
from tests.plain_http import NO_TLS

pytestmark = pytest.mark.enable_socket

# Many games, once and once more, and between them what is no game for us.
TEXT = "".join(
    [
        different(MOST_DIFFERENT),
        *[pgn("1. e4", Variant="Atomic"), pgn("1. e4 e5 2. Nf9")] * 40,
        different(MOST_DIFFERENT),
    ]
)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    home = Home(tmp_path)
    yield home
    home.leave()


def _serve(home: Home, settings: dict[str, str]) -> tuple[Running, str]:
    process = home.start("serve", "--local", "--port", "0", settings=settings)
    assert process.stderr
    said = process.stderr.readline()
    found = re.search(r"http://[^ ,;]+", said)
    assert found, said
    return process, f"{found[0]}/api/v1"


def _wait_for(claim: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONG_ENOUGH_S
    while not claim():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.005)


def test_killed_again_and_again_the_server_ends_the_import_with_the_right_counts(
    home: Home, database_url: str | None
) -> None:
    settings = {"CHESS_ANALYTICS_DATABASE_URL": database_url} if database_url else {}
    process, address = _serve(home, settings)
    parameters, patience = {"name": "games.pgn"}, httpx2.Timeout(LONG_ENOUGH_S)
    sent = httpx2.post(
        f"{address}/imports", params=parameters, content=TEXT, verify=NO_TLS, timeout=patience
    )
    assert sent.status_code == 202, sent.text

    def look() -> Any:
        place = f"{address}/imports/{sent.json()['id']}"
        return httpx2.get(place, verify=NO_TLS, timeout=patience).json()

    found = look()
    # Another server may be alive where there is PostgreSQL: it takes half a minute to be sure.
    for _ in range(1 if database_url else 2):
        before = found["found"]
        _wait_for(lambda least=before: look()["found"] > least)  # type: ignore[misc]
        process.send_signal(signal.SIGKILL)
        process.wait(LONG_ENOUGH_S)
        process, address = _serve(home, settings)
        found = look()
        assert found["state"] != "done"
        parts = ("added", "already_there", "set_aside", "broken")
        assert found["found"] == sum(found[part] for part in parts) > before

    _wait_for(lambda: look()["state"] not in ("waiting", "running"))
    done = look()
    assert (done["state"], done["error"]) == ("done", None)
    assert (done["added"], done["already_there"]) == (MOST_DIFFERENT, MOST_DIFFERENT)
    assert (done["set_aside"], done["broken"]) == (40, 40)
    games = httpx2.get(
        f"{address}/games", params={"count": "true"}, verify=NO_TLS, timeout=patience
    ).json()
    assert games["total"] == MOST_DIFFERENT
    # It goes when its end is written down.
    _wait_for(lambda: not [*(home.folder / "data" / "uploads").glob("*.upload")])
    process.send_signal(signal.SIGINT)
    assert process.wait(LONG_ENOUGH_S) == 0
