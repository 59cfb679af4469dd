"""The moves that decided a game: turning points, wins missed, errors made in time trouble."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from chess_analytics.games.clocks import time_control
from chess_analytics.games.model import Game, Side
from chess_analytics.review.judged_move import JudgedMove
from chess_analytics.review.judgment import Cause, Judgment
from chess_analytics.review.rules import Number
from chess_analytics.review.thresholds import Thresholds

MOST_TURNING_POINTS = 5
# A side with this chance in percent is better; between it and its mirror image nobody is.
BETTER_FROM = 60.0
# Time trouble starts below this share of the time at the start.
TIME_TROUBLE_SHARE = 0.1


class MomentKind(StrEnum):
    """Why a move is worth coming back to."""

    TURNING_POINT = "turning point"
    MISSED_WIN = "missed win"
    TIME_TROUBLE_ERROR = "time trouble error"


@dataclass(frozen=True, slots=True)
class Moment:
    """One such move, with the numbers that made it one."""

    kind: MomentKind
    ply: int
    side: Side
    """Who made the move."""
    numbers: tuple[tuple[str, Number], ...]


def turning_points(moves: Sequence[JudgedMove], thresholds: Thresholds) -> tuple[Moment, ...]:
    """Find the greatest losses that changed who is better, in the order of play."""
    turns = [
        move
        for move in moves
        if move.loss >= thresholds.mistake
        and _standing(move.win_before) > _standing(move.win_after)
    ]
    greatest = sorted(turns, key=lambda move: (-move.loss, move.ply))[:MOST_TURNING_POINTS]
    return tuple(
        Moment(MomentKind.TURNING_POINT, move.ply, move.side, _chances(move))
        for move in sorted(greatest, key=lambda move: move.ply)
    )


def missed_wins(moves: Sequence[JudgedMove], thresholds: Thresholds) -> tuple[Moment, ...]:
    """Find the winning positions that were won no more, and the short mates not given."""
    found = []
    for move in moves:
        mate = abs(move.score_before.mate or 0) if move.cause is Cause.MATE_LOST else 0
        slipped = (
            move.win_before >= thresholds.winning > move.win_after
            and move.loss >= thresholds.blunder
        )
        if slipped or 0 < mate <= thresholds.mate_in_sight:
            numbers = (*_chances(move), *((("mate", mate),) if mate else ()))
            found.append(Moment(MomentKind.MISSED_WIN, move.ply, move.side, numbers))
    return tuple(found)


def time_trouble_errors(game: Game, moves: Sequence[JudgedMove]) -> tuple[Moment, ...]:
    """Find mistakes and blunders made with little time left; none where time is unknown."""
    control = time_control(game)
    if control is None or not control.initial_s or control.per_move_s is not None:
        return ()
    limit_s = TIME_TROUBLE_SHARE * control.initial_s
    return tuple(
        Moment(
            MomentKind.TIME_TROUBLE_ERROR,
            move.ply,
            move.side,
            (*_chances(move), ("clock_s", move.clock_s), ("limit_s", limit_s)),
        )
        for move in moves
        if move.judgment in (Judgment.MISTAKE, Judgment.BLUNDER)
        and move.clock_s is not None
        and move.clock_s < limit_s
    )


def _standing(win: float) -> int:
    """Tell who is better: 1 the mover, -1 the opponent, 0 nobody."""
    return (win >= BETTER_FROM) - (win <= 100 - BETTER_FROM)


def _chances(move: JudgedMove) -> tuple[tuple[str, Number], ...]:
    return ("win_before", move.win_before), ("win_after", move.win_after), ("loss", move.loss)
