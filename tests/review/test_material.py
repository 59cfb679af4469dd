import chess
import pytest
from hypothesis import given

from chess_analytics.games.model import Game
from chess_analytics.games.positions import boards
from chess_analytics.review.material import (
    PAWNS,
    PIECES,
    balance,
    best_exchanges,
    exchange,
    hangs,
    taken,
)
from tests.builders import games


@pytest.mark.parametrize(
    ("fen", "move", "won"),
    [
        # An undefended pawn, and a defended one.
        ("4k3/8/8/3p4/8/8/8/3RK3 w - - 0 1", "d1d5", 1),
        ("4k3/8/4p3/3p4/8/8/8/3RK3 w - - 0 1", "d1d5", -4),
        # The second rook behind the first takes part; the defender then stops in time.
        ("3rk3/8/8/3p4/8/8/3R4/3RK3 w - - 0 1", "d2d5", 1),
        # A queen takes last.
        ("3qk3/3r4/8/3p4/4P3/8/3R4/3QK3 w - - 0 1", "e4d5", 1),
        # The defender is pinned to its king, so it cannot take back.
        ("4k3/8/2n5/1B1p4/8/8/8/3RK3 w - - 0 1", "d1d5", 1),
        # The king takes an undefended piece and leaves a defended one alone.
        ("8/8/8/4k3/3R4/8/8/4K3 b - - 0 1", "e5d4", 5),
        # En passant; a promotion by capture, and one that is taken back.
        ("4k3/8/8/3pP3/8/8/8/4K3 w - d6 0 1", "e5d6", 1),
        ("1n2k3/P7/8/8/8/8/8/4K3 w - - 0 1", "a7b8q", 11),
        ("rn2k3/2P5/8/8/8/8/8/4K3 w - - 0 1", "c7b8q", 2),
    ],
)
def test_an_exchange_wins_what_is_left_when_nobody_wants_to_go_on(
    fen: str, move: str, won: int
) -> None:
    board = chess.Board(fen)
    assert exchange(board, chess.Move.from_uci(move), PAWNS) == won
    assert board.fen() == chess.Board(fen).fen()


def test_pawns_can_be_left_out_of_the_count() -> None:
    board = chess.Board("4k3/8/4p3/3p4/8/8/8/3RK3 w - - 0 1")
    assert balance(board, chess.WHITE, PAWNS) == 3
    assert balance(board, chess.WHITE, PIECES) == 5
    assert taken(board, chess.Move.from_uci("d1d5"), PIECES) == 0


def test_the_best_exchanges_are_found_and_there_may_be_none() -> None:
    board = chess.Board("4k3/8/1q6/3p4/N7/8/8/3RK3 w - - 0 1")
    assert best_exchanges(board, PAWNS) == (9, [chess.Move.from_uci("a4b6")])
    either = chess.Board("4k3/8/8/1n1n4/2P5/8/8/4K3 w - - 0 1")
    won, captures = best_exchanges(either, PAWNS)
    assert (won, {move.uci() for move in captures}) == (3, {"c4b5", "c4d5"})
    assert best_exchanges(chess.Board(), PAWNS) == (0, [])


@pytest.mark.parametrize(
    ("square", "expected"), [(chess.F3, True), (chess.D4, False), (chess.B2, False)]
)
def test_a_piece_hangs_when_taking_it_would_pay(square: chess.Square, *, expected: bool) -> None:
    # A knight attacked by a pawn; a pawn that is attacked and defended; a pawn nobody attacks.
    board = chess.Board("4k3/6b1/8/8/3P2p1/2P2N2/1P6/4K3 w - - 0 1")
    assert hangs(board, square) is expected


def test_nothing_hangs_for_a_side_that_must_answer_a_check() -> None:
    assert not hangs(chess.Board("6k1/6b1/8/8/8/5n2/8/R3K3 w - - 0 1"), chess.A1)


@given(games(max_plies=60))
def test_what_one_colour_is_ahead_the_other_is_behind(played: Game) -> None:
    for board in boards(played):
        white = balance(board, chess.WHITE, PAWNS)
        assert white == -balance(board, chess.BLACK, PAWNS)
        assert white == balance(board.mirror(), chess.BLACK, PAWNS)
