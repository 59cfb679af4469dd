"""Trends: the line follows, its band covers, and changes are named only where there are any."""

import numpy as np
import pytest

from chess_analytics.insights.change_points import change_points
from chess_analytics.insights.loss_table import Span
from chess_analytics.insights.question import Filter, QuestionRefused
from chess_analytics.insights.trends import TrendAsked, trend
from tests.insights.synthetic import Weakness, synthetic_player


def test_a_change_is_named_when_it_came() -> None:
    plain = synthetic_player(21, games=300)
    moment = plain.games["played_ms"][180]
    facts = synthetic_player(21, games=300, weakness=Weakness(since_ms=moment))
    (change,) = trend(facts, TrendAsked(metric="loss")).changes
    began = facts.games["played_ms"].to_list()
    assert abs(began.index(change.at_ms) - 180) <= 15
    assert change.after > change.before
    assert 0 < change.low < change.after - change.before < change.high
    assert change.p <= 0.025


def test_games_without_a_change_name_one_in_twenty_times_at_most() -> None:
    random = np.random.default_rng(4)
    named = 0
    for seed in range(120):
        moves = random.integers(15, 50, 60).astype(np.float64)
        lost = random.gamma(4, 0.25, 60) * random.gamma(moves, 2.5)
        named += bool(change_points(np.arange(60), moves, lost, seed=seed))
    # 5 % of 120 are 6; chance adds 5 to that at the most in a hundred such samples.
    assert named <= 11


def test_a_straight_line_stays_one() -> None:
    # Whole games of the same length, worse by the same amount each: the fit has nothing to smooth.
    facts = synthetic_player(3, games=80)
    line = trend(facts, TrendAsked(metric="opponent_rating"))
    ramp = facts.games.with_columns(opponent_rating=np.arange(1500, 1580, dtype=np.int16))
    straight = trend(type(facts)(ramp, facts.moves), TrendAsked(metric="opponent_rating"))
    began = ramp["played_ms"].to_list()
    for point in straight.points:
        assert point.value == pytest.approx(1500 + began.index(point.at_ms))
        assert point.low == pytest.approx(point.value, abs=1e-6)
    assert line.window_games == 40
    assert line.points[0].low < line.points[0].value < line.points[0].high


def test_the_band_covers_the_truth_nineteen_times_in_twenty() -> None:
    covered = total = 0
    for seed in range(25):
        facts = synthetic_player(seed, games=120)
        random = np.random.default_rng(seed)
        truth = 1500 + np.arange(120)
        drawn = (truth + random.normal(0, 60, 120)).round().astype(np.int16)
        games = facts.games.with_columns(opponent_rating=drawn)
        line = trend(
            type(facts)(games, facts.moves), TrendAsked(metric="opponent_rating", points=5)
        )
        began = games["played_ms"].to_list()
        for point in line.points:
            covered += point.low <= truth[began.index(point.at_ms)] <= point.high
            total += 1
    assert 0.88 <= covered / total <= 0.99


def test_a_trend_keeps_to_its_filters_and_within_what_a_rate_can_be() -> None:
    facts = synthetic_player(6, games=150)
    span = Span(filters=(Filter("phase", ("opening",)),))
    line = trend(facts, TrendAsked(metric="blunder_rate", span=span))
    assert len(line.points) == 60
    assert all(0 <= point.low <= point.value <= point.high <= 100 for point in line.points)
    whites = trend(
        facts, TrendAsked(metric="score", span=Span(filters=(Filter("color", ("white",)),)))
    )
    assert whites.games == (facts.games["color"] == "white").sum()


def test_few_games_have_no_line_and_shares_no_trend() -> None:
    few = trend(synthetic_player(1, games=19), TrendAsked(metric="score"))
    assert (few.points, few.changes, few.games) == ((), (), 19)
    with pytest.raises(QuestionRefused, match="has parts"):
        trend(synthetic_player(1, games=30), TrendAsked(metric="results"))
    with pytest.raises(QuestionRefused, match="there is no metric"):
        trend(synthetic_player(1, games=30), TrendAsked(metric="luckiness"))
