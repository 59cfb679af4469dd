"""How well the moves kept the winning chances: per move, per game, and in centipawns.

The formulas are Lichess's, of `AccuracyPercent.scala` and `AccuracyCP.scala` in its open source.
"""

import math
from collections.abc import Sequence

# Lichess fitted exp(-k * drop) through hand-picked pairs of drop and accuracy.
_SCALE = 103.1668100711649
_DECAY = 0.04354415386753951
_OFFSET = -3.166924740191411
# Added by Lichess because the evaluations themselves are uncertain.
_BONUS = 1.0

_WINDOWS_PER_GAME = 10
_WINDOW_PLIES = (2, 8)
_WEIGHTS = (0.5, 12.0)
# A single accuracy of 0 would make a harmonic mean 0.
_HARMONIC_FLOOR = 1.0


def move_accuracy(before: float, after: float) -> float:
    """How well a move kept the winning chance, both in percent from the mover's side: 0 to 100."""
    if after >= before:
        return 100.0
    raw = _SCALE * math.exp(-_DECAY * (before - after)) + _OFFSET + _BONUS
    return max(0.0, min(100.0, raw))


def game_accuracies(
    white_percents: Sequence[float], *, white_starts: bool
) -> tuple[float, float] | None:
    """Give White's and Black's accuracy of a game, unrounded, or nothing while one has not moved.

    `white_percents` is White's winning chance at the start and after every ply.
    """
    if len(white_percents) < 3:  # noqa: PLR2004 - the start and one move each
        return None
    weights = volatility_weights(white_percents)
    sides: tuple[list[tuple[float, float]], list[tuple[float, float]]] = ([], [])
    for index, weight in enumerate(weights):
        before, after = white_percents[index], white_percents[index + 1]
        is_white = (index % 2 == 0) == white_starts
        moved = (before, after) if is_white else (after, before)
        sides[0 if is_white else 1].append((move_accuracy(*moved), weight))
    return _side_accuracy(sides[0]), _side_accuracy(sides[1])


def volatility_weights(white_percents: Sequence[float]) -> list[float]:
    """Weigh each move by how much the winning chance swung in the plies that end with it.

    The window trails: it ends with the position after the move, and the first moves share one.
    """
    moves = len(white_percents) - 1
    low, high = _WINDOW_PLIES
    size = max(low, min(high, moves // _WINDOWS_PER_GAME))
    windows = [white_percents[:size]] * (size - low)
    windows += [white_percents[at : at + size] for at in range(len(white_percents) - size + 1)]
    low_weight, high_weight = _WEIGHTS
    return [max(low_weight, min(high_weight, population_deviation(w))) for w in windows]


def population_deviation(values: Sequence[float]) -> float:
    """Give the standard deviation of all the values there are, not of a sample of more."""
    mean = sum(values) / len(values)
    return math.sqrt(sum((value - mean) ** 2 for value in values) / len(values))


def average_loss_cp(losses_cp: Sequence[int]) -> float | None:
    """Give the average centipawn loss, unrounded, or nothing where there was no move."""
    return sum(losses_cp) / len(losses_cp) if losses_cp else None


def _side_accuracy(moves: Sequence[tuple[float, float]]) -> float:
    weighted = sum(accuracy * weight for accuracy, weight in moves) / sum(w for _, w in moves)
    harmonic = len(moves) / sum(1 / max(_HARMONIC_FLOOR, accuracy) for accuracy, _ in moves)
    return (weighted + harmonic) / 2
