"""Engines in a pool: lent, replaced when they fail, and all ended at once."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from chess_analytics.engine.discovery import EngineNotFound
from chess_analytics.engine.evaluation import (
    EngineBabbled,
    EngineDied,
    EngineError,
    EngineHung,
    EngineIdentity,
    Evaluation,
    Line,
    PositionRefused,
    Score,
    SearchRequest,
)
from chess_analytics.engine.pool import EnginePool
from chess_analytics.engine.process import SearchInterrupted
from chess_analytics.engine.uci import UciEngine
from tests.engine.engines import BRIEF, ENDLESS, is_running, scripted, start_position, wait_until


@dataclass
class FakeEngine:
    """An engine that fails when it is told to, and notes what was done to it."""

    failure: EngineError | None = None
    fails_at_start: bool = False
    games: int = 0
    is_closed: bool = False
    is_interrupted: bool = False
    identity: EngineIdentity = field(default_factory=lambda: EngineIdentity("Fake", None, ()))

    def new_game(self) -> None:
        self.games += 1
        if self.fails_at_start:
            raise EngineDied("at the start")

    def search(self, request: SearchRequest) -> Evaluation:
        if self.failure is not None:
            raise self.failure
        return Evaluation(Line(Score(cp=0), ("e2e4",)), nodes=request.nodes)

    def interrupt(self) -> None:
        self.is_interrupted = True

    def close(self) -> None:
        self.is_closed = True


@dataclass
class Factory:
    """Makes the engines that a test laid ready, then sound ones."""

    ready: list[FakeEngine] = field(default_factory=list)
    made: list[FakeEngine] = field(default_factory=list)

    def __call__(self) -> FakeEngine:
        engine = self.ready.pop(0) if self.ready else FakeEngine()
        self.made.append(engine)
        return engine


def test_an_engine_is_started_when_it_is_needed_and_kept_from_game_to_game() -> None:
    factory = Factory()
    with EnginePool(factory, 2) as pool:
        assert pool.size == 2
        assert factory.made == []
        for _ in range(3):
            with pool.lend() as engine:
                engine.search(start_position())
        assert len(factory.made) == 1
        assert factory.made[0].games == 3
        assert pool.restarts == 0
    assert factory.made[0].is_closed


def test_two_borrowers_have_two_engines_and_a_third_waits() -> None:
    factory = Factory()
    pool = EnginePool(factory, 2)
    with pool.lend() as one, pool.lend() as two:
        assert one is not two
        got: list[FakeEngine] = []
        third = threading.Thread(target=lambda: _borrow(pool, got))
        third.start()
        third.join(0.1)
        assert third.is_alive()
        assert got == []
    third.join(60)
    assert got[0] in factory.made
    assert len(factory.made) == 2
    pool.close()


@pytest.mark.parametrize("error", [EngineDied, EngineHung, EngineBabbled])
def test_an_engine_that_failed_is_replaced_at_the_next_lend(error: type[EngineError]) -> None:
    factory = Factory([FakeEngine(failure=error("in a test"))])
    with EnginePool(factory, 1) as pool:
        with pytest.raises(error), pool.lend() as engine:
            engine.search(start_position())
        assert factory.made[0].is_closed
        assert factory.made[0].is_interrupted
        with pool.lend() as engine:
            assert engine.search(start_position()).nodes == 1000
        assert engine is factory.made[1]
        assert pool.restarts == 1


def test_a_refused_position_does_not_cost_the_engine() -> None:
    factory = Factory([FakeEngine(failure=PositionRefused("in a test"))])
    with EnginePool(factory, 1) as pool:
        with pytest.raises(PositionRefused), pool.lend() as engine:
            engine.search(start_position())
        with pool.lend() as engine:
            assert engine is factory.made[0]
        assert not engine.is_interrupted


def test_an_engine_that_may_still_search_is_not_lent_again() -> None:
    factory = Factory()
    with EnginePool(factory, 1) as pool:
        with pytest.raises(KeyboardInterrupt), pool.lend():
            raise KeyboardInterrupt
        with pool.lend() as engine:
            assert engine is factory.made[1]
        assert factory.made[0].is_closed


def test_an_engine_that_died_while_it_was_idle_is_replaced_unseen() -> None:
    factory = Factory()
    with EnginePool(factory, 1) as pool:
        with pool.lend() as engine:
            pass
        engine.fails_at_start = True
        with pool.lend() as engine:
            assert engine is factory.made[1]
        assert pool.restarts == 1


def test_an_engine_that_dies_at_its_start_is_tried_three_times() -> None:
    factory = Factory([FakeEngine(fails_at_start=True) for _ in range(3)])
    with EnginePool(factory, 1) as pool:
        with pytest.raises(EngineDied, match="at the start"), pool.lend():
            pytest.fail("no engine was sound")
        assert len(factory.made) == 3
        assert all(engine.is_closed for engine in factory.made)
        with pool.lend() as engine:
            assert engine is factory.made[3]


def test_work_is_done_again_with_a_new_engine_and_given_up_after_three() -> None:
    dead = EngineDied("in a test")
    factory = Factory([FakeEngine(failure=dead), FakeEngine(failure=dead)])
    with EnginePool(factory, 1) as pool:
        assert pool.attempt(_one_search).nodes == 1000
        assert pool.restarts == 2
        factory.made[-1].failure = dead
        factory.ready = [FakeEngine(failure=dead), FakeEngine(failure=dead)]
        with pytest.raises(EngineDied):
            pool.attempt(_one_search)
        assert pool.attempt(_one_search).nodes == 1000


@pytest.mark.parametrize("error", [PositionRefused, SearchInterrupted, EngineNotFound])
def test_what_another_engine_cannot_mend_is_not_tried_again(error: type[EngineError]) -> None:
    factory = Factory([FakeEngine(failure=error("in a test"))])
    with EnginePool(factory, 1) as pool:
        with pytest.raises(error):
            pool.attempt(_one_search)
        assert len(factory.made) == 1


def test_a_start_that_fails_gives_its_slot_back() -> None:
    def start() -> FakeEngine:
        raise EngineNotFound("in a test")

    with EnginePool(start, 1) as pool:
        for _ in range(2):
            with pytest.raises(EngineNotFound), pool.lend():
                pytest.fail("there is no engine")


def test_a_pool_without_slots_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="at least one slot"):
        EnginePool(Factory(), 0)


def test_closing_wakes_those_who_wait_and_lends_no_more() -> None:
    pool = EnginePool(Factory(), 1)
    with pool.lend(), ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(_borrow, pool, [])
        time.sleep(0.1)
        assert not waiting.done()
        pool.close()
        with pytest.raises(SearchInterrupted, match="pool was closed"):
            waiting.result(60)
    with pytest.raises(SearchInterrupted), pool.lend():
        pytest.fail("the pool is closed")


def test_an_engine_that_comes_back_after_the_end_is_closed() -> None:
    factory = Factory()
    pool = EnginePool(factory, 1)
    with pool.lend():
        pool.close()
    assert factory.made[0].is_closed


@pytest.mark.parametrize("behaviour", ["hangs", "silent start"])
def test_closing_ends_real_processes_whatever_they_do(behaviour: str) -> None:
    engines: list[UciEngine] = []
    pool = EnginePool(_noting(engines, lambda: scripted(behaviour, patience=ENDLESS)), 3)
    with ThreadPoolExecutor(3) as threads:
        games = [threads.submit(pool.attempt, _one_search) for _ in range(3)]
        assert wait_until(lambda: len(engines) == 3 and all(is_running(e.pid) for e in engines))
        time.sleep(0.2)
        began = time.monotonic()
        pool.close()
        for game in games:
            with pytest.raises(SearchInterrupted):
                game.result(60)
        # By themselves they would do nothing for a minute.
        assert time.monotonic() - began < 30
    assert not any(is_running(engine.pid) for engine in engines)
    assert len(engines) == 3


def test_many_threads_get_every_game_done_with_engines_that_keep_dying() -> None:
    engines: list[UciEngine] = []
    with (
        EnginePool(_noting(engines, lambda: scripted("dies after", 7, patience=BRIEF)), 2) as pool,
        ThreadPoolExecutor(2) as threads,
    ):
        played = list(threads.map(lambda _: pool.attempt(_three_searches), range(10)))
        assert played == [3000] * 10
        assert pool.restarts >= 3  # 30 searches, at most 7 to an engine's life
        assert len(engines) - 2 <= pool.restarts < len(engines)
    assert not any(is_running(engine.pid) for engine in engines)


def _borrow(pool: EnginePool[FakeEngine], got: list[FakeEngine]) -> None:
    with pool.lend() as engine:
        got.append(engine)


def _one_search(engine: FakeEngine | UciEngine) -> Evaluation:
    return engine.search(start_position())


def _three_searches(engine: UciEngine) -> int:
    return sum(engine.search(start_position()).nodes for _ in range(3))


def _noting(engines: list[UciEngine], start: Callable[[], UciEngine]) -> Callable[[], UciEngine]:
    def noted() -> UciEngine:
        engines.append(start())
        return engines[-1]

    return noted
