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
    [found] = excesses(whole, GameSums(part.moves[np.newaxis], part.loss[np.newaxis]))
    return found


def excesses(whole: GameSums, parts: GameSums) -> list[Excess | None]:
    """Compare many parts, each with its rest; ``parts`` has a row for each, games as columns."""
    moves = parts.moves.sum(axis=1)
    others = whole.moves.sum() - moves
    games = np.count_nonzero(parts.moves, axis=1)
    fewest = np.minimum(games, np.count_nonzero(parts.moves != whole.moves, axis=1))
    tells = (np.minimum(moves, others) >= LEAST_MOVES) & (fewest >= LEAST_GAMES)
    rows = np.flatnonzero(tells & (moves <= MOST_SHARE * (moves + others)))
    part = GameSums(parts.moves[rows], parts.loss[rows])
    loss, influence = _loss_a_move(part)
    elsewhere, other = _loss_a_move(GameSums(whole.moves - part.moves, whole.loss - part.loss))
    influence -= other
    least = fewest[rows]
    error = np.sqrt(np.square(influence).sum(axis=1) * least / (least - 1))
    found: list[Excess | None] = [None] * len(moves)
    columns = (rows, moves[rows], games[rows], loss, elsewhere, error, least - 1)
    for row, *numbers in zip(*(each.tolist() for each in columns), strict=True):
        found[row] = _excess(*numbers)
    return found


def _loss_a_move(sums: GameSums) -> tuple[Floats, Floats]:
    """Give the loss a move of each row, and the influence of each game on it."""
    moves = sums.moves.sum(axis=1, keepdims=True)
    loss = sums.loss.sum(axis=1, keepdims=True) / moves
    return loss.ravel(), (sums.loss - loss * sums.moves) / moves


def _excess(
    moves: float, games: int, loss: float, elsewhere: float, error: float, degrees: int
) -> Excess:
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
