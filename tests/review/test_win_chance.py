import pytest
from hypothesis import given
from hypothesis import strategies as st

from chess_analytics.engine.evaluation import Score
from chess_analytics.games.model import Side
from chess_analytics.review.win_chance import (
    LICHESS_CURVE,
    LICHESS_CURVE_2020,
    START_SCORE,
    capped_cp,
    mover_score,
)
from tests.review.evaluations import Value, score, scores


@pytest.mark.parametrize(
    ("value", "percent"),
    [
        (0, 50.0),
        (50, 54.59),
        (100, 59.10),
        (200, 67.62),
        (300, 75.11),
        (500, 86.31),
        (700, 92.94),
        (-500, 13.69),
        (1000, 97.54),
        (-1000, 2.46),
        (4000, 97.54),
        ("#1", 97.54),
        ("#30", 97.54),
        ("#-2", 2.46),
    ],
)
def test_an_evaluation_has_the_winning_chance_that_lichess_gives_it(
    value: Value, percent: float
) -> None:
    assert LICHESS_CURVE.win_percent(score(value)) == pytest.approx(percent, abs=0.005)


def test_the_start_is_a_small_edge_for_white() -> None:
    assert LICHESS_CURVE.win_percent(START_SCORE) == pytest.approx(51.38, abs=0.005)


def test_the_older_curve_is_steeper() -> None:
    assert LICHESS_CURVE_2020.win_percent(Score(cp=100)) == pytest.approx(59.87, abs=0.005)


@given(scores)
def test_what_one_side_has_the_other_has_not(given_score: Score) -> None:
    white = LICHESS_CURVE.win_percent(mover_score(given_score, Side.WHITE))
    black = LICHESS_CURVE.win_percent(mover_score(given_score, Side.BLACK))
    assert white + black == pytest.approx(100)


@given(st.integers(-3000, 3000), st.integers(-3000, 3000))
def test_more_centipawns_are_never_a_smaller_chance(one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert LICHESS_CURVE.win_percent(Score(cp=low)) <= LICHESS_CURVE.win_percent(Score(cp=high))


@given(st.integers(-(10**9), 10**9))
def test_chances_stay_in_their_scale_however_large_the_evaluation(cp: int) -> None:
    assert -1 <= LICHESS_CURVE.chances(cp) <= 1


@pytest.mark.parametrize(
    ("value", "cp"), [(999, 999), (1001, 1000), (-5000, -1000), ("#-1", -1000)]
)
def test_centipawns_are_capped_and_a_mate_is_the_cap(value: Value, cp: int) -> None:
    assert capped_cp(score(value)) == cp
