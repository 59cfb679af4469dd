"""Facts of a whole game: of both players alike, and of each."""

import re
from collections.abc import Mapping, Sequence

import chess

from chess_analytics.games.clocks import time_control
from chess_analytics.games.model import Game, Side, Variant
from chess_analytics.insights.board_facts import BoardGame
from chess_analytics.insights.rows import MoveFacts, SharedFacts, SideFacts
from chess_analytics.review.judge import Review
from chess_analytics.review.win_chance import capped_cp, mover_score

# Lichess's Tutor counts a game as one to convert, or to save, from a chance of two thirds on with
# more than a pawn (lila, Tutor conversion and resourcefulness).
_AHEAD_WIN, _BEHIND_WIN = 66.6, 33.3
_AHEAD_PAWNS = 1

_TIME_TAGS = ("UTCTime", "StartTime", "Time", "EndTime")
_TIME = re.compile(r"\d{1,2}:\d\d", re.ASCII)
_CHANGE = re.compile(r"[+-]?\d{1,4}", re.ASCII)


def shared_facts(review: Review, boards: BoardGame) -> SharedFacts:
    """Gather what holds for both players."""
    game, control = review.game, time_control(review.game)
    has_clock = control is not None and bool(control.stages)
    spent = [move.spent_s for move in review.moves if move.spent_s is not None]
    return SharedFacts(
        plies=len(review.moves),
        middle_ply=review.division.middle,
        end_ply=review.division.end,
        queens_traded=boards.queens_traded,
        endgame_entered=boards.endgame_entered,
        book_ply=book_ply(review),
        termination=boards.termination,
        is_rated=_is_rated(game.headers),
        initial_s=control.initial_s if control and has_clock else None,
        increment_s=control.increment_s if control and has_clock else None,
        duration_s=sum(spent) if spent else None,
        knows_time=any(_TIME.match(game.headers.get(tag, "").strip()) for tag in _TIME_TAGS),
    )


def side_facts(
    review: Review, boards: BoardGame, moves: Sequence[MoveFacts], side: Side
) -> SideFacts:
    """Gather what holds for one player; ``moves`` are those of both."""
    own = [move for move in moves if move.is_white == (side is Side.WHITE)]
    castled = next(
        (
            (b, m)
            for b, m in zip(boards.moves, moves, strict=True)
            if b.castling and m.is_white == (side is Side.WHITE)
        ),
        None,
    )
    summary, chances = review.side(side), _chances(moves, side)
    return SideFacts(
        moves=len(own),
        accuracy=summary.accuracy,
        acpl=summary.acpl,
        inaccuracies=summary.inaccuracies,
        mistakes=summary.mistakes,
        blunders=summary.blunders,
        missed_wins=sum(move.misses_win for move in own),
        castling=castled[0].castling if castled else None,
        castling_ply=castled[1].ply if castled else None,
        structure=boards.structures[side] if boards.structures else None,
        rating_change=_rating_change(review.game, side),
        lowest_win=min(chances, default=None),
        highest_win=max(chances, default=None),
        was_ahead=any(m.win_before > _AHEAD_WIN and m.material > _AHEAD_PAWNS for m in own),
        was_behind=any(m.win_before < _BEHIND_WIN and m.material < -_AHEAD_PAWNS for m in own),
        leaves_book=_leaves_book(review, side),
        exit_cp=_exit_cp(review, side),
        last_clock_share=own[-1].clock_share if own else None,
    )


def book_ply(review: Review) -> int | None:
    """Tell the last ply that a named opening knows; absent where the game began elsewhere."""
    game = review.game
    if game.variant is not Variant.STANDARD or game.initial_fen != chess.STARTING_FEN:
        return None
    return review.opening.ply if review.opening else 0


def _leaves_book(review: Review, side: Side) -> bool | None:
    known = book_ply(review)
    if known is None or known >= len(review.moves):
        return None
    return review.moves[known].side is side


def _exit_cp(review: Review, side: Side) -> int | None:
    known = book_ply(review)
    if known is None or known >= len(review.moves):
        return None
    return capped_cp(mover_score(review.moves[known].score_before, side))


def _chances(moves: Sequence[MoveFacts], side: Side) -> list[float]:
    """Give a side's winning chance in every position of the game."""
    is_white = side is Side.WHITE
    found = [m.win_before if m.is_white == is_white else 100 - m.win_before for m in moves]
    found += [m.win_after if m.is_white == is_white else 100 - m.win_after for m in moves[-1:]]
    return found


def _is_rated(headers: Mapping[str, str]) -> bool | None:
    event = headers.get("Event", "").lower()
    if event.startswith("rated") or "WhiteRatingDiff" in headers:
        return True
    return False if event.startswith("casual") else None


def _rating_change(game: Game, side: Side) -> int | None:
    tag = "WhiteRatingDiff" if side is Side.WHITE else "BlackRatingDiff"
    change = game.headers.get(tag, "").strip()
    return int(change) if _CHANGE.fullmatch(change) else None
