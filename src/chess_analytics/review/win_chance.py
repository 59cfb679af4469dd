"""From an evaluation to a chance of winning: the curve on which every judgment stands."""

import math
from dataclasses import dataclass

from chess_analytics.engine.evaluation import Score
from chess_analytics.games.model import Side

# Lichess counts the standard position as a small edge for White instead of searching it.
START_SCORE = Score(cp=15)


@dataclass(frozen=True, slots=True)
class Curve:
    """How centipawns become winning chances: a logistic curve, flat beyond a cap."""

    slope: float
    """Per centipawn."""
    cap_cp: int
    """Advantages beyond this many centipawns are alike, and a mate is worth as much."""

    def chances(self, cp: float) -> float:
        """Give the winning chances of an advantage on the scale -1 (lost) to 1 (won), uncapped."""
        # Written with tanh because it cannot overflow: 2 / (1 + exp(-x)) - 1 = tanh(x / 2).
        return math.tanh(self.slope * cp / 2)

    def win_percent(self, score: Score) -> float:
        """Give the winning chance in percent, 0 to 100, of the side whose view the score is."""
        return 50 + 50 * self.chances(capped_cp(score, self.cap_cp))


# Slope fitted by Lichess on its own games, lila pull request 11148; see docs/concepts/accuracy.md
LICHESS_CURVE = Curve(slope=0.00368208, cap_cp=1000)

# What Lichess used before that; judgments of games analysed until 2022 rest on it.
LICHESS_CURVE_2020 = Curve(slope=0.004, cap_cp=1000)


def capped_cp(score: Score, cap_cp: int = LICHESS_CURVE.cap_cp) -> int:
    """Give a score in centipawns between -cap and cap; a mate is the cap."""
    if score.cp is not None:
        return max(-cap_cp, min(cap_cp, score.cp))
    return cap_cp if (score.mate or 0) > 0 else -cap_cp


def mover_score(score: Score, side: Side) -> Score:
    """Turn a score, which is White's, to the view of one side."""
    if side is Side.WHITE:
        return score
    return Score(cp=-score.cp) if score.cp is not None else Score(mate=-(score.mate or 0))
