"""A number with its interval and what it rests on, for many groups of moves or games at once."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from chess_analytics.insights.confidence import Floats, Sums, mean_interval, rate_interval

Rows = npt.NDArray[np.signedinteger[Any]]
"""Rows of a table, or numbers of groups, of any width."""

_PERCENT = 100


@dataclass(frozen=True, slots=True)
class Measured:
    """An average or a rate, its 95 % confidence interval, and how much stands behind it."""

    value: float
    low: float | None
    """Absent where one game alone tells nothing of how games differ."""
    high: float | None
    count: int
    """Moves, or games, that count."""
    games: int


def sum_groups(group: Rows, game: Rows, value: Floats, groups: int) -> Sums:
    """Sum values within each game, and these over the games of each of so many groups."""
    games = int(game.max(initial=0)) + 1
    key, row = np.unique(group.astype(np.int64) * games + game, return_inverse=True)
    x = np.bincount(row, minlength=len(key)).astype(np.float64)
    y = np.bincount(row, weights=value, minlength=len(key)).astype(np.float64)
    cell = key // games
    ones, xs, ys, xx, xy, yy = (
        np.bincount(cell, weights=each, minlength=groups).astype(np.float64)
        for each in (np.ones_like(x), x, y, x * x, x * y, y * y)
    )
    return Sums(games=ones, x=xs, y=ys, xx=xx, xy=xy, yy=yy)


def means(sums: Sums) -> list[Measured | None]:
    """Give the average of each group; nothing for an empty one."""
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = mean_interval(sums)
        return _measured(sums, sums.ratio(), low, high)


def rates(sums: Sums) -> list[Measured | None]:
    """Give the rate of each group in percent; nothing for an empty one."""
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = rate_interval(sums)
        return _measured(sums, _PERCENT * sums.ratio(), _PERCENT * low, _PERCENT * high)


def mean_of(game: Rows, value: Floats) -> Measured | None:
    """Give the average of values that belong to games; what is not a number does not count."""
    return means(_one_group(game, value))[0]


def rate_of(game: Rows, value: Floats) -> Measured | None:
    """Give the rate of values from 0 to 1, in percent; what is not a number does not count."""
    return rates(_one_group(game, value))[0]


def _one_group(game: Rows, value: Floats) -> Sums:
    counts = ~np.isnan(value)
    return sum_groups(np.zeros_like(game[counts]), game[counts], value[counts], 1)


def _measured(sums: Sums, value: Floats, low: Floats, high: Floats) -> list[Measured | None]:
    rows = zip(
        *(each.tolist() for each in (value, low, high, sums.x, sums.games)),
        strict=True,
    )
    return [
        Measured(one, least, most, int(count), int(games))
        if games > 1
        else Measured(one, None, None, int(count), int(games))
        if games
        else None
        for one, least, most, count, games in rows
    ]
