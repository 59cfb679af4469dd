"""What a move is worth that no analysis has looked at: one engine, one position, fixed nodes."""

from collections.abc import Callable

from chess_analytics.engine.evaluation import Engine, Score, SearchRequest
from chess_analytics.errors import ChessAnalyticsError
from chess_analytics.games.model import Variant
from chess_analytics.training.drill import DrillPosition

CHECK_NODES = 400_000
"""About half a second of one core; as much as a position in doubt gets in the profile standard."""


class ChecksBusy(ChessAnalyticsError):
    """Too many people wait for an engine's word already."""


MoveCheck = Callable[[DrillPosition, str], Score | None]
"""Who can be asked what a move is worth: an engine that is at hand, or a fake in tests.

Given a position and a legal move (UCI) that does not end the game, it gives the evaluation
afterwards, White's; nothing where no engine can be had. May raise `ChecksBusy`.
"""


def no_check(_position: DrillPosition, _uci: str) -> Score | None:
    """Stand for the engine where there is none."""
    return None


def check_move(engine: Engine, position: DrillPosition, uci: str) -> Score:
    """Ask an engine that has forgotten every game before, so that the same question has one answer.

    Raises:
        EngineError: the engine died, hung or babbled.
    """
    request = SearchRequest(
        position.fen,
        (),
        CHECK_NODES,
        chess960=position.variant is Variant.CHESS960,
        only=(uci,),
    )
    return engine.search(request).score
