"""What tests of the store share."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from chess_analytics.store.session import Store


@pytest.fixture
def connection(store: Store) -> Iterator[Connection]:
    """Give a transaction on an empty store; the test runs on SQLite and on PostgreSQL."""
    with store.writing() as opened:
        yield opened
