"""When a number changed: moments that are named only when chance hardly explains them.

Binary segmentation: over the games in order of play, the greatest standardised sum of deviations
from the average (CUSUM; E. S. Page, Biometrika 41, 1954, 100-115) is compared with what it is when
the games are shuffled; where it is greater than all but few, the games are split there, and both
parts are looked at again. The level is 5 % for all tests of a trend together: half is spent on
the first, half of what remains on the two next, and so on. A slow drift is also called a change.

Beyond 400 games neighbours are shuffled together, in at most 400 blocks, so that a streak counts
for less than games that are far apart.
"""

import math
from dataclasses import dataclass

import numpy as np

from chess_analytics.insights.confidence import student_t
from chess_analytics.insights.measured import Rows
from chess_analytics.insights.selection import Floats

LEVEL = 0.05
LEAST_GAMES = 15
"""On each side of a change."""
_DEPTH = 3
_SHUFFLES = 1999
_BLOCKS = 400


@dataclass(frozen=True, slots=True)
class ChangePoint:
    """A moment from which on a metric was another."""

    at_ms: int
    """When the first game after the change was played."""
    before: float
    """The metric from the change before, or the beginning, on."""
    after: float
    """The metric until the next change, or the end."""
    low: float
    """Ends of the 95 % confidence interval of the difference, for a change at that moment."""
    high: float
    p: float
    """How often shuffled games look as much like a change, or more."""


@dataclass(frozen=True, slots=True)
class _Split:
    at: int
    p: float


def change_points(at_ms: Rows, x: Floats, y: Floats, *, seed: int) -> tuple[ChangePoint, ...]:
    """Find the changes of y for each x; games come in the order of play."""
    random = np.random.default_rng(seed)
    splits = sorted(_splits(x, y, (0, len(x)), random=random), key=lambda split: split.at)
    edges = [0, *(split.at for split in splits), len(x)]
    return tuple(
        _describe(at_ms, x, y, edges=(edges[place], split.at, edges[place + 2]), p=split.p)
        for place, split in enumerate(splits)
    )


def _splits(
    x: Floats, y: Floats, part: tuple[int, int], *, random: np.random.Generator, depth: int = 0
) -> list[_Split]:
    first, end = part
    if depth == _DEPTH or end - first < 2 * LEAST_GAMES:
        return []
    at, p = _test(x[first:end], y[first:end], random)
    # All tests of one depth share half of what is left: 2 ** depth of them.
    if p > LEVEL / 2 ** (2 * depth + 1):
        return []
    at += first
    return [
        _Split(at, p),
        *_splits(x, y, (first, at), random=random, depth=depth + 1),
        *_splits(x, y, (at, end), random=random, depth=depth + 1),
    ]


def _test(x: Floats, y: Floats, random: np.random.Generator) -> tuple[int, float]:
    """Give where a change is most likely, and how often chance looks like it."""
    deviation = y - y.sum() / x.sum() * x
    blocks = min(_BLOCKS, len(x))
    edges = np.linspace(0, len(x), blocks + 1).round().astype(np.int64)
    summed = np.add.reduceat(deviation, edges[:-1])
    margin = max(1, math.ceil(LEAST_GAMES * blocks / len(x)))
    places = np.arange(margin, blocks - margin + 1)
    scale = np.sqrt(places * (blocks - places))
    seen = np.abs(np.cumsum(summed)[places - 1]) / scale
    best = int(seen.argmax())
    shuffled = random.permuted(np.tile(summed, (_SHUFFLES, 1)), axis=1)
    chance = (np.abs(np.cumsum(shuffled, axis=1)[:, places - 1]) / scale).max(axis=1)
    beaten = int(np.count_nonzero(chance >= seen[best] - 1e-12))
    return int(edges[places[best]]), (1 + beaten) / (1 + _SHUFFLES)


def _describe(
    at_ms: Rows, x: Floats, y: Floats, *, edges: tuple[int, int, int], p: float
) -> ChangePoint:
    first, at, end = edges
    before, error_before = _ratio(x[first:at], y[first:at])
    after, error_after = _ratio(x[at:end], y[at:end])
    degrees = float(min(at - first, end - at) - 1)
    half = float(student_t(np.array([degrees]))[0]) * math.hypot(error_before, error_after)
    change = after - before
    return ChangePoint(int(at_ms[at]), before, after, change - half, change + half, p)


def _ratio(x: Floats, y: Floats) -> tuple[float, float]:
    """Give y for each x, and its standard error."""
    ratio, games = float(y.sum() / x.sum()), len(x)
    spread = float(np.square(y - ratio * x).sum())
    return ratio, math.sqrt(spread * games / (games - 1)) / float(x.sum())
