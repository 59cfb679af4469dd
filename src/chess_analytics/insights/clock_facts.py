"""What the clocks of a game tell of each move."""

from collections.abc import Sequence
from dataclasses import dataclass

from chess_analytics.games.clocks import TYPICAL_MOVES, TimeControl, time_control
from chess_analytics.games.model import Game, Site
from chess_analytics.review.accuracy import population_deviation
from chess_analytics.review.judged_move import JudgedMove

# As Lichess's Insights count (lila, PovToEntry): over so many of a player's moves, a tenth of a
# second added to each, the shortest and the longest left out.
_WINDOW = 13
_ADDED_S = 0.1


@dataclass(frozen=True, slots=True)
class MoveClock:
    """The clock around one move; what is not known is absent."""

    before_s: float | None
    share: float | None
    """Of what was left after the move, in percent."""
    variance: float | None


def read_clocks(game: Game, moves: Sequence[JudgedMove]) -> list[MoveClock]:
    """Tell what the clock showed before each move, and how evenly the time was spent."""
    control = time_control(game)
    whole_s = typical_s(control)
    found: list[MoveClock | None] = [None] * len(moves)
    for first in (0, 1):
        own = moves[first::2]
        variances = time_variances([move.spent_s for move in own])
        before = _before(control, own, game.site)
        found[first::2] = [
            MoveClock(before_s, _share(move.clock_s, whole_s), variance)
            for move, before_s, variance in zip(own, before, variances, strict=True)
        ]
    return [clock for clock in found if clock is not None]


def typical_s(control: TimeControl | None) -> float | None:
    """Give the time that a player has for a game of forty moves, or for each move of a daily one.

    Shares of the clock are shares of it: initial time and forty increments, as on Lichess.
    """
    if control is None or not control.stages or control.is_hourglass:
        return None
    stage = control.stages[0]
    if control.per_move_s is not None:
        return control.per_move_s or None
    return stage.seconds + TYPICAL_MOVES * stage.increment_s or None


def time_variances(spent_s: Sequence[float | None]) -> list[float | None]:
    """Tell for each of a player's moves how uneven the times around it were: deviation by mean."""
    margin = _WINDOW // 2
    found: list[float | None] = [None] * len(spent_s)
    for middle in range(margin, len(spent_s) - margin):
        window = spent_s[middle - margin : middle + margin + 1]
        known = sorted(s + _ADDED_S for s in window if s is not None)[1:-1]
        if len(known) == _WINDOW - 2:
            found[middle] = population_deviation(known) / (sum(known) / len(known))
    return found


def _before(
    control: TimeControl | None, own: Sequence[JudgedMove], site: Site
) -> list[float | None]:
    if control is not None and control.per_move_s is not None:
        return [control.per_move_s if move.clock_s is not None else None for move in own]
    return [_at_start(control, own, site), *(move.clock_s for move in own[:-1])][: len(own)]


def _at_start(control: TimeControl | None, own: Sequence[JudgedMove], site: Site) -> float | None:
    if control is None or not own or own[0].clock_s is None:
        return None
    # The first move costs nothing on Lichess, and who gave half the time away shows it there.
    return own[0].clock_s if site is Site.LICHESS else control.initial_s


def _share(clock_s: float | None, whole_s: float | None) -> float | None:
    return None if clock_s is None or whole_s is None else 100 * clock_s / whole_s
