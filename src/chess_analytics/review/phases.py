"""Where the opening ends and the endgame begins, by Lichess's `Divider.scala`."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import chess

# Both sides' queens, rooks, bishops and knights together; a game starts with 14.
_MIDDLEGAME_PIECES = 10
_ENDGAME_PIECES = 6
_BACK_RANK_MEN = 4
_MIDDLEGAME_MIXEDNESS = 150


class Phase(StrEnum):
    """The part of the game in which a move was made."""

    OPENING = "opening"
    MIDDLEGAME = "middlegame"
    ENDGAME = "endgame"


@dataclass(frozen=True, slots=True)
class Division:
    """The plies at which the middlegame and the endgame begin; absent where they do not."""

    middle: int | None
    end: int | None

    def phase(self, ply: int) -> Phase:
        """Tell in which phase a ply was played (1 is the game's first move)."""
        if self.end is not None and ply >= self.end:
            return Phase.ENDGAME
        if self.middle is not None and ply >= self.middle:
            return Phase.MIDDLEGAME
        return Phase.OPENING


class Divider:
    """Finds the division while a game is replayed: show it every board, the start first."""

    def __init__(self) -> None:
        self._shown = 0
        self._middle: int | None = None
        self._end: int | None = None

    def show(self, board: chess.Board) -> None:
        if self._end is None:
            pieces = _majors_and_minors(board)
            if self._middle is None and _is_middlegame(board, pieces):
                self._middle = self._shown
            if self._middle is not None and pieces <= _ENDGAME_PIECES:
                self._end = self._shown
        self._shown += 1

    def division(self) -> Division:
        """Give what was found; a middlegame that does not begin before the endgame is none."""
        middle = self._middle if self._middle != self._end else None
        return Division(middle, self._end)


def divide(boards: Iterable[chess.Board]) -> Division:
    """Find where the phases of a game begin; `boards` starts with the initial position."""
    divider = Divider()
    for board in boards:
        divider.show(board)
    return divider.division()


def mixedness(board: chess.Board) -> int:
    """Measure how far the two armies have run into each other."""
    white, black = board.occupied_co[chess.WHITE], board.occupied_co[chess.BLACK]
    return sum(
        _mixedness_of_ranks(y, white >> 8 * (y - 1) & _TWO_RANKS, black >> 8 * (y - 1) & _TWO_RANKS)
        for y in range(1, 8)
    )


# A move changes two or three ranks, and most of what stands in them stands there for long.
@lru_cache(maxsize=20_000)
def _mixedness_of_ranks(y: int, white: chess.Bitboard, black: chess.Bitboard) -> int:
    """Sum the squares of four fields that the ranks y and y + 1 hold."""
    scores = _REGION_SCORES[y - 1]
    regions = [_CORNER << x for x in range(7)]
    return sum(scores[(white & at).bit_count()][(black & at).bit_count()] for at in regions)


def _majors_and_minors(board: chess.Board) -> int:
    return (board.queens | board.rooks | board.bishops | board.knights).bit_count()


def _is_middlegame(board: chess.Board, pieces: int) -> bool:
    return (
        pieces <= _MIDDLEGAME_PIECES
        or _back_rank_men(board, chess.WHITE) < _BACK_RANK_MEN
        or _back_rank_men(board, chess.BLACK) < _BACK_RANK_MEN
        or mixedness(board) > _MIDDLEGAME_MIXEDNESS
    )


def _back_rank_men(board: chess.Board, color: chess.Color) -> int:
    rank = chess.BB_RANK_1 if color == chess.WHITE else chess.BB_RANK_8
    return (board.occupied_co[color] & rank).bit_count()


def _region_scores(y: int) -> tuple[tuple[int, ...], ...]:
    """Score a square of four fields by its (white, black) men; y is its lower rank, 1 to 7."""
    scores = [[0] * 5 for _ in range(5)]
    scores[1][0] = 9 - y
    scores[2][0] = y if y > 2 else 0  # noqa: PLR2004 - the numbers are the table itself
    scores[3][0] = scores[4][0] = y + 2 if y > 1 else 0
    scores[0][1] = 1 + y
    scores[0][2] = 8 - y if y < 6 else 0  # noqa: PLR2004
    scores[0][3] = scores[0][4] = 10 - y if y < 7 else 0  # noqa: PLR2004
    scores[1][1] = 5 + abs(4 - y)
    scores[2][1], scores[3][1] = 3 + y, 4 + y
    scores[1][2], scores[1][3] = 11 - y, 12 - y
    scores[2][2] = 7
    return tuple(tuple(row) for row in scores)


_CORNER = chess.BB_A1 | chess.BB_B1 | chess.BB_A2 | chess.BB_B2
_TWO_RANKS = chess.BB_RANK_1 | chess.BB_RANK_2
_REGION_SCORES = [_region_scores(y) for y in range(1, 8)]
