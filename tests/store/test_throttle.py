"""Attempts as rows."""

from sqlalchemy import Connection

from chess_analytics.store.throttle import (
    add_attempt,
    clear_subject,
    forget_attempts,
    nth_latest_attempt_ms,
    sweep_attempts,
)


def test_attempts_are_counted_back_from_the_latest(connection: Connection) -> None:
    for at_ms in (10, 30, 20):
        add_attempt(connection, "a", at_ms=at_ms)
    add_attempt(connection, "b", at_ms=40)
    assert nth_latest_attempt_ms(connection, "a", 1, since_ms=0) == 30
    assert nth_latest_attempt_ms(connection, "a", 3, since_ms=0) == 10
    assert nth_latest_attempt_ms(connection, "a", 4, since_ms=0) is None


def test_only_attempts_within_the_window_count(connection: Connection) -> None:
    for at_ms in (10, 20, 30):
        add_attempt(connection, "a", at_ms=at_ms)
    assert nth_latest_attempt_ms(connection, "a", 2, since_ms=10) == 20
    assert nth_latest_attempt_ms(connection, "a", 2, since_ms=20) is None


def test_attempts_can_be_taken_back_cleared_and_swept(connection: Connection) -> None:
    first = add_attempt(connection, "a", at_ms=10)
    for at_ms in (20, 30):
        add_attempt(connection, "a", at_ms=at_ms)
    add_attempt(connection, "b", at_ms=20)
    forget_attempts(connection, [first])
    assert nth_latest_attempt_ms(connection, "a", 3, since_ms=0) is None
    sweep_attempts(connection, before_ms=20)
    assert nth_latest_attempt_ms(connection, "a", 1, since_ms=0) == 30
    assert nth_latest_attempt_ms(connection, "b", 1, since_ms=0) is None
    add_attempt(connection, "b", at_ms=40)
    clear_subject(connection, "a")
    assert nth_latest_attempt_ms(connection, "a", 1, since_ms=0) is None
    assert nth_latest_attempt_ms(connection, "b", 1, since_ms=0) == 40
