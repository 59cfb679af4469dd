"""Imports over the API: a worker that works when the test says so, and not in the background."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from chess_analytics.actions.import_games import Desk
from chess_analytics.api.import_shop import workshop
from chess_analytics.jobs.importing import ImportWorker
from tests.api.serving import Served

Json = dict[str, Any]

TWO_GAMES = '[White "Ann"]\n[Black "Bob"]\n\n1. e4 e5 1-0\n\n[White "Cid"]\n\n1. d4 d5 0-1\n\n'
ONE_BROKEN = TWO_GAMES + '[White "Eve"]\n\n1. e4 e9\n\n[Variant "Atomic"]\n\n1. e4 *\n'


class Worker:
    """The server's worker, which stands still until it is told to do what waits."""

    def __init__(self, served: Served) -> None:
        state = served.app.state
        state.importer.stop()
        shop = workshop(served.settings, Desk(served.store, served.clock))
        self._worker = state.importer = ImportWorker(shop, "test")

    def work(self) -> None:
        self._worker.run_waiting()


def upload(
    user: TestClient, content: str | bytes = TWO_GAMES, name: str = "games.pgn", **headers: str
) -> Any:
    """Send a file and give the answer; underscores in headers are hyphens."""
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    return user.post("imports", params={"name": name}, content=content, headers=named)


def uploaded(user: TestClient, content: str | bytes = TWO_GAMES, name: str = "games.pgn") -> Json:
    """Send a file that is accepted."""
    answer = upload(user, content, name)
    assert answer.status_code == 202, answer.text
    body: Json = answer.json()
    return body


def linked(user: TestClient, name: str = "Ann", site: str = "lichess") -> Json:
    """Link a name that can be linked."""
    answer = user.post("players", json={"site": site, "name": name})
    assert answer.status_code == 201, answer.text
    body: Json = answer.json()
    return body


def uploads_of(served: Served) -> list[str]:
    folder = served.settings.data_dir / "uploads"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


@pytest.fixture
def worker(served: Served) -> Worker:
    return Worker(served)
