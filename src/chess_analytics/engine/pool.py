"""A pool of engines: one to a slot, alive from game to game, replaced when it died or hung."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition
from time import monotonic
from typing import Generic, Protocol, Self, TypeVar

from chess_analytics.engine.discovery import EngineNotFound
from chess_analytics.engine.evaluation import Engine, EngineError, PositionRefused
from chess_analytics.engine.process import SearchInterrupted

_START_ATTEMPTS = 3
# Doubled at every attempt, and spread, so that engines which died of one cause do not come back
# in step.
_BACKOFF_S = 0.2
_BACKOFF_SPREAD = 0.5


class PooledEngine(Engine, Protocol):
    """An engine that the pool can end: a UCI process, or a fake in tests."""

    def interrupt(self) -> None:
        """End the engine at once, from any thread."""
        ...

    def close(self) -> None:
        """Free what the engine holds; called by the thread that used it last."""
        ...


E = TypeVar("E", bound=PooledEngine)
T = TypeVar("T")


class EnginePool(Generic[E]):
    """Hands out healthy engines, ready for a new game; every method may be called by any thread.

    An engine is started when somebody first needs its slot. ``start`` must return quickly, without
    waiting for the engine to get ready, so that `close` can reach it.
    """

    def __init__(self, start: Callable[[], E], size: int) -> None:
        if size < 1:
            raise ValueError(f"a pool needs at least one slot, not {size}")
        self._start = start
        self._size = size
        self._changed = Condition()
        self._idle: list[E] = []
        self._lent: list[E] = []
        self._slots_taken = 0
        self._is_closed = False
        self._restarts = 0
        self._failures = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def size(self) -> int:
        """How many engines may be lent at once."""
        return self._size

    @property
    def restarts(self) -> int:
        """How many engines were started in the place of one that failed."""
        return self._restarts

    @contextmanager
    def lend(self) -> Iterator[E]:
        """Lend an engine that has forgotten every game before; waits for a free slot.

        The engine comes back into the pool, unless the body raised anything but `PositionRefused`:
        then nobody knows whether it still searches, and a new one is cheaper than a doubt.

        Raises:
            SearchInterrupted: the pool was closed.
            EngineError: no engine could be started, time and again.
        """
        self._take_slot()
        engine: E | None = None
        is_sound = False
        try:
            engine = self._ready_engine()
            yield engine
            is_sound = True
        except PositionRefused:
            is_sound = engine is not None
            raise
        finally:
            self._give_back(engine, is_sound=is_sound)

    def attempt(self, work: Callable[[E], T], *, attempts: int = 3) -> T:
        """Do one game's work, again with a new engine when an engine failed at it.

        Raises:
            EngineError: the engine failed at this work every time; the last failure is raised.
                `PositionRefused` and `SearchInterrupted` are raised at once.
        """
        for _ in range(attempts - 1):
            try:
                with self.lend() as engine:
                    return work(engine)
            except (PositionRefused, SearchInterrupted, EngineNotFound):
                raise
            except EngineError:
                continue
        with self.lend() as engine:
            return work(engine)

    def close(self) -> None:
        """End all engines at once; searches under way raise `SearchInterrupted`."""
        with self._changed:
            self._is_closed = True
            idle, self._idle = self._idle, []
            lent = tuple(self._lent)
            self._changed.notify_all()
        for engine in (*lent, *idle):
            engine.interrupt()
        for engine in idle:
            engine.close()

    def _take_slot(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._is_closed or self._slots_taken < self._size)
            self._refuse_if_closed()
            self._slots_taken += 1

    def _ready_engine(self) -> E:
        """Give an engine that has answered just now, whether it was idle or is new."""
        failures = 0
        while True:
            engine = self._idle_or_new()
            try:
                engine.new_game()
            except BaseException as error:
                self._discard(engine)
                failures += 1
                if failures == _START_ATTEMPTS or not _is_worth_another(error):
                    raise
            else:
                return engine
            self._pause(failures)

    def _idle_or_new(self) -> E:
        with self._changed:
            self._refuse_if_closed()
            if self._idle:
                engine = self._idle.pop()
                self._lent.append(engine)
                return engine
        engine = self._start()
        with self._changed:
            self._lent.append(engine)
            if self._failures:
                self._failures -= 1
                self._restarts += 1
            is_late = self._is_closed
        if is_late:
            engine.interrupt()
        return engine

    def _give_back(self, engine: E | None, *, is_sound: bool) -> None:
        with self._changed:
            if engine is not None and is_sound and not self._is_closed:
                self._lent.remove(engine)
                self._idle.append(engine)
                engine = None
            self._slots_taken -= 1
            self._changed.notify()
        if engine is not None:
            self._discard(engine)

    def _discard(self, engine: E) -> None:
        with self._changed:
            self._lent.remove(engine)
            self._failures += 1
        # An engine in an unknown state is not asked to leave: it may still be searching.
        engine.interrupt()
        engine.close()

    def _pause(self, failures: int) -> None:
        spread = random.uniform(1 - _BACKOFF_SPREAD, 1 + _BACKOFF_SPREAD)  # noqa: S311 - no secret
        until_s = monotonic() + _BACKOFF_S * 2 ** (failures - 1) * spread
        with self._changed:
            self._changed.wait_for(lambda: self._is_closed, timeout=until_s - monotonic())

    def _refuse_if_closed(self) -> None:
        if self._is_closed:
            raise SearchInterrupted("The engine pool was closed.")


def _is_worth_another(error: BaseException) -> bool:
    return isinstance(error, EngineError) and not isinstance(error, SearchInterrupted)
