"""Intervals cover what they say they do, and many comparisons find little that is not there."""

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chess_analytics.insights.confidence import (
    Floats,
    Sums,
    benjamini_hochberg,
    mean_interval,
    rate_interval,
    student_t,
    two_sided_p,
    wilson,
)

# The quantiles of Student's t for 2.5 % above, as in every table of them.
_TABLE = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 10: 2.228, 30: 2.042, 120: 1.980}
_TRIALS = 2000


def _sums(x: Floats, y: Floats) -> Sums:
    """Sum trials (rows) over games (columns)."""
    return Sums(
        games=(x > 0).sum(axis=1).astype(np.float64),
        x=x.sum(axis=1),
        y=y.sum(axis=1),
        xx=(x * x).sum(axis=1),
        xy=(x * y).sum(axis=1),
        yy=(y * y).sum(axis=1),
    )


def _coverage(interval: tuple[Floats, Floats], truth: float) -> float:
    low, high = interval
    return float(np.mean((low <= truth) & (truth <= high)))


def test_quantiles_are_those_of_the_tables() -> None:
    degrees = np.array(list(_TABLE), dtype=np.float64)
    assert student_t(degrees) == pytest.approx(list(_TABLE.values()), rel=2e-3)
    assert np.isnan(student_t(np.array([0.0]))).all()


@pytest.mark.parametrize(("degrees", "t"), _TABLE.items())
def test_the_probability_of_such_a_quantile_is_five_percent(degrees: int, t: float) -> None:
    if degrees >= 3:
        assert two_sided_p(t, degrees) == pytest.approx(0.05, abs=0.002)


def test_wilson_gives_the_published_interval() -> None:
    # R. G. Newcombe, Statistics in Medicine 17 (1998), table I: 81 of 263, 15 of 148, 0 of 20.
    for hits, of, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605)):
        ends = wilson(np.array([hits / of]), np.array([float(of)]))
        assert [end[0] for end in ends] == pytest.approx([low, high], abs=1e-4)
    low_end, high_end = wilson(np.array([0.0]), np.array([20.0]))
    assert (low_end[0], high_end[0]) == pytest.approx((0.0, 0.1611), abs=1e-4)


@pytest.mark.parametrize("games", [6, 15, 60])
def test_means_over_moves_of_games_that_differ_are_covered(games: int) -> None:
    rng = np.random.default_rng(games)
    moves = (rng.poisson(30, (_TRIALS, games)) + 5).astype(np.float64)
    # Games differ in their mean by as much as a move differs from its game.
    game_means = rng.normal(10, 3, (_TRIALS, games))
    y = (moves * game_means + rng.normal(0, 3 * np.sqrt(moves))).astype(np.float64)
    assert _coverage(mean_interval(_sums(moves, y)), 10) == pytest.approx(0.95, abs=0.025)


@pytest.mark.parametrize("games", [10, 40, 150])
@pytest.mark.parametrize("rate", [0.03, 0.2])
def test_rates_over_moves_of_games_that_differ_are_covered(games: int, rate: float) -> None:
    rng = np.random.default_rng([games, int(rate * 100)])
    moves = rng.poisson(30, (_TRIALS, games)) + 5
    # In some games a player errs twice as often as in others.
    of_game = rng.choice([2 / 3, 4 / 3], (_TRIALS, games)) * rate
    y = rng.binomial(moves, of_game).astype(np.float64)
    covered = _coverage(rate_interval(_sums(moves.astype(np.float64), y)), rate)
    assert 0.93 <= covered <= 0.99


def test_an_interval_that_takes_moves_for_independent_covers_too_little() -> None:
    """It is for this that games are what is sampled."""
    rng = np.random.default_rng(7)
    moves = np.full((_TRIALS, 40), 35.0)
    of_game = rng.choice([0.0, 0.4], (_TRIALS, 40))
    y = rng.binomial(35, of_game).astype(np.float64)
    sums = _sums(moves, y)
    naive = wilson(sums.ratio(), sums.x)
    assert _coverage(naive, 0.2) < 0.5
    assert _coverage(rate_interval(sums), 0.2) >= 0.93


@pytest.mark.parametrize(("games", "rate"), [(10, 0.5), (40, 0.1), (200, 0.5)])
def test_rates_over_games_are_covered(games: int, rate: float) -> None:
    rng = np.random.default_rng(games)
    y = (rng.random((_TRIALS, games)) < rate).astype(np.float64)
    covered = _coverage(rate_interval(_sums(np.ones_like(y), y)), rate)
    assert 0.92 <= covered <= 0.99


def test_draws_make_a_score_no_less_sure() -> None:
    rng = np.random.default_rng(3)
    y = rng.choice([0.0, 0.5, 1.0], (_TRIALS, 50), p=[0.4, 0.2, 0.4])
    assert _coverage(rate_interval(_sums(np.ones_like(y), y)), 0.5) >= 0.94


@given(st.lists(st.tuples(st.integers(1, 60), st.floats(0, 1)), min_size=1, max_size=30))
def test_rates_and_their_intervals_stay_within_bounds(games: list[tuple[int, float]]) -> None:
    x = np.array([[float(moves) for moves, _ in games]])
    y = np.array([[float(round(moves * share)) for moves, share in games]])
    sums = _sums(x, y)
    low, high = rate_interval(sums)
    if len(games) > 1:
        rate = sums.ratio()[0]
        assert 0 <= low[0] <= rate + 1e-9
        assert rate - 1e-9 <= high[0] <= 1


def test_no_error_in_many_moves_is_still_not_certain() -> None:
    x, y = np.full((1, 10), 30.0), np.zeros((1, 10))
    low, high = rate_interval(_sums(x, y))
    assert low[0] == pytest.approx(0, abs=1e-12)
    assert 0 < high[0] < 0.05


def test_adjusted_values_are_those_of_a_worked_example() -> None:
    # Y. Benjamini and Y. Hochberg (1995), section 3.2: of these fifteen, four are below 5 %.
    p_values = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
        0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0,
    ]  # fmt: skip
    adjusted = benjamini_hochberg(p_values)
    assert sum(each <= 0.05 for each in adjusted) == 4
    assert adjusted[0] == pytest.approx(0.0015)
    assert benjamini_hochberg([]) == []


@given(st.lists(st.floats(0, 1), max_size=40))
def test_adjusting_keeps_the_order_and_never_makes_surer(p_values: list[float]) -> None:
    adjusted = benjamini_hochberg(p_values)
    ranked = [each for _, each in sorted(zip(p_values, adjusted, strict=True))]
    assert ranked == sorted(ranked)
    assert all(p <= q <= 1 for p, q in zip(p_values, adjusted, strict=True))


def test_among_comparisons_of_nothing_a_find_is_rare() -> None:
    rng = np.random.default_rng(11)
    normal = NormalDist()
    found = 0
    for _ in range(400):
        z = rng.normal(0, 1, 20)
        p_values = [2 * normal.cdf(-abs(float(each))) for each in z]
        found += any(each <= 0.05 for each in benjamini_hochberg(p_values))
    # Five percent of 400, and three standard errors.
    assert found / 400 <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / 400)
