"""How strict a review is: named sets of limits, so that stored evaluations can be judged anew."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from chess_analytics.review.win_chance import LICHESS_CURVE, LICHESS_CURVE_2020, Curve


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Every limit that a judgment or a label depends on.

    Where no unit is named, numbers are percent points of winning chance from the mover's side.
    """

    name: str
    about: str
    """One sentence for a person who chooses."""
    curve: Curve = LICHESS_CURVE

    inaccuracy: float = 5.0
    """A loss of so much, or more, is an inaccuracy."""
    mistake: float = 10.0
    blunder: float = 15.0
    judges_capped: bool = True
    """Whether advantages beyond the curve's cap are alike for a judgment too.

    For accuracy and centipawn loss they always are.
    """
    mate_mistake_cp: int = 700
    """Walking into a mate is only a mistake if already so much behind, and losing one if still
    so much ahead (centipawns)."""
    mate_inaccuracy_cp: int = 999
    """Likewise, and only an inaccuracy (centipawns)."""

    excellent: float = 2.0
    """A loss below this is excellent; from here to an inaccuracy it is good."""
    winning: float = 80.0
    """From this chance on a position is winning."""
    open_until: float = 70.0
    """Below this chance a win is gone, or was never there: from here up a move is good enough."""
    holds: float = 45.0
    """From this chance on a position is not lost: what was missed, or given, did not lose it."""
    mate_in_sight: int = 5
    """A mate in so many moves, or fewer, can be missed; longer ones are the engine's (moves)."""
    regained: float = 5.0
    """Giving an opponent's error back is a miss if at most this much more is lost."""

    decided: float = 90.0
    """A side with this chance on both its last moves has won already; nothing is great there."""
    only_move: float = 15.0
    """How much worse every other move must be for the only good one to be great."""
    only_move_lost: float = 30.0
    """Below this chance after it, the only good move is too late to be great."""
    alternative_won: float = 85.0
    """When another move leads to this chance, the choice does not matter: not brilliant."""
    sacrifice_pawns: int = 2
    """What a sacrifice gives at least, in pawns; of pieces only: the exchange is one (2)."""


LICHESS = Thresholds(
    name="lichess",
    about="The curve, limits and formulas of lichess.org.",
)

# The newest source of Lichess no longer caps an evaluation before it judges: falling from +15 to
# +7 is then an inaccuracy, though it costs 4 points on the capped curve that accuracy uses.
LICHESS_UNCAPPED = Thresholds(
    name="lichess-uncapped",
    about="As lichess, but differences beyond 10 pawns count for judgments, as in its newest code.",
    judges_capped=False,
)

LICHESS_2020 = Thresholds(
    name="lichess-2020",
    about="Judges moves as lichess.org did until 2022, on a steeper curve.",
    curve=LICHESS_CURVE_2020,
)

STRICT = Thresholds(
    name="strict",
    about="For strong players: smaller losses are named.",
    inaccuracy=3.0,
    mistake=6.0,
    blunder=10.0,
    excellent=1.0,
    regained=3.0,
    only_move=10.0,
)

CHESSCOM_LIKE = Thresholds(
    name="chesscom-like",
    about="The expected-points limits that Chess.com has described; its real rules are not "
    "published and depend on ratings, so its report will differ.",
    inaccuracy=5.0,
    mistake=10.0,
    blunder=20.0,
)

PROFILES: Mapping[str, Thresholds] = MappingProxyType(
    {
        profile.name: profile
        for profile in (LICHESS, LICHESS_UNCAPPED, LICHESS_2020, STRICT, CHESSCOM_LIKE)
    }
)
