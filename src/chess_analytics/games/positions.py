"""Replay a game into its positions; the key under which evaluations are shared."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice
from types import MappingProxyType

import chess

from chess_analytics.games.model import Game, Variant
from chess_analytics.games.san_write import san_and_push

# Half of an archive's positions after so many plies stand in another of its games too; of the
# positions that follow, few do (docs/decisions/0007-shared-evaluations.md).
SHARED_PLIES = 10
_BEGINNINGS_KEPT = 1024

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


def board_at(game: Game, index: int) -> chess.Board:
    """Set up the position after ``index`` plies; 0 is the start."""
    board = initial_board(game)
    for played in islice(game.moves, index):
        board.push(played.move)
    return board


def sans(game: Game) -> list[str]:
    """Write every move of the game in standard algebraic notation."""
    board = initial_board(game)
    return [san_and_push(board, played.move) for played in game.moves]


def shared_fens(game: Game) -> dict[int, str]:
    """Name the positions of a game that other games are likely to pass through too.

    They are the first SHARED_PLIES after the initial position of standard chess, by their index
    (1 stands after the first ply), written as everybody who reaches them would: without history,
    en passant and castling only where they are possible. A position in which the game is over, or
    that was there before in the same game, is not one of them: its past matters.
    """
    if game.variant is not Variant.STANDARD or game.initial_fen != chess.STARTING_FEN:
        return {}
    return dict(_shared_fens(tuple(played.move for played in game.moves[:SHARED_PLIES])))


# It is asked some times of every game, and archives begin alike.
@lru_cache(maxsize=_BEGINNINGS_KEPT)
def _shared_fens(moves: tuple[chess.Move, ...]) -> Mapping[int, str]:
    found: dict[int, str] = {}
    fens: set[str] = set()
    board = chess.Board()
    for index in range(len(moves) + 1):
        if index:
            board.push(moves[index - 1])
        fen = f"{board.epd()} 0 1"
        if index and fen not in fens and any(board.legal_moves):
            found[index] = fen
        fens.add(fen)
    return MappingProxyType(found)


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
