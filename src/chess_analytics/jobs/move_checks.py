"""The one engine that is kept for people who wait to hear what a move is worth."""

import logging
from threading import BoundedSemaphore

from chess_analytics.actions.check_move import ChecksBusy, check_move
from chess_analytics.engine.evaluation import EngineError, Score
from chess_analytics.jobs.engine_supply import EngineSource, EngineSupply
from chess_analytics.training.drill import DrillPosition

_LOG = logging.getLogger(__name__)

# Each waits in a thread of the server, which has forty of them for everybody.
MOST_WAITING = 6


class MoveChecks:
    """A `MoveCheck`: answers one after the other; any thread may ask. Its engine starts at need."""

    def __init__(self, source: EngineSource | None) -> None:
        self._supply = EngineSupply(source, 1) if source else None
        self._places = BoundedSemaphore(MOST_WAITING)

    def __call__(self, position: DrillPosition, uci: str) -> Score | None:
        """Evaluate a move; nothing where there is no engine, or it fails.

        Raises:
            ChecksBusy: so many wait already.
        """
        if self._supply is None:
            return None
        if not self._places.acquire(blocking=False):
            raise ChecksBusy("the engine checks other people's moves; try again in a moment")
        try:
            with self._supply.lend() as engine:
                return check_move(engine, position, uci)
        except EngineError as error:
            _LOG.warning("check.failed %s", error)
            return None
        finally:
            self._places.release()

    def close(self) -> None:
        """End the engine at once; who waits for it gets nothing."""
        if self._supply:
            self._supply.close()
