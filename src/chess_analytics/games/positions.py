"""Replay a game into its positions; the key under which evaluations are shared."""

from collections.abc import Iterator

import chess

from chess_analytics.games.model import Game, Variant

PositionKey = tuple[int, int, int, int, int, int, int, bool, int, int]


def initial_board(game: Game) -> chess.Board:
    """Set up the position from which the game starts."""
    return chess.Board(game.initial_fen, chess960=game.variant is Variant.CHESS960)


def boards(game: Game) -> Iterator[chess.Board]:
    """Yield the position before every move and the last one: n moves give n + 1 positions.

    It is one board that moves on: whoever keeps a position copies it.
    """
    board = initial_board(game)
    yield board
    for played in game.moves:
        board.push(played.move)
        yield board


def sans(game: Game) -> list[str]:
    """Write every move of the game in standard algebraic notation."""
    board = initial_board(game)
    return [board.san_and_push(played.move) for played in game.moves]


def shared_fen(board: chess.Board) -> str:
    """Write a position as everybody who reaches it would: without its history.

    The counters start anew; en passant and castling count only where they are possible.
    """
    return f"{board.epd()} 0 1"


def position_key(board: chess.Board) -> PositionKey:
    """Name a position by what decides its future under the rules, counters and repetitions aside.

    En passant counts only where a capture is legal, castling only where king and rook still stand.
    """
    return (
        board.pawns,
        board.knights,
        board.bishops,
        board.rooks,
        board.queens,
        board.kings,
        board.occupied_co[chess.WHITE],
        board.turn,
        board.clean_castling_rights(),
        (board.ep_square or 0) if board.ep_square and board.has_legal_en_passant() else 0,
    )
