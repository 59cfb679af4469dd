"""Many games on several engines: order, keeping, failures, stopping."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from chess_analytics.actions.analyse_archive import Outcome, analyse_archive
from chess_analytics.actions.analyse_game import Run, analyse_game
from chess_analytics.engine.evaluation import Engine, SearchRequest
from chess_analytics.engine.pool import EnginePool
from chess_analytics.engine.profile import Profile
from chess_analytics.games.model import Game, Place
from tests.builders import game
from tests.fakes import FakeEngine

PROFILE = Profile("test", sweep_nodes=10)
LONG_ENOUGH_S = 60.0


class Memory:
    """A keeper that remembers in a list."""

    def __init__(self, known: dict[int, Run] | None = None) -> None:
        self.known = known or {}
        self.saved: list[int] = []

    def find(self, game: Game) -> Run | None:
        return self.known.get(game.place.number)

    def save(self, game: Game, run: Run) -> None:
        assert run.evaluations
        self.saved.append(game.place.number)


def _games(count: int) -> list[Game]:
    one = game("1. e4 e5 2. Nf3")
    return [replace(one, place=Place("test.pgn", number, 1)) for number in range(1, count + 1)]


def _analyse(game: Game, engine: Engine) -> Run:
    return analyse_game(game, engine, PROFILE)


def _outcomes(
    games: list[Game],
    start: Callable[[], FakeEngine] = FakeEngine,
    *,
    analyse: Callable[[Game, Engine], Run] = _analyse,
    keeper: Memory | None = None,
    stop: threading.Event | None = None,
    size: int = 2,
) -> Iterator[Outcome]:
    return analyse_archive(
        games,
        EnginePool(start, size),
        analyse,
        keeper=keeper or Memory(),
        stop=stop or threading.Event(),
    )


def test_outcomes_come_in_the_order_of_the_input_however_long_each_takes() -> None:
    def slowly(game: Game, engine: Engine) -> Run:
        time.sleep(0.02 if game.place.number % 3 == 1 else 0)
        return analyse_game(game, engine, PROFILE)

    outcomes = list(_outcomes(_games(150), analyse=slowly, size=4))
    assert [outcome.game.place.number for outcome in outcomes] == list(range(1, 151))
    assert all(outcome.run and not outcome.is_kept for outcome in outcomes)


def test_a_done_run_is_kept_while_a_slower_game_before_it_still_runs() -> None:
    keeper, second_is_saved = Memory(), threading.Event()

    def first_waits(game: Game, engine: Engine) -> Run:
        if game.place.number == 1:
            assert second_is_saved.wait(LONG_ENOUGH_S)
        return analyse_game(game, engine, PROFILE)

    class Watching(Memory):
        def save(self, game: Game, run: Run) -> None:
            super().save(game, run)
            if game.place.number == 2:
                second_is_saved.set()

    keeper = Watching()
    outcomes = list(_outcomes(_games(3), analyse=first_waits, keeper=keeper))
    assert sorted(keeper.saved) == [1, 2, 3]
    assert [outcome.game.place.number for outcome in outcomes] == [1, 2, 3]


def test_a_run_that_ends_while_another_one_is_being_kept_is_kept_too() -> None:
    second_is_being_saved, first_is_done = threading.Event(), threading.Event()

    class Slow(Memory):
        def save(self, game: Game, run: Run) -> None:
            super().save(game, run)
            if game.place.number == 2:
                second_is_being_saved.set()
                assert first_is_done.wait(LONG_ENOUGH_S)
                time.sleep(0.05)  # Until its future knows.

    def first_ends_last(game: Game, engine: Engine) -> Run:
        run = analyse_game(game, engine, PROFILE)
        if game.place.number == 1:
            assert second_is_being_saved.wait(LONG_ENOUGH_S)
            first_is_done.set()
        return run

    keeper = Slow()
    for outcome in _outcomes(_games(2), analyse=first_ends_last, keeper=keeper):
        assert outcome.game.place.number in keeper.saved
    assert sorted(keeper.saved) == [1, 2]


def test_a_run_from_before_is_not_analysed_again() -> None:
    first, second = _games(2)
    known = analyse_game(first, FakeEngine(), PROFILE)
    keeper = Memory({1: known})
    outcomes = list(_outcomes([first, second], keeper=keeper))
    assert [(outcome.is_kept, outcome.run is known) for outcome in outcomes] == [
        (True, True),
        (False, False),
    ]
    assert keeper.saved == [2]


def test_a_game_at_which_every_engine_dies_fails_alone_with_the_reason() -> None:
    games = _games(5)
    games[2] = replace(game("1. d4"), place=Place("test.pgn", 3, 1))

    def at_d4(request: SearchRequest) -> bool:
        return "d2d4" in request.moves

    outcomes = list(_outcomes(games, lambda: FakeEngine(dies_at=at_d4)))
    assert [bool(outcome.run) for outcome in outcomes] == [True, True, False, True, True]
    assert outcomes[2].failure == "the fake engine was told to die"


def test_an_engine_that_dies_once_costs_nothing_but_a_restart() -> None:
    deaths = iter([True])

    def once(_request: SearchRequest) -> bool:
        return next(deaths, False)

    outcomes = list(_outcomes(_games(4), lambda: FakeEngine(dies_at=once), size=1))
    assert all(outcome.run for outcome in outcomes)


def test_stopping_keeps_and_yields_what_is_done_and_nothing_else() -> None:
    stop, keeper = threading.Event(), Memory()

    def analyse(game: Game, engine: Engine) -> Run:
        if game.place.number == 3:
            stop.set()
            while True:  # Until the pool is closed: then the engine is dead.
                engine.search(SearchRequest(game.initial_fen, (), 1))
                time.sleep(0.01)
        return analyse_game(game, engine, PROFILE)

    games = _games(500)
    outcomes = list(_outcomes(games, analyse=analyse, keeper=keeper, stop=stop))
    done = [outcome.game.place.number for outcome in outcomes]
    assert 3 not in done
    assert len(done) < len(games)
    assert all(outcome.run for outcome in outcomes)
    assert sorted(keeper.saved) == sorted(done)


def test_a_fault_of_ours_is_not_taken_for_the_engines() -> None:
    def wrong(_game: Game, _engine: Engine) -> Run:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(_outcomes(_games(3), analyse=wrong))
