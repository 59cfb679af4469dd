from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chess_analytics.engine.evaluation import Score
from chess_analytics.review.accuracy import (
    average_loss_cp,
    game_accuracies,
    move_accuracy,
    population_deviation,
    volatility_weights,
)
from chess_analytics.review.win_chance import LICHESS_CURVE

percents = st.floats(0, 100)


@pytest.mark.parametrize(
    ("cp", "accuracy"),
    [
        (0, 100.0),
        (300, 100.0),
        (-10, 96.95),
        (-50, 82.31),
        (-100, 67.24),
        (-200, 45.73),
        (-300, 32.40),
        (-500, 19.06),
        (-1000, 10.85),
    ],
)
def test_a_move_from_an_equal_position_has_the_accuracy_of_lichess(
    cp: int, accuracy: float
) -> None:
    after = LICHESS_CURVE.win_percent(Score(cp=cp))
    assert move_accuracy(50, after) == pytest.approx(accuracy, abs=0.005)


@given(percents, percents, percents)
def test_accuracy_falls_as_loss_grows(before: float, one: float, other: float) -> None:
    worse, better = sorted((one, other))
    assert move_accuracy(before, worse) <= move_accuracy(before, better)


@given(percents, percents)
def test_accuracy_depends_on_the_loss_only_and_stays_in_its_scale(
    before: float, after: float
) -> None:
    accuracy = move_accuracy(before, after)
    assert 0 <= accuracy <= 100
    assert accuracy == pytest.approx(move_accuracy(100, 100 - max(0, before - after)))


# The numbers of white and black were worked out by hand from the formulas.
@pytest.mark.parametrize(
    ("white_starts", "cps", "white", "black"),
    [
        (True, [15, 15], 100, 100),
        (True, [-900, -900], 10.66, 100),
        (True, [15, 900], 100, 12.30),
        (True, [-900, 0], 10.66, 11.46),
        (True, [15] * 20 + [-900], 46.85, 100),
        (True, [15] * 21 + [900], 100, 49.39),
        (True, [-50, 15] * 5, 77.38, 77.38),
        (True, [-50, 15] * 50, 77.38, 77.38),
        (True, [-135, 15] * 50, 55.00, 55.00),
        (True, [-435, 15] * 50, 20.69, 20.69),
        (False, [15, 15], 100, 100),
        (False, [900, 900], 100, 12.30),
        (False, [15, -900], 10.66, 100),
        (False, [900, 0], 11.46, 12.30),
    ],
)
def test_a_game_has_the_accuracies_of_lichess(
    white_starts: bool,  # noqa: FBT001 - a column of the table
    cps: Sequence[int],
    white: float,
    black: float,
) -> None:
    series = [LICHESS_CURVE.win_percent(Score(cp=cp)) for cp in [15, *cps]]
    accuracies = game_accuracies(series, white_starts=white_starts)
    assert accuracies == pytest.approx((white, black), abs=0.006)


def test_an_accuracy_of_nothing_counts_as_one_in_the_harmonic_mean() -> None:
    """From a mate for White to one for Black: a weighted mean of 0 and a harmonic one of 1."""
    assert game_accuracies([97.54, 2.46, 2.46], white_starts=True) == pytest.approx((0.5, 100))


@pytest.mark.parametrize("cps", [[], [15]])
def test_there_is_no_accuracy_before_both_sides_have_moved(cps: Sequence[int]) -> None:
    series = [LICHESS_CURVE.win_percent(Score(cp=cp)) for cp in [15, *cps]]
    assert game_accuracies(series, white_starts=True) is None


def test_the_deviation_is_of_the_population_and_not_of_a_sample() -> None:
    assert population_deviation([46, 69, 32, 60, 52, 41]) == pytest.approx(12.15, abs=0.005)


@pytest.mark.parametrize(("plies", "size"), [(2, 2), (29, 2), (30, 3), (79, 7), (80, 8), (300, 8)])
def test_windows_have_a_tenth_of_the_plies_between_two_and_eight(plies: int, size: int) -> None:
    """A jump at the last ply weighs on the moves whose window holds it, and on no other."""
    weights = volatility_weights([50.0] * plies + [100.0])
    assert len(weights) == plies
    assert weights[-1] == 12
    jump_first = volatility_weights([100.0] + [50.0] * plies)
    assert [weight > 0.5 for weight in jump_first] == [True] * (size - 1) + [False] * (
        plies - size + 1
    )


@given(st.lists(percents, min_size=3, max_size=120))
def test_weights_stay_between_their_bounds(series: list[float]) -> None:
    assert all(0.5 <= weight <= 12 for weight in volatility_weights(series))


@given(st.lists(percents, min_size=3, max_size=120), st.booleans())
def test_the_same_game_with_colours_swapped_swaps_the_accuracies(
    series: list[float],
    white_starts: bool,  # noqa: FBT001 - drawn
) -> None:
    ours = game_accuracies(series, white_starts=white_starts)
    swapped = game_accuracies([100 - value for value in series], white_starts=not white_starts)
    assert ours is not None
    assert swapped is not None
    assert swapped == pytest.approx((ours[1], ours[0]))


def test_average_loss_is_unrounded_and_absent_without_moves() -> None:
    assert average_loss_cp([10, 0, 5]) == 5
    assert average_loss_cp([1, 0]) == 0.5
    assert average_loss_cp([]) is None
