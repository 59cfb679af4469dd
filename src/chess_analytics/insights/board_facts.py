"""What the boards of a game tell, gathered in one replay."""

import hashlib
import struct
from dataclasses import dataclass

import chess

from chess_analytics.games.model import Game, Side
from chess_analytics.games.positions import initial_board, position_key
from chess_analytics.insights.columns import POSITION_PLIES, Castling, PieceWord
from chess_analytics.insights.endings import Endgame, Termination, endgame, termination
from chess_analytics.insights.structure import Structure, structure
from chess_analytics.review.material import PAWNS
from chess_analytics.review.phases import Division

_WORDS = tuple(PieceWord)
_POSITION = struct.Struct("<7Q?QB")


@dataclass(frozen=True, slots=True)
class BoardMove:
    """What the board before a move, and the one after it, tell."""

    move: int
    position: int
    piece: PieceWord
    captured: PieceWord | None
    gives_check: bool
    castling: Castling | None
    endgame: Endgame | None
    pieces: int
    material: int


@dataclass(frozen=True, slots=True)
class BoardGame:
    """What the boards of a whole game tell."""

    moves: tuple[BoardMove, ...]
    structures: dict[Side, Structure] | None
    """When the opening ended."""
    endgame_entered: Endgame | None
    queens_traded: bool
    termination: Termination | None


def read_boards(game: Game, division: Division) -> BoardGame:
    """Replay a game once and note all that facts need of its boards."""
    board = initial_board(game)
    opening_ends = division.middle if division.middle is not None else division.end
    moves: list[BoardMove] = []
    structures: dict[Side, Structure] | None = None
    entered: Endgame | None = None
    queens_at_end: bool | None = None
    for index in range(len(game.moves) + 1):
        if index == opening_ends:
            structures = {side: structure(board, side.color) for side in Side}
        if index == division.end:
            entered, queens_at_end = endgame(board), bool(board.queens)
        if index < len(game.moves):
            is_endgame = division.end is not None and index + 1 >= division.end
            moves.append(_make(board, game.moves[index].move, index, is_endgame=is_endgame))
    has_queens = bool(board.queens) if queens_at_end is None else queens_at_end
    return BoardGame(tuple(moves), structures, entered, not has_queens, termination(game, board))


def position_name(board: chess.Board) -> int:
    """Name a position by 64 bits: equal positions, however they were reached, have equal names."""
    packed = _POSITION.pack(*position_key(board))
    return int.from_bytes(hashlib.blake2b(packed, digest_size=8).digest(), "little")


def _make(board: chess.Board, move: chess.Move, index: int, *, is_endgame: bool) -> BoardMove:
    """Describe a move, and play it."""
    captured = None if board.is_castling(move) else _captured(board, move)
    castling = _castling(board, move)
    piece = board.piece_type_at(move.from_square) or chess.KING
    name = position_name(board) if index < POSITION_PLIES else 0
    kind = endgame(board) if is_endgame else None
    pieces = (board.queens | board.rooks | board.bishops | board.knights).bit_count()
    material = _material(board)
    board.push(move)
    return BoardMove(
        move=_number(move),
        position=name,
        piece=_WORDS[piece - 1],
        captured=captured,
        gives_check=board.is_check(),
        castling=castling,
        endgame=kind,
        pieces=pieces,
        material=material,
    )


def _material(board: chess.Board) -> int:
    """Count how far the side to move is ahead: `material.balance` in pawns, a game at a time."""
    own, others = board.occupied_co[board.turn], board.occupied_co[not board.turn]
    return sum(
        value * ((mask & own).bit_count() - (mask & others).bit_count())
        for value, mask in (
            (PAWNS[chess.PAWN], board.pawns),
            (PAWNS[chess.KNIGHT], board.knights | board.bishops),
            (PAWNS[chess.ROOK], board.rooks),
            (PAWNS[chess.QUEEN], board.queens),
        )
    )


def _captured(board: chess.Board, move: chess.Move) -> PieceWord | None:
    piece = board.piece_type_at(move.to_square)
    if piece is not None:
        return _WORDS[piece - 1]
    return PieceWord.PAWN if board.is_en_passant(move) else None


def _castling(board: chess.Board, move: chess.Move) -> Castling | None:
    if not board.is_castling(move):
        return None
    return Castling.QUEENSIDE if board.is_queenside_castling(move) else Castling.KINGSIDE


def _number(move: chess.Move) -> int:
    return move.from_square | move.to_square << 6 | (move.promotion or 0) << 12
