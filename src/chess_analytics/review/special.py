"""The two labels of praise, great and brilliant, made hard to earn by accident.

Both need to know what the best other move was worth, so an engine must have searched for it.
"""

import chess

from chess_analytics.review.case import Case
from chess_analytics.review.material import PAWNS, exchange, hangs, taken
from chess_analytics.review.replay import CHOICES_COUNTED
from chess_analytics.review.rules import RULES, Label
from chess_analytics.review.sacrifice import Sacrifice, find_sacrifice, is_lost_anyway
from chess_analytics.review.thresholds import Thresholds
from chess_analytics.review.win_chance import mover_score


def special_label(case: Case, thresholds: Thresholds) -> Label | None:
    """Give a brilliant or great move its label."""
    if not _is_in_question(case, thresholds):
        return None
    alternative = _alternative_win(case, thresholds)
    if alternative is None:
        return None
    sacrifice = _sacrifice(case, thresholds)
    if sacrifice and alternative < thresholds.alternative_won and _had_a_choice(case, sacrifice):
        return RULES["sacrifice"].label(
            pawns=sacrifice.offered,
            invested=sacrifice.invested,
            accepted="yes" if sacrifice.is_accepted else "no",
            win_before=case.cost.win_before,
            win_after=case.cost.win_after,
            alternative=alternative,
            loss=case.cost.loss,
        )
    if _is_only_move(case, alternative, thresholds) and not _is_obvious(case):
        return RULES["only move"].label(
            win_before=case.cost.win_before,
            win_after=case.cost.win_after,
            alternative=alternative,
            gap=case.cost.win_before - alternative,
            limit=thresholds.only_move,
        )
    return None


def could_be_special(case: Case, thresholds: Thresholds) -> bool:
    """Tell whether the best other move, which nobody has searched for, could change the label."""
    if not case.is_best or case.alternative is not None or case.opening is not None:
        return False
    if not _is_in_question(case, thresholds):
        return False
    return _may_be_only_move(case, thresholds) or _sacrifice(case, thresholds) is not None


def _is_in_question(case: Case, thresholds: Thresholds) -> bool:
    """Leave out what was bad, forced, taken back, or played when the game was won already."""
    step, cost = case.step, case.cost
    if step.choices < CHOICES_COUNTED or step.is_recapture or case.score_after is None:
        return False
    if case.verdict or not (case.is_best or cost.loss <= thresholds.excellent):
        return False
    was_winning = case.win_two_plies_ago
    return min(cost.win_before, was_winning or 0.0) < thresholds.decided


def _sacrifice(case: Case, thresholds: Thresholds) -> Sacrifice | None:
    if case.after is None or case.cost.win_after < thresholds.holds:
        return None
    step, answer = case.step, case.after.line.moves
    return find_sacrifice(step.board, step.move, answer, thresholds.sacrifice_pawns)


def _had_a_choice(case: Case, sacrifice: Sacrifice) -> bool:
    line = case.alternative.moves if case.alternative else ()
    return bool(line) and not is_lost_anyway(case.step.board, line, sacrifice)


def _is_only_move(case: Case, alternative: float, thresholds: Thresholds) -> bool:
    # Both evaluations must agree: the one before the move may not have seen an answer to it.
    sure = min(case.cost.win_before, case.cost.win_after)
    return (
        case.is_best
        and sure >= thresholds.only_move_lost
        and alternative < thresholds.open_until
        and sure - alternative >= thresholds.only_move
    )


def _may_be_only_move(case: Case, thresholds: Thresholds) -> bool:
    sure = min(case.cost.win_before, case.cost.win_after)
    return sure >= thresholds.only_move_lost and not _is_obvious(case)


def _is_obvious(case: Case) -> bool:
    """Tell whether anybody would play it: it takes something as good, or saves an attacked piece.

    Such a move is easily the only one that does not lose a piece, and nobody had to find it.
    """
    step = case.step
    piece = step.board.piece_type_at(step.move.from_square)
    if step.is_capture or step.move.promotion:
        wins = exchange(step.board.copy(stack=False), step.move, PAWNS) > 0
        return wins or taken(step.board, step.move, PAWNS) >= PAWNS.get(piece or chess.KING, 0)
    if step.board.gives_check(step.move) or piece == chess.KING:
        return False
    return hangs(step.board, step.move.from_square)


def _alternative_win(case: Case, thresholds: Thresholds) -> float | None:
    if case.alternative is None:
        return None
    return thresholds.curve.win_percent(mover_score(case.alternative.score, case.step.side))
