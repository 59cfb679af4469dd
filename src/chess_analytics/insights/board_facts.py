"""What the boards of a game tell, gathered from its replay."""

import hashlib
import struct
from dataclasses import dataclass

import chess

from chess_analytics.games.model import Side
from chess_analytics.games.positions import position_key
from chess_analytics.insights.columns import POSITION_PLIES, Castling, PieceWord
from chess_analytics.insights.endings import Endgame, Termination, endgame, termination
from chess_analytics.insights.structure import Structure, structure
from chess_analytics.review.material import PAWNS
from chess_analytics.review.replay import Replay, Step

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


def read_boards(played: Replay) -> BoardGame:
    """Note all that facts need of a game's boards."""
    boards, division = tuple(played.boards), played.division
    opening_ends = division.middle if division.middle is not None else division.end
    structures: dict[Side, Structure] | None = None
    if opening_ends is not None:
        opened = boards[opening_ends]
        structures = {side: structure(opened, side.color) for side in Side}
    last = played.final if division.end is None else boards[division.end]
    return BoardGame(
        moves=tuple(
            _move(step, after, is_endgame=division.end is not None and step.ply >= division.end)
            for step, after in zip(played.steps, boards[1:], strict=True)
        ),
        structures=structures,
        endgame_entered=None if division.end is None else endgame(last),
        queens_traded=not last.queens,
        termination=termination(played.game, played.final),
    )


def position_name(board: chess.Board) -> int:
    """Name a position by 64 bits: equal positions, however they were reached, have equal names."""
    packed = _POSITION.pack(*position_key(board))
    return int.from_bytes(hashlib.blake2b(packed, digest_size=8).digest(), "little")


def _move(step: Step, after: chess.Board, *, is_endgame: bool) -> BoardMove:
    board, move = step.board, step.move
    castling = _castling(board, move)
    piece = board.piece_type_at(move.from_square) or chess.KING
    return BoardMove(
        move=_number(move),
        position=position_name(board) if step.ply <= POSITION_PLIES else 0,
        piece=_WORDS[piece - 1],
        captured=_captured(board, move) if step.is_capture else None,
        gives_check=after.is_check(),
        castling=castling,
        endgame=endgame(board) if is_endgame else None,
        pieces=(board.queens | board.rooks | board.bishops | board.knights).bit_count(),
        material=_material(board),
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
