"""Facts as values, field by field the columns that are stored; `columns.py` says what they mean."""

from dataclasses import dataclass
from typing import NamedTuple

from chess_analytics.games.model import Side
from chess_analytics.insights.columns import Castling, PieceWord
from chess_analytics.insights.endings import Endgame, Termination
from chess_analytics.insights.structure import Structure
from chess_analytics.review.judgment import Judgment
from chess_analytics.review.phases import Phase
from chess_analytics.review.rules import LabelKind


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveFacts:
    """What one move leaves behind."""

    ply: int
    is_white: bool
    move: int
    position: int
    piece: PieceWord
    captured: PieceWord | None
    gives_check: bool
    phase: Phase
    endgame: Endgame | None
    pieces: int
    material: int
    eval_cp: int
    mate_in: int | None
    win_before: float
    win_after: float
    loss: float
    loss_cp: int | None
    accuracy: float
    judgment: Judgment | None
    label: LabelKind
    is_best: bool | None
    is_forced: bool
    is_book: bool
    gap: float | None
    clock_s: float | None
    clock_before_s: float | None
    clock_share: float | None
    spent_s: float | None
    time_variance: float | None
    answers_error: bool
    is_let_off: bool | None
    misses_win: bool
    is_turning_point: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SideFacts:
    """What a game leaves behind of one player."""

    moves: int
    accuracy: float | None
    acpl: float | None
    inaccuracies: int
    mistakes: int
    blunders: int
    missed_wins: int
    castling: Castling | None
    castling_ply: int | None
    structure: Structure | None
    rating_change: int | None
    lowest_win: float | None
    highest_win: float | None
    was_ahead: bool
    was_behind: bool
    leaves_book: bool | None
    exit_cp: int | None
    last_clock_share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedFacts:
    """What a game leaves behind of both players alike."""

    plies: int
    middle_ply: int | None
    end_ply: int | None
    queens_traded: bool
    endgame_entered: Endgame | None
    book_ply: int | None
    termination: Termination | None
    is_rated: bool | None
    initial_s: float | None
    increment_s: float | None
    duration_s: float | None
    knows_time: bool


@dataclass(frozen=True, slots=True)
class GameFacts:
    """All that a reviewed game leaves behind."""

    shared: SharedFacts
    white: SideFacts
    black: SideFacts
    moves: tuple[MoveFacts, ...]

    def side(self, side: Side) -> SideFacts:
        return self.white if side is Side.WHITE else self.black


class LibraryGame(NamedTuple):
    """One game as the player sees it: what the library knows without an analysis.

    A tuple, because ten thousand are made at once, and turned into columns.
    """

    game_id: int
    run_id: int | None
    player_id: int | None
    played_ms: int | None
    site: str
    variant: str
    speed: str | None
    color: str
    outcome: str | None
    rating: int | None
    opponent_rating: int | None
    opponent: str | None
    eco: str | None
    opening: str | None
    run_source: str | None
