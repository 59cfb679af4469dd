"""The clock of leases is the database's own, asked for once a second and reckoned in between."""

import time
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, event

from chess_analytics.store import database_clock
from chess_analytics.store.lease_clock import lease_clock
from chess_analytics.store.session import Store

_WHO = "SELECT pg_backend_pid()"


@pytest.fixture
def postgres(store: Store) -> Store:
    if store.is_embedded:
        pytest.skip("SQLite has no clock of its own")
    return store


@pytest.fixture
def connection(postgres: Store) -> Iterator[Connection]:
    with postgres.reading() as opened:
        yield opened


class _Monotonic:
    """Seconds that pass when a test says so."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.s = time.monotonic()
        monkeypatch.setattr(database_clock, "monotonic", lambda: self.s)


def _count_questions(connection: Connection) -> list[str]:
    asked: list[str] = []

    @event.listens_for(connection, "before_cursor_execute")
    def _note(_connection: Connection, _cursor: object, statement: str, *_more: object) -> None:
        if "clock_timestamp" in statement:
            asked.append(statement)

    return asked


def test_a_second_is_reckoned_and_then_asked_for(
    connection: Connection, postgres: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    passes, asked = _Monotonic(monkeypatch), _count_questions(connection)
    clock = lease_clock(postgres)
    passes.s += 2
    first_ms = clock(connection)
    assert abs(first_ms - time.time() * 1000) < 5_000
    passes.s += 0.25
    assert clock(connection) == first_ms + 250
    assert len(asked) == 1
    passes.s += 0.75
    clock(connection)
    assert len(asked) == 2


def test_what_is_asked_for_is_the_time_of_the_database(
    connection: Connection, postgres: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    passes, clock = _Monotonic(monkeypatch), lease_clock(postgres)
    passes.s += 2
    first_ms = clock(connection)
    # Longer than any machine stands still: only the monotonic time of this test has passed.
    passes.s += 600
    assert first_ms <= clock(connection) < first_ms + 150_000


def test_a_connection_that_was_idle_tells_the_time_along_with_its_sign_of_life(
    postgres: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chess_analytics.store.session._SURELY_ALIVE_S", 0.0)
    clock = lease_clock(postgres)
    with postgres.writing() as connection:
        clock(connection)
    with postgres.writing() as connection:
        connection.info.clear()
    with postgres.writing() as connection:
        asked = _count_questions(connection)
        assert abs(clock(connection) - time.time() * 1000) < 5_000
        assert not asked


def test_a_connection_that_was_ended_is_replaced(
    postgres: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chess_analytics.store.session._SURELY_ALIVE_S", 0.0)
    with postgres.writing() as living:
        with postgres.writing() as other:
            first = other.exec_driver_sql(_WHO).scalar_one()
        assert living.exec_driver_sql(f"SELECT pg_terminate_backend({first}, 5000)").scalar_one()
        with postgres.writing() as other:
            assert other.exec_driver_sql(_WHO).scalar_one() != first
