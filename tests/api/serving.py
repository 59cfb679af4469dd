"""Run the application as its users reach it, without a network."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from anyio.from_thread import BlockingPortal
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr

from chess_analytics.api.app import create_app
from chess_analytics.api.resources import Resources
from chess_analytics.api.routes import PREFIX
from chess_analytics.settings import Settings
from chess_analytics.store.session import Store
from tests.accounts import DAY_MS, MINUTE_MS, NOW_MS, PASSWORD, WEAK
from tests.empty_library import lay_empty_library

BASE_URL = "http://127.0.0.1"
# Nobody listens there: no test asks a real site for games.
NOWHERE = "http://127.0.0.1:9"


@dataclass
class Clock:
    """A time that passes only when it is told to."""

    now_ms: int = NOW_MS

    def __call__(self) -> int:
        return self.now_ms

    def advance(self, *, minutes: float = 0, days: float = 0) -> None:
        self.now_ms += round(minutes * MINUTE_MS + days * DAY_MS)


@dataclass
class Served:
    """An application that runs."""

    app: FastAPI
    settings: Settings
    clock: Clock
    base_url: str = BASE_URL
    portal: BlockingPortal | None = None
    """Where the application runs: a browser without it would begin a thread for every request."""
    clients: list[TestClient] = field(default_factory=list)

    @property
    def store(self) -> Store:
        resources = self.app.state.resources
        assert isinstance(resources, Resources)
        return resources.store

    def client(self, address: str = "192.0.2.1", **headers: str) -> TestClient:
        """Give a browser of its own, with no cookies yet; its paths begin below /api/v1."""
        client = TestClient(
            self.app,
            base_url=f"{self.base_url}{PREFIX}/",
            headers=headers,
            follow_redirects=False,
            client=(address, 50_000),
        )
        client.portal = self.portal
        self.clients.append(client)
        return client

    def sign_up(self, name: str) -> TestClient:
        """Give the browser of a new user; the first is the administrator."""
        client = self.client()
        answer = client.post("users", json={"name": name, "password": PASSWORD})
        assert answer.status_code == 201, answer.text
        return client

    def log_in(self, name: str) -> TestClient:
        """Give another browser of a user."""
        client = self.client()
        answer = client.post("sessions", json={"name": name, "password": PASSWORD})
        assert answer.status_code == 201, answer.text
        return client

    def program(self, owner: TestClient, *scopes: str) -> TestClient:
        """Give a program that acts for a user with a token of these scopes."""
        answer = owner.post("tokens", json={"name": "a program", "scopes": scopes})
        assert answer.status_code == 201, answer.text
        return self.client(Authorization=f"Bearer {answer.json()['token']}")


@contextmanager
def serving(
    folder: Path, database_url: str | None, *, base_url: str = BASE_URL, **settings: Any
) -> Iterator[Served]:
    """Run the application with some settings of its own."""
    url = SecretStr(database_url) if database_url else None
    # Without engines, unless a test wants some.
    usual = {"lichess_url": NOWHERE, "chesscom_url": NOWHERE, "workers": 0}
    chosen = Settings(data_dir=folder / "data", database_url=url, **{**usual, **settings})
    if url is None:
        lay_empty_library(chosen.data_dir)
    clock = Clock()
    app = create_app(chosen, clock, passwords=WEAK)
    # No setting changes them, and making them anew would take longer than most tests.
    app.router.routes[:] = _with_routes().router.routes
    served = Served(app, chosen, clock, base_url)
    # Started once for all browsers of the test.
    with TestClient(app) as opened:
        served.portal = opened.portal
        yield served
    for client in served.clients:
        client.close()


@cache
def _with_routes() -> FastAPI:
    """Build an application whose routes all others of this process take over."""
    return create_app(Settings.model_construct())
