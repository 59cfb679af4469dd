"""Turns to write: everybody gets one, in the order in which they asked."""

import threading

import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeout

from chess_analytics.store.turns import Turns

PATIENCE_S = 30.0


def _waiting(turns: Turns, many: int) -> None:
    while len(turns._waiting) < many:
        threading.Event().wait(0.001)


def test_who_asked_first_has_the_next_turn() -> None:
    turns, had = Turns(PATIENCE_S), list[int]()

    def ask(number: int) -> None:
        with turns.turn():
            had.append(number)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    with turns.turn():
        for many, thread in enumerate(threads, 1):
            thread.start()
            _waiting(turns, many)
    for thread in threads:
        thread.join()
    assert had == list(range(8))


def test_who_asks_again_at_once_comes_after_those_who_wait() -> None:
    turns, had = Turns(PATIENCE_S), list[str]()

    def ask() -> None:
        with turns.turn():
            had.append("patient")

    patient = threading.Thread(target=ask)
    with turns.turn():
        patient.start()
        _waiting(turns, 1)
    with turns.turn():
        had.append("greedy")
    patient.join()
    assert had == ["patient", "greedy"]


def test_who_waits_too_long_is_told_and_loses_the_turn() -> None:
    turns = Turns(0.01)
    with turns.turn():
        with pytest.raises(PoolTimeout):
            turns._wait()
        assert not turns._waiting
    with turns.turn():
        pass


def test_a_turn_that_fails_is_passed_on() -> None:
    turns = Turns(PATIENCE_S)
    with pytest.raises(ZeroDivisionError), turns.turn():
        raise ZeroDivisionError
    with turns.turn():
        pass
