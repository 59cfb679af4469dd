"""The application and its users, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.api.serving import Served, serving


@pytest.fixture
def served(tmp_path: Path, database_url: str | None) -> Iterator[Served]:
    """Run the application; each test does so with SQLite and with PostgreSQL."""
    with serving(tmp_path, database_url) as running:
        yield running


@pytest.fixture
def anonymous(served: Served) -> TestClient:
    """Give a browser in which nobody is signed in."""
    return served.client()


@pytest.fixture
def ada(served: Served) -> TestClient:
    """Give the browser of the first user, who is the administrator."""
    return served.sign_up("ada")


@pytest.fixture
def bob(served: Served, ada: TestClient) -> TestClient:  # noqa: ARG001 - she comes first
    """Give the browser of another user."""
    return served.sign_up("bob")
