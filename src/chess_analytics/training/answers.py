"""Whether an answer to a drill is right: any move that gives away almost nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from chess_analytics.engine.evaluation import Score
from chess_analytics.games.model import Side
from chess_analytics.review.win_chance import LICHESS_CURVE, mover_score
from chess_analytics.training.drill import DrillPosition, KnownMove

ACCEPTED_LOSS = 3.0
"""Percent points of winning chance that a right answer may give away against the best move.

An excellent move gives away up to 2, an inaccuracy 5 or more: two searches of one position differ
by a point or two, and who finds a move as good as the best must not be told that it is wrong.
"""

_DRAW = Score(cp=0)


class Verdict(StrEnum):
    """What is said of an answer."""

    RIGHT = "right"
    WRONG = "wrong"
    UNKNOWN = "unknown"
    """Nobody has evaluated the move, so it is neither."""


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer and what it is worth."""

    uci: str
    verdict: Verdict
    score: Score | None = None
    """White's, after the move; absent when it mates, and where nobody knows it."""
    loss: float | None = None
    """Percent points of winning chance given away, 0 or more; absent where nobody knows it."""


def judge_answer(
    position: DrillPosition, uci: str, best: KnownMove, known: Mapping[str, KnownMove]
) -> Judged:
    """Judge a legal move (UCI, as analyses spell it) by the evaluations that there are."""
    board = position.board()
    board.push_uci(uci)
    if board.is_checkmate():
        return Judged(uci, Verdict.RIGHT, None, 0.0)
    if board.is_stalemate() or board.is_insufficient_material():
        return _weighed(position.side, uci, best, _DRAW)
    if uci == best.uci:
        return Judged(uci, Verdict.RIGHT, best.score, 0.0)
    found = known.get(uci)
    if found is None or found.score is None:
        return Judged(uci, Verdict.UNKNOWN)
    return _weighed(position.side, uci, best, found.score)


def _weighed(side: Side, uci: str, best: KnownMove, score: Score) -> Judged:
    loss = max(0.0, _win(best.score, side) - _win(score, side))
    return Judged(uci, Verdict.RIGHT if loss <= ACCEPTED_LOSS else Verdict.WRONG, score, loss)


def _win(score: Score | None, side: Side) -> float:
    return 100.0 if score is None else LICHESS_CURVE.win_percent(mover_score(score, side))
