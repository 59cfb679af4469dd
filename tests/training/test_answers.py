"""Right answers are several: whatever gives almost nothing away."""

import chess
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chess_analytics.engine.evaluation import Score
from chess_analytics.review.win_chance import LICHESS_CURVE
from chess_analytics.training.answers import ACCEPTED_LOSS, Verdict, judge_answer
from chess_analytics.training.drill import DrillPosition, KnownMove
from tests.review.evaluations import Value, score

START = DrillPosition.of(chess.Board())
BLACK = DrillPosition.of(chess.Board("4k3/8/8/8/8/8/r7/4K3 b - - 0 1"))


def judged(value: Value, best: Value, position: DrillPosition = START) -> Verdict:
    """Judge a move with this evaluation where the best one has that."""
    first, other = ("e2e4", "d2d4") if position is START else ("a2a3", "a2a4")
    known = {other: KnownMove(other, score(value))}
    return judge_answer(position, other, KnownMove(first, score(best)), known).verdict


def test_the_best_move_is_right_and_gives_nothing_away() -> None:
    found = judge_answer(START, "e2e4", KnownMove("e2e4", Score(cp=30)), {})
    assert (found.verdict, found.loss, found.score) == (Verdict.RIGHT, 0.0, Score(cp=30))


def test_a_move_that_nobody_has_evaluated_is_neither_right_nor_wrong() -> None:
    found = judge_answer(START, "d2d4", KnownMove("e2e4", Score(cp=30)), {})
    assert (found.verdict, found.loss, found.score) == (Verdict.UNKNOWN, None, None)


@pytest.mark.parametrize(
    ("value", "best", "verdict"),
    [
        (30, 30, Verdict.RIGHT),
        (0, 30, Verdict.RIGHT),
        (-10, 30, Verdict.WRONG),
        (500, 30, Verdict.RIGHT),
        # Won is won: a longer mate, or none where the game is decided.
        ("#9", "#2", Verdict.RIGHT),
        (1200, "#2", Verdict.RIGHT),
        (500, "#2", Verdict.WRONG),
        ("#-3", 30, Verdict.WRONG),
    ],
)
def test_a_move_is_right_within_a_small_loss(value: Value, best: Value, verdict: Verdict) -> None:
    assert judged(value, best) is verdict


def test_losses_are_the_movers() -> None:
    assert judged(-300, -310, BLACK) is Verdict.RIGHT
    assert judged(-100, -310, BLACK) is Verdict.WRONG
    assert judged(-900, -310, BLACK) is Verdict.RIGHT


@given(st.integers(-1500, 1500), st.integers(-1500, 1500))
def test_the_threshold_is_a_loss_of_winning_chance(value: int, best: int) -> None:
    loss = LICHESS_CURVE.win_percent(Score(cp=best)) - LICHESS_CURVE.win_percent(Score(cp=value))
    assert (judged(value, best) is Verdict.RIGHT) == (loss <= ACCEPTED_LOSS)


def test_mates_and_dead_draws_need_no_engine() -> None:
    mating = DrillPosition.of(chess.Board("7k/R7/6K1/8/8/8/8/8 w - - 0 1"))
    best = KnownMove("a7b7", Score(mate=2))
    mate = judge_answer(mating, "a7a8", best, {})
    assert (mate.verdict, mate.score) == (Verdict.RIGHT, None)
    stalemating = DrillPosition.of(chess.Board("7k/8/5KQ1/8/8/8/8/8 w - - 0 1"))
    given = judge_answer(stalemating, "g6f7", KnownMove("g6g7", Score(mate=1)), {})
    assert (given.verdict, given.score) == (Verdict.WRONG, Score(cp=0))
    assert given.loss == pytest.approx(47.5, abs=0.1)
