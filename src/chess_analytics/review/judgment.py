"""What one move cost, and whether that makes it an inaccuracy, a mistake or a blunder.

The rules are Lichess's, of `Advice.scala` in its open source.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from chess_analytics.engine.evaluation import Score
from chess_analytics.games.model import Side
from chess_analytics.review.accuracy import move_accuracy
from chess_analytics.review.thresholds import Thresholds
from chess_analytics.review.win_chance import capped_cp, mover_score


class Judgment(StrEnum):
    """How bad a bad move was; other moves have none."""

    INACCURACY = "inaccuracy"
    MISTAKE = "mistake"
    BLUNDER = "blunder"


class Cause(StrEnum):
    """Which of the three rules found the move bad."""

    CHANCES_FELL = "chances fell"
    MATE_ALLOWED = "mate allowed"
    MATE_LOST = "mate lost"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A judgment and why it was given."""

    judgment: Judgment
    cause: Cause
    fall: float = 0.0
    """Percent points of winning chance as they were judged; 0 where a mate decided."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a move did to its player's winning chance, all from that player's side."""

    win_before: float
    """Percent, 0 to 100."""
    win_after: float
    loss_cp: int
    """Centipawns lost, each side of the move capped; 0 where the move gained."""

    @property
    def loss(self) -> float:
        """Percent points lost; 0 where the move gained."""
        return max(0.0, self.win_before - self.win_after)

    @property
    def accuracy(self) -> float:
        return move_accuracy(self.win_before, self.win_after)


def move_cost(before: Score, after: Score | None, side: Side, thresholds: Thresholds) -> Cost:
    """Weigh a move by the evaluations around it; one that mates has none after it."""
    curve, was = thresholds.curve, mover_score(before, side)
    if after is None:
        return Cost(curve.win_percent(was), 100.0, 0)
    now = mover_score(after, side)
    lost_cp = capped_cp(was, curve.cap_cp) - capped_cp(now, curve.cap_cp)
    return Cost(curve.win_percent(was), curve.win_percent(now), max(0, lost_cp))


def judge_move(
    before: Score, after: Score | None, side: Side, thresholds: Thresholds
) -> Verdict | None:
    """Judge a move by the evaluations around it; one that mates is never judged.

    A mate that takes longer than it need is not judged, and neither is anything that a player does
    who is being mated.
    """
    if after is None:
        return None
    was, now = mover_score(before, side), mover_score(after, side)
    if was.cp is not None and now.cp is not None:
        return _by_chances(was.cp, now.cp, thresholds)
    if was.cp is not None and now.mate is not None and now.mate < 0:
        return Verdict(_by_rest(-was.cp, thresholds), Cause.MATE_ALLOWED)
    if was.mate is not None and was.mate > 0 and (now.mate is None or now.mate < 0):
        return Verdict(_by_rest(now.cp or 0, thresholds), Cause.MATE_LOST)
    return None


def limit(judgment: Judgment, thresholds: Thresholds) -> float:
    """Give the loss from which on a move is judged so, in percent points."""
    match judgment:
        case Judgment.INACCURACY:
            return thresholds.inaccuracy
        case Judgment.MISTAKE:
            return thresholds.mistake
        case Judgment.BLUNDER:
            return thresholds.blunder
        case _:
            assert_never(judgment)


def _by_chances(was_cp: int, now_cp: int, thresholds: Thresholds) -> Verdict | None:
    if thresholds.judges_capped:
        cap = thresholds.curve.cap_cp
        was_cp, now_cp = max(-cap, min(cap, was_cp)), max(-cap, min(cap, now_cp))
    fall = 50 * (thresholds.curve.chances(was_cp) - thresholds.curve.chances(now_cp))
    for judgment in (Judgment.BLUNDER, Judgment.MISTAKE, Judgment.INACCURACY):
        if fall >= limit(judgment, thresholds):
            return Verdict(judgment, Cause.CHANCES_FELL, fall)
    return None


def _by_rest(rest_cp: int, thresholds: Thresholds) -> Judgment:
    """Judge around a mate by how clear the game is without it: by centipawns ahead or behind."""
    if rest_cp > thresholds.mate_inaccuracy_cp:
        return Judgment.INACCURACY
    if rest_cp > thresholds.mate_mistake_cp:
        return Judgment.MISTAKE
    return Judgment.BLUNDER
