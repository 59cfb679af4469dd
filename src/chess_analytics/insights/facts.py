"""The facts that a review leaves behind: a pure function of the review and its evaluations."""

from collections.abc import Sequence

from chess_analytics.engine.evaluation import Evaluation
from chess_analytics.games.model import Side
from chess_analytics.insights.board_facts import BoardMove, read_boards
from chess_analytics.insights.clock_facts import MoveClock, read_clocks
from chess_analytics.insights.game_facts import shared_facts, side_facts
from chess_analytics.insights.records import PackedFacts, pack
from chess_analytics.insights.rows import GameFacts, MoveFacts
from chess_analytics.review.judge import Review
from chess_analytics.review.judged_move import JudgedMove
from chess_analytics.review.judgment import Judgment
from chess_analytics.review.replay import Replay, replay
from chess_analytics.review.win_chance import capped_cp, mover_score

_ERRORS = (Judgment.MISTAKE, Judgment.BLUNDER)
_MOST_MATE = 127


def pack_facts(
    review: Review, evaluations: Sequence[Evaluation | None], played: Replay | None = None
) -> PackedFacts:
    """Give the facts of a reviewed game as they are stored, see `game_facts`."""
    return pack(game_facts(review, evaluations, played))


def game_facts(
    review: Review, evaluations: Sequence[Evaluation | None], played: Replay | None = None
) -> GameFacts:
    """Gather the facts of a reviewed game; ``evaluations`` are those that it was judged by.

    ``played`` is the game's replay, where there is one already.
    """
    boards = read_boards(played or replay(review.game))
    clocks = read_clocks(review.game, review.moves)
    plies = _Plies(review, evaluations)
    moves = tuple(
        plies.facts(index, board, clock)
        for index, (board, clock) in enumerate(zip(boards.moves, clocks, strict=True))
    )
    return GameFacts(
        shared=shared_facts(review, boards),
        white=side_facts(review, boards, moves, Side.WHITE),
        black=side_facts(review, boards, moves, Side.BLACK),
        moves=moves,
    )


class _Plies:
    """Makes the facts of single moves, which depend on those around them."""

    def __init__(self, review: Review, evaluations: Sequence[Evaluation | None]) -> None:
        self._moves = review.moves
        self._errs = [move.judgment in _ERRORS for move in review.moves]
        self._missed = {moment.ply for moment in review.missed_wins}
        self._turns = {moment.ply for moment in review.turning_points}
        self._curve = review.thresholds.curve
        self._evaluations = evaluations

    def facts(self, index: int, board: BoardMove, clock: MoveClock) -> MoveFacts:
        move, errs = self._moves[index], self._errs
        before = mover_score(move.score_before, move.side)
        is_last = index + 1 == len(errs)
        return MoveFacts(
            ply=move.ply,
            is_white=move.side is Side.WHITE,
            move=board.move,
            position=board.position,
            piece=board.piece,
            captured=board.captured,
            gives_check=board.gives_check,
            phase=move.phase,
            endgame=board.endgame,
            pieces=board.pieces,
            material=board.material,
            eval_cp=capped_cp(before),
            mate_in=_within(before.mate),
            win_before=move.win_before,
            win_after=move.win_after,
            loss=move.loss,
            loss_cp=None if move.score is None else move.loss_cp,
            accuracy=move.accuracy,
            judgment=move.judgment,
            label=move.label.kind,
            is_best=None if move.best is None else move.best == move.uci,
            is_forced=move.is_forced,
            is_book=move.is_book,
            gap=self._gap(index, move),
            clock_s=move.clock_s,
            clock_before_s=clock.before_s,
            clock_share=clock.share,
            spent_s=move.spent_s,
            time_variance=clock.variance,
            answers_error=index > 0 and errs[index - 1],
            is_let_off=None if is_last else errs[index + 1],
            misses_win=move.ply in self._missed,
            is_turning_point=move.ply in self._turns,
        )

    def _gap(self, index: int, move: JudgedMove) -> float | None:
        known = self._evaluations[index] if index < len(self._evaluations) else None
        if known is None or known.second is None:
            return None
        first, second = (
            self._curve.win_percent(mover_score(score, move.side))
            for score in (known.score, known.second.score)
        )
        return max(0.0, first - second)


def _within(mate: int | None) -> int | None:
    return None if mate is None else max(-_MOST_MATE, min(_MOST_MATE, mate))
