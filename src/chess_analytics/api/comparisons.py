"""Two analyses of one game beside each other: which judgments changed."""

from http import HTTPStatus

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from chess_analytics.actions.exports.library_json import move_object, run_object
from chess_analytics.api import problems
from chess_analytics.api.identity import Reader
from chess_analytics.api.routes import Reading, Router
from chess_analytics.api.runs import GameId, Move, Run, RunId
from chess_analytics.review.comparison import compare_judgments
from chess_analytics.review.judgment import Judgment
from chess_analytics.store.moves import moves_of_run
from chess_analytics.store.runs import GameRun, find_run

router = Router(
    tags=["runs"],
    responses=problems.responses(
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    ),
)


class JudgmentCounts(BaseModel):
    """How many moves got which judgment."""

    model_config = ConfigDict(frozen=True)

    inaccuracy: int
    mistake: int
    blunder: int


class ChangedMove(BaseModel):
    """A move that the two analyses judge differently."""

    model_config = ConfigDict(frozen=True)

    ply: int
    before: Move = Field(description="As the first one saw it.")
    after: Move = Field(description="As the second one saw it.")


class RunComparison(BaseModel):
    """What the second of two analyses says differently."""

    model_config = ConfigDict(frozen=True)

    before: Run
    after: Run
    moves: int = Field(description="How many moves both have judged.")
    agreed: float = Field(description="Percent of them that got the same judgment, or none twice.")
    counts_before: JudgmentCounts
    counts_after: JudgmentCounts
    changed: list[ChangedMove] = Field(description="In the order of play.")


@router.get("/games/{game_id}/runs/{run_id}/compare/{other_run_id}")
def compare_runs(
    game_id: GameId, run_id: RunId, other_run_id: RunId, who: Reader, reading: Reading
) -> RunComparison:
    """Compare two analyses of a game: which moves are judged differently.

    The first is taken for the one before, the second for the one after; both stay as they are.
    """
    before = _run(reading, who.user_id, game_id, run_id)
    after = _run(reading, who.user_id, game_id, other_run_id)
    found = compare_judgments(moves_of_run(reading, before.id), moves_of_run(reading, after.id))
    changed = [
        {"ply": one.ply, "before": move_object(one), "after": move_object(other)}
        for one, other in found.changed
    ]
    return RunComparison(
        before=Run.model_validate(run_object(before)),
        after=Run.model_validate(run_object(after)),
        moves=found.moves,
        agreed=found.agreed,
        counts_before=JudgmentCounts(**{str(word): found.before[word] for word in Judgment}),
        counts_after=JudgmentCounts(**{str(word): found.after[word] for word in Judgment}),
        changed=[ChangedMove.model_validate(move) for move in changed],
    )


def _run(reading: Connection, user_id: int, game_id: int, run_id: int) -> GameRun:
    run = find_run(reading, user_id, run_id)
    if run is None or run.game_id != game_id:
        raise problems.not_found("analysis of this game")
    return run
