"""Which moves of a reviewed game become drills; docs/concepts/training.md says it in words."""

from collections.abc import Iterator, Sequence

from chess_analytics.engine.evaluation import Evaluation
from chess_analytics.games.model import Side
from chess_analytics.review.case import Case
from chess_analytics.review.judged_move import LINE_PLIES
from chess_analytics.review.judgment import Judgment
from chess_analytics.review.thresholds import Thresholds
from chess_analytics.training.drill import DrillPosition, KnownMove, Mistake

# All in percent of winning chance, from the side of the player.
LOST_BELOW = 30.0
"""Where even the best move leads to less, the game was lost before: nothing was missed."""
WON_FROM = 80.0
"""Where the move that was played leads to more, the game is won all the same."""


def find_mistakes(cases: Sequence[Case], side: Side, thresholds: Thresholds) -> list[Mistake]:
    """Find the moves of one side that make drills, in the order of play.

    In a position that came twice the first move alone counts.
    """
    found: dict[DrillPosition, Mistake] = {}
    for case in cases:
        if case.step.side is side and _is_drill(case, thresholds):
            mistake = _mistake(case)
            found.setdefault(mistake.position, mistake)
    return list(found.values())


def _is_drill(case: Case, thresholds: Thresholds) -> bool:
    # A win that was missed is among them: it costs at least as much. Whoever played the best move
    # was never judged.
    if case.best is None or case.verdict is None:
        return False
    if case.verdict.judgment not in (Judgment.MISTAKE, Judgment.BLUNDER):
        return False
    cost = case.cost
    is_open = cost.win_before >= LOST_BELOW and cost.win_after < WON_FROM
    # A judgment may rest on a mate; a drill needs a difference that can be seen.
    return is_open and cost.loss >= thresholds.mistake


def _mistake(case: Case) -> Mistake:
    step, before = case.step, case.before
    assert case.best is not None  # noqa: S101 - see `_is_drill`
    assert case.verdict is not None  # noqa: S101
    best = step.board.uci(case.best)
    return Mistake(
        position=DrillPosition.of(step.board),
        ply=step.ply,
        judgment=case.verdict.judgment,
        loss=case.cost.loss,
        played=KnownMove(step.uci, case.score_after),
        best=KnownMove(best, case.score_before),
        line=before.line.moves[:LINE_PLIES] if before else (),
        nodes=before.nodes if before else 0,
        others=tuple(_others(before, {step.uci, best})),
    )


def _others(before: Evaluation | None, named: set[str]) -> Iterator[KnownMove]:
    second = before.second if before else None
    if second and second.moves and second.moves[0] not in named:
        yield KnownMove(second.moves[0], second.score)
