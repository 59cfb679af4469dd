"""How a metric moves over time: a smoothed line with its band, and when it changed.

The line is a local linear fit (as in loess) over the games in the order of play: around each game
its neighbours count with Epanechnikov's weights, so that busy months and long breaks are smoothed
alike. A metric of moves is fitted as a ratio of sums over games. The band is pointwise, 95 %, from
how the games around differ from the line (the «sandwich» variance); it is no band for the whole
line at once. Whether something changed is told by `change_points.py`, not by the line's wiggles.
"""

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from chess_analytics.insights.change_points import ChangePoint, change_points
from chess_analytics.insights.confidence import student_t
from chess_analytics.insights.frames import Facts
from chess_analytics.insights.loss_table import Span
from chess_analytics.insights.measured import Rows
from chess_analytics.insights.metric import Kind, Metric
from chess_analytics.insights.metrics import METRICS
from chess_analytics.insights.question import QuestionRefused
from chess_analytics.insights.selection import Floats, select

LEAST_GAMES = 20
MOST_POINTS = 60
# A window holds so many games, or this share of all, whichever is more.
_LEAST_WINDOW = 40
_WINDOW_SHARE = 0.2
_PERCENT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendAsked:
    """Which metric, of which games and moves."""

    metric: str
    span: Span = field(default_factory=Span)
    points: int = MOST_POINTS
    """Of the line; fewer where there are fewer games."""
    seed: int = 1
    """Of the permutations by which changes are tested."""


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """The smoothed metric around one game."""

    at_ms: int
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Trend:
    """A metric over time."""

    metric: Metric
    points: tuple[TrendPoint, ...]
    """None where there are fewer than 20 games."""
    changes: tuple[ChangePoint, ...]
    """Only those that are significant; in the order of time."""
    games: int
    window_games: int
    """Games that stand behind each point."""


@dataclass(frozen=True, slots=True)
class _Series:
    """What counts in each game, in the order of play."""

    at_ms: Rows
    x: Floats
    y: Floats


def trend(facts: Facts, asked: TrendAsked) -> Trend:
    """Smooth a metric over time, and say when it changed.

    Raises:
        QuestionRefused: the question names something that does not exist, or a metric that has
            several parts and so no line of its own.
    """
    known = METRICS.get(asked.metric)
    if known is not None and known.kind is Kind.SHARES:
        single = (key for key, each in METRICS.items() if each.kind is not Kind.SHARES)
        raise QuestionRefused(f"the metric {known.key!r} has parts, and no trend", single)
    metric, series = _gather(facts, asked)
    games = len(series.x)
    window = min(games, max(_LEAST_WINDOW, round(games * _WINDOW_SHARE)))
    if games < LEAST_GAMES:
        return Trend(metric, (), (), games, window)
    places = np.unique(np.linspace(0, games - 1, min(asked.points, games)).round().astype(np.int64))
    scale = 1 if metric.kind is Kind.MEAN else _PERCENT
    line = [_point(series, int(place), window, scale=scale) for place in places]
    changes = change_points(series.at_ms, series.x, scale * series.y, seed=asked.seed)
    return Trend(metric, tuple(line), changes, games, window)


def _gather(facts: Facts, asked: TrendAsked) -> tuple[Metric, _Series]:
    selection = select(facts, asked.span.question(asked.metric))
    of_games = len(selection.value) == len(selection.games) and selection.metric.level == "games"
    if of_games:
        keep = selection.games & ~np.isnan(selection.value)
        game = np.flatnonzero(keep)
        value = selection.value[keep]
    else:
        keep = selection.games[selection.game_of_move] & ~np.isnan(selection.value)
        if selection.moves is not None:
            keep &= selection.moves
        game, value = selection.game_of_move[keep], selection.value[keep]
    x = np.bincount(game, minlength=len(selection.games)).astype(np.float64)
    y = np.bincount(game, weights=value, minlength=len(selection.games)).astype(np.float64)
    played = facts.games["played_ms"]
    used = (x > 0) & played.is_not_null().to_numpy()
    at_ms = played.filter(pl.Series(used)).to_numpy().astype(np.int64)
    return selection.metric, _Series(at_ms, x[used], y[used])


def _point(series: _Series, place: int, window: int, *, scale: int) -> TrendPoint:
    """Fit a line through the games around one, each weighing as much as is counted in it."""
    first = min(max(place - window // 2, 0), len(series.x) - window)
    near = slice(first, first + window)
    x, y = series.x[near], series.y[near]
    away = np.arange(first, first + window, dtype=np.float64) - place
    reach = float(np.abs(away).max()) + 1
    weight = 1 - np.square(away / reach)
    s0, s1, s2 = (float((weight * x * away**power).sum()) for power in range(3))
    spread = s0 * s2 - s1**2
    level = weight * (s2 - s1 * away) / spread
    slope = weight * (s0 * away - s1) / spread
    value = float((level * y).sum())
    fitted = x * (value + float((slope * y).sum()) * away)
    effective = float(weight.sum()) ** 2 / float(np.square(weight).sum())
    variance = float(np.square(level * (y - fitted)).sum()) * effective / (effective - 2)
    half = float(student_t(np.array([effective - 2]))[0]) * float(np.sqrt(variance))
    low, high = scale * (value - half), scale * (value + half)
    value *= scale
    if scale == _PERCENT:
        value, low, high = (min(max(each, 0.0), 100.0) for each in (value, low, high))
    return TrendPoint(int(series.at_ms[place]), value, low, high)
