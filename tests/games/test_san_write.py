"""Moves are written as python-chess writes them, whichever way is taken."""

import random
from collections.abc import Iterator

import chess
import pytest

from chess_analytics.games.san import quick_uci
from chess_analytics.games.san_write import san_and_push, spell_line

# Two rooks that can go to one square, a pinned one, en passant, promotions, checks and mates.
_FENS = (
    "4k3/8/8/8/8/8/4K3/R6R w - - 0 1",
    "4r1k1/8/8/8/8/8/4R3/R3K3 w Q - 0 1",
    "4k3/8/8/3pP3/8/8/8/4K3 w - d6 0 2",
    "3r2k1/2P2ppp/8/8/8/8/5PPP/6K1 w - - 0 1",
    "k7/8/1QQ5/8/8/2Q5/8/K7 w - - 0 1",
    "4k3/8/8/8/4b3/5N2/4N3/4K1N1 w - - 0 1",
)


def _positions(seed: int) -> Iterator[chess.Board]:
    """Play at random from the usual start, or from one of Chess960's, and stop now and then."""
    chance = random.Random(seed)
    board = chess.Board() if seed % 2 else chess.Board.from_chess960_pos(chance.randrange(960))
    for ply in range(160):
        moves = list(board.legal_moves)
        if not moves:
            return
        if ply % 8 == 0:
            yield board.copy(stack=False)
        board.push(chance.choice(moves))


@pytest.mark.parametrize("seed", range(12))
def test_every_legal_move_of_random_games_is_written_and_played_as_python_chess_does(
    seed: int,
) -> None:
    for board in _positions(seed):
        _compare(board)


@pytest.mark.parametrize("fen", _FENS)
def test_moves_that_take_a_closer_look_are_written_as_python_chess_does(fen: str) -> None:
    _compare(chess.Board(fen))


def _compare(board: chess.Board) -> None:
    for move in board.legal_moves:
        played, expected = board.copy(stack=False), board.copy(stack=False)
        san = expected.san_and_push(move)
        assert san_and_push(played, move) == san
        assert played.fen() == expected.fen()
        assert played.pop() == move
        assert spell_line(board, (board.uci(move),)) == (san,)


@pytest.mark.parametrize("seed", range(6))
def test_what_is_read_quickly_is_a_legal_move(seed: int) -> None:
    read = 0
    for board in _positions(seed):
        for first in chess.SQUARE_NAMES:
            for second in chess.SQUARE_NAMES:
                move = quick_uci(board, first + second)
                if move is not None:
                    read += 1
                    assert move == chess.Move.from_uci(first + second)
                    assert move in board.legal_moves
    assert read > 50


def test_a_line_is_written_up_to_what_cannot_be_played() -> None:
    board = chess.Board()
    line = ("e2e4", "e7e5", "f1c4", "b8c6", "d1h5", "g8f6", "h5f7", "e8f7")
    assert spell_line(board, line) == ("e4", "e5", "Bc4", "Nc6", "Qh5", "Nf6", "Qxf7#")
    assert spell_line(board, ("e2e4", "nonsense", "e7e5")) == ("e4",)
    assert board == chess.Board()
