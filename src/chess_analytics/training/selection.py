"""Which moves of a reviewed game become drills; docs/concepts/training.md says it in words."""

from collections.abc import Iterator, Sequence

from chess_analytics.engine.evaluation import Evaluation
from chess_analytics.games.model import Side
from chess_analytics.review.judge import Review
from chess_analytics.review.judged_move import JudgedMove
from chess_analytics.review.judgment import Judgment
from chess_analytics.review.replay import Replay, Step
from chess_analytics.review.thresholds import Thresholds
from chess_analytics.training.drill import DrillPosition, KnownMove, Mistake

# All in percent of winning chance, from the side of the player.
LOST_BELOW = 30.0
"""Where even the best move leads to less, the game was lost before: nothing was missed."""
WON_FROM = 80.0
"""Where the move that was played leads to more, the game is won all the same."""


def find_mistakes(
    played: Replay, review: Review, evaluations: Sequence[Evaluation | None], side: Side
) -> list[Mistake]:
    """Find the moves of one side that make drills, in the order of play.

    ``evaluations`` are those that the review was made of. In a position that came twice the first
    move alone counts.
    """
    found: dict[DrillPosition, Mistake] = {}
    for step, move in zip(played.steps, review.moves, strict=True):
        if move.side is side and _is_drill(move, review.thresholds):
            mistake = _mistake(step, move, evaluations[move.ply - 1])
            found.setdefault(mistake.position, mistake)
    return list(found.values())


def _is_drill(move: JudgedMove, thresholds: Thresholds) -> bool:
    # A win that was missed is among them: it costs at least as much.
    if move.judgment not in (Judgment.MISTAKE, Judgment.BLUNDER) or move.best in (None, move.uci):
        return False
    is_open = move.win_before >= LOST_BELOW and move.win_after < WON_FROM
    # A judgment may rest on a mate; a drill needs a difference that can be seen.
    return is_open and move.loss >= thresholds.mistake


def _mistake(step: Step, move: JudgedMove, before: Evaluation | None) -> Mistake:
    assert move.best is not None  # noqa: S101 - see `_is_drill`
    assert move.judgment is not None  # noqa: S101
    return Mistake(
        position=DrillPosition.of(step.board),
        ply=move.ply,
        judgment=move.judgment,
        loss=move.loss,
        played=KnownMove(move.uci, move.score),
        best=KnownMove(move.best, move.score_before),
        line=move.better_line,
        nodes=before.nodes if before else 0,
        others=tuple(_others(before, {move.uci, move.best})),
    )


def _others(before: Evaluation | None, named: set[str]) -> Iterator[KnownMove]:
    second = before.second if before else None
    if second and second.moves and second.moves[0] not in named:
        yield KnownMove(second.moves[0], second.score)
