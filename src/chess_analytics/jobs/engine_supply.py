"""Where slots get their engines; where there is none, it says why, and is asked again later."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

from chess_analytics.engine.discovery import Places, find_engine
from chess_analytics.engine.evaluation import EngineError
from chess_analytics.engine.pool import EnginePool, PooledEngine
from chess_analytics.engine.process import SearchInterrupted
from chess_analytics.engine.uci import UciEngine, UciSettings

_LOG = logging.getLogger(__name__)


class NoEngine(EngineError):
    """No engine can be started at present; that is no game's fault."""


class EngineSource(Protocol):
    """What knows how to start engines: those of this machine, or fakes in tests."""

    def look(self) -> str:
        """Say which engine would be started.

        Raises:
            EngineError: there is none, in words that say what to do.
        """
        ...

    def start(self) -> PooledEngine:
        """Start one, without waiting until it is ready.

        Raises:
            EngineError: there is none, or it cannot be started.
        """
        ...


@dataclass(frozen=True, slots=True)
class InstalledEngine:
    """The engine of this machine; looked for at each start, since it may come, go and change."""

    setting: str | None
    places: Places
    uci: UciSettings

    def look(self) -> str:
        return find_engine(self.setting, self.places).describe()

    def start(self) -> UciEngine:
        return UciEngine(find_engine(self.setting, self.places), self.uci)


class EngineSupply:
    """Engines for some slots; every method may be called by any thread."""

    def __init__(self, source: EngineSource, slots: int) -> None:
        self._source = source
        self._pool: EnginePool[PooledEngine] = EnginePool(source.start, max(1, slots))
        self.name: str | None = None
        """What engines are at work; absent while none can be started."""
        self.missing: str | None = None
        """Why none can."""
        # Several threads may find it out at once; one tells.
        self._telling = Lock()

    @property
    def restarts(self) -> int:
        """How many engines were started in the place of one that failed, or was stopped."""
        return self._pool.restarts

    def look(self) -> None:
        """Find out early whether there is an engine, so that it is said before work comes."""
        try:
            found = self._source.look()
        except EngineError as error:
            self._miss(error)
        else:
            self.name = self.name or found
            _LOG.info("engine.found %s", found)

    def is_ready(self) -> bool:
        """Tell whether an engine can be had, trying it out where there was none."""
        if self.missing is None:
            return True
        try:
            with self.lend():
                return True
        except EngineError:
            return False

    @contextmanager
    def lend(self) -> Iterator[PooledEngine]:
        """Lend an engine that is ready for a new game.

        Raises:
            NoEngine: none can be started.
            SearchInterrupted: the supply was closed.
        """
        with ExitStack() as stack:
            try:
                engine = stack.enter_context(self._pool.lend())
            except SearchInterrupted:
                raise
            except EngineError as error:
                self._miss(error)
                raise NoEngine(str(error)) from error
            self.missing, self.name = None, engine.identity.name
            yield engine

    def close(self) -> None:
        """End all engines at once; searches under way raise `SearchInterrupted`."""
        self._pool.close()

    def _miss(self, error: EngineError) -> None:
        with self._telling:
            if self.missing != str(error):
                _LOG.warning("engine.missing Games wait for an engine: %s", error)
            self.missing, self.name = str(error), None
