"""Analyse many games at once, one game a core, and give the outcomes in the order of the input."""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from typing import Protocol, TypeVar

from chess_analytics.actions.analyse_game import Run
from chess_analytics.engine.evaluation import EngineError
from chess_analytics.engine.pool import EnginePool, PooledEngine
from chess_analytics.games.model import Game

# Games that may wait for a slower one before them; bounds memory, never starves a core.
_WINDOW_PER_WORKER = 32
# How soon a request to stop is noticed.
_LOOK_UP_S = 0.2

E = TypeVar("E", bound=PooledEngine)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one game: a run, or the reason why there is none."""

    game: Game
    run: Run | None
    failure: str | None = None
    is_kept: bool = False
    """The run was there from before; no engine worked for it."""


class Keeper(Protocol):
    """Somebody who remembers runs: the store, or nobody."""

    def find(self, game: Game) -> Run | None: ...

    def save(self, game: Game, run: Run) -> None: ...


@dataclass(slots=True)
class _Waiting:
    game: Game
    future: Future[Run] | None
    kept: Run | None
    is_saved: bool = False

    def is_done(self) -> bool:
        return self.future is None or self.future.done()

    def has_run(self) -> bool:
        if self.future is None:
            return True
        return self.future.done() and not self.future.cancelled() and not self.future.exception()


def analyse_archive(
    games: Iterable[Game],
    pool: EnginePool[E],
    analyse: Callable[[Game, E], Run],
    *,
    keeper: Keeper,
    stop: threading.Event,
) -> Iterator[Outcome]:
    """Yield one outcome a game, in the order of the input.

    The keeper is asked for a run from before, and given each new run as soon as it is done,
    whatever is still running before it, always in the caller's thread. When ``stop`` is set,
    engines are killed at once, the runs that were done are kept and yielded, and that is all.
    """
    threads = ThreadPoolExecutor(pool.size, thread_name_prefix="analysis")
    waiting: deque[_Waiting] = deque()
    try:
        for game in games:
            if stop.is_set():
                break
            kept = keeper.find(game)
            future = None if kept else threads.submit(pool.attempt, partial(analyse, game))
            waiting.append(_Waiting(game, future, kept))
            while len(waiting) >= _WINDOW_PER_WORKER * pool.size and not stop.is_set():
                yield from _collect(waiting, keeper)
        while waiting and not stop.is_set():
            yield from _collect(waiting, keeper)
    finally:
        pool.close()
        threads.shutdown(cancel_futures=True)
    if stop.is_set():
        _save_done(waiting, keeper)
        yield from (_outcome(item) for item in waiting if item.has_run())


def _collect(waiting: deque[_Waiting], keeper: Keeper) -> Iterator[Outcome]:
    """Keep what is done and yield the done games at the head; wait a moment if it is not."""
    running = [item.future for item in waiting if item.future and not item.future.done()]
    if running and not waiting[0].is_done():
        wait(running, timeout=_LOOK_UP_S, return_when=FIRST_COMPLETED)
    _save_done(waiting, keeper)
    while waiting and waiting[0].is_done():
        item = waiting.popleft()
        # It may have been done only since the line above the loop.
        _save_done([item], keeper)
        yield _outcome(item)


def _save_done(items: Iterable[_Waiting], keeper: Keeper) -> None:
    for item in items:
        if item.future and not item.is_saved and item.has_run():
            keeper.save(item.game, item.future.result())
            item.is_saved = True


def _outcome(item: _Waiting) -> Outcome:
    if item.future is None:
        return Outcome(item.game, item.kept, is_kept=True)
    error = item.future.exception()
    if error is None:
        return Outcome(item.game, item.future.result())
    if isinstance(error, EngineError):
        return Outcome(item.game, None, failure=str(error))
    raise error
