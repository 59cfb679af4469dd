"""A broker and a library for the parts of a fleet."""

from collections.abc import Iterator

import pytest

from chess_analytics.store.session import Store, open_database
from tests.jobs.studio import Studio
from tests.redis_server import RedisServer, redis_server


@pytest.fixture
def redis(socket_enabled: None) -> Iterator[RedisServer]:  # noqa: ARG001
    """Give a Redis of this test's own."""
    with redis_server() as server:
        yield server


@pytest.fixture
def store(postgres_url: str) -> Iterator[Store]:
    """Give an empty store; a fleet has PostgreSQL."""
    with open_database(postgres_url) as opened:
        yield opened


@pytest.fixture
def studio(store: Store) -> Studio:
    return Studio(store)
