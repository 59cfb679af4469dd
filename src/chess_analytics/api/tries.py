"""Learn from a game's mistakes: try another move, and hear what it is worth."""

from http import HTTPStatus

from chess_analytics.actions.exports.drill_json import judged_object
from chess_analytics.actions.exports.stored_pgn import StoredGameUnreadable
from chess_analytics.actions.try_move import PlyUnknown, try_move
from chess_analytics.api import problems
from chess_analytics.api.drill_views import TriedMove, TryGiven
from chess_analytics.api.identity import Reader
from chess_analytics.api.move_checks import TheMoveCheck
from chess_analytics.api.problems import Problem
from chess_analytics.api.resources import TheStore
from chess_analytics.api.routes import Router
from chess_analytics.api.runs import GameId, RunId
from chess_analytics.review.judge import EvaluationsMissing
from chess_analytics.store.games import find_game
from chess_analytics.store.runs import evaluations_of_run, find_run

router = Router(
    tags=["training"],
    responses=problems.responses(
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.CONFLICT,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        HTTPStatus.SERVICE_UNAVAILABLE,
    ),
)


@router.post("/games/{game_id}/runs/{run_id}/tries")
def try_a_move(
    game_id: GameId,
    run_id: RunId,
    given: TryGiven,
    who: Reader,
    store: TheStore,
    check: TheMoveCheck,
) -> TriedMove:
    """Try another move in a reviewed game; nothing of it is kept.

    It is right if it gives away at most 3 points of winning chance against the best move. A move
    that the analysis has not looked at is checked by the server's engine.
    """
    with store.reading() as connection:
        game = find_game(connection, who.user_id, game_id)
        run = find_run(connection, who.user_id, run_id)
        if game is None or run is None or run.game_id != game_id:
            raise problems.not_found("analysis of this game")
        evaluations = evaluations_of_run(connection, run_id)
    try:
        judged, san = try_move(game, evaluations, check, ply=given.ply, text=given.move)
    except PlyUnknown as error:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from error
    except (StoredGameUnreadable, EvaluationsMissing) as error:
        raise Problem(HTTPStatus.CONFLICT, str(error), kind="not-to-be-reviewed") from error
    return TriedMove.model_validate(judged_object(judged, san))
