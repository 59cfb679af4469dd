"""How much more is lost in some moves than in all others, and how sure that is.

The difference of two ratios of sums over games, whose error is estimated from how games differ
(`confidence.py`); a game that has moves on both sides counts on both, so its part in the error of
the difference is taken together (linearisation: W. G. Cochran, *Sampling Techniques*, 6.3).
"""

import functools
from dataclasses import dataclass

import numpy as np

from chess_analytics.insights.confidence import Floats, student_t, two_sided_p

LEAST_MOVES = 50
LEAST_GAMES = 10
"""Below these, here or elsewhere, nothing is said."""
MOST_SHARE = 1 / 2
"""What holds of more of the moves than this is how somebody plays, and no part of it."""


@dataclass(frozen=True, slots=True)
class GameSums:
    """Moves that count, and the points of winning chance lost by them, game by game."""

    moves: Floats
    loss: Floats


@dataclass(frozen=True, slots=True)
class Excess:
    """What some moves cost more than the player's others do."""

    moves: int
    games: int
    loss: float
    """Points of winning chance lost a move, here."""
    elsewhere: float
    """The same of all other moves."""
    points: float
    """Excess loss: moves x (loss here - loss elsewhere)."""
    low: float
    """Ends of the 95 % confidence interval of the excess loss."""
    high: float
    p: float
    """How probable it would be to see so much, or more, if nothing more were lost here."""

    @property
    def difference(self) -> float:
        return self.loss - self.elsewhere

    @property
    def certainty(self) -> float:
        """Give the excess in widths of its interval; unlike p it still tells what is far beyond."""
        return self.points / (self.high - self.low)

    @property
    def error(self) -> float:
        """Give half the width of the interval of the difference, in points a move."""
        return (self.high - self.low) / 2 / self.moves


def excess(whole: GameSums, part: GameSums) -> Excess | None:
    """Compare a part of the moves with the rest; nothing where either is too small to tell."""
    rest = GameSums(whole.moves - part.moves, whole.loss - part.loss)
    moves, others = float(part.moves.sum()), float(rest.moves.sum())
    games, other_games = (int(np.count_nonzero(each.moves)) for each in (part, rest))
    if min(moves, others) < LEAST_MOVES or min(games, other_games) < LEAST_GAMES:
        return None
    if moves > MOST_SHARE * (moves + others):
        return None
    loss, elsewhere = float(part.loss.sum()) / moves, float(rest.loss.sum()) / others
    influence = (part.loss - loss * part.moves) / moves
    influence -= (rest.loss - elsewhere * rest.moves) / others
    fewest = min(games, other_games)
    error = float(np.sqrt(np.square(influence).sum() * fewest / (fewest - 1)))
    degrees = fewest - 1
    half = moves * error * _quantile(degrees)
    points = moves * (loss - elsewhere)
    return Excess(
        moves=int(moves),
        games=games,
        loss=loss,
        elsewhere=elsewhere,
        points=points,
        low=points - half,
        high=points + half,
        p=_more_p((loss - elsewhere) / error, degrees) if error > 0 else 1.0,
    )


@functools.lru_cache(maxsize=4096)
def _quantile(degrees: int) -> float:
    return float(student_t(np.array([float(degrees)]))[0])


def _more_p(t: float, degrees: int) -> float:
    half = two_sided_p(t, degrees) / 2
    return half if t > 0 else 1 - half
