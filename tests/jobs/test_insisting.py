"""Insisting: what passes is tried again, what stays is not, and nobody insists for ever."""

import threading
import time

import pytest
from sqlalchemy.exc import DataError, IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from chess_analytics.jobs.insisting import insist

AWAY = OperationalError("COMMIT", None, Exception("the server closed the connection"))


class Attempts:
    """Fails with these errors, one after the other, then succeeds."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.count = 0

    def __call__(self) -> str:
        self.count += 1
        if self.errors:
            raise self.errors.pop(0)
        return "done"


def test_what_passes_is_tried_again() -> None:
    attempts = Attempts(AWAY, PoolTimeout("no connection is free"))
    assert insist(attempts, lambda: time.monotonic() + 60, threading.Event()) == "done"
    assert attempts.count == 3


@pytest.mark.parametrize(
    "error",
    [
        ValueError("no"),
        IntegrityError("INSERT", None, Exception("gone")),
        DataError("INSERT", None, Exception("too long")),
        ProgrammingError("SELECT 1 FROM", None, Exception("syntax")),
    ],
)
def test_what_would_come_again_is_raised_at_once(error: Exception) -> None:
    attempts = Attempts(error)
    with pytest.raises(type(error)):
        insist(attempts, lambda: time.monotonic() + 60, threading.Event())
    assert attempts.count == 1


def test_when_the_time_is_over_nobody_insists() -> None:
    attempts = Attempts(AWAY)
    with pytest.raises(OperationalError):
        insist(attempts, time.monotonic, threading.Event())


def test_who_is_told_to_give_up_does_so_at_once() -> None:
    give_up = threading.Event()
    give_up.set()
    with pytest.raises(OperationalError):
        insist(Attempts(AWAY), lambda: time.monotonic() + 60, give_up)
