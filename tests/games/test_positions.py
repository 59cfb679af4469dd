import chess
import pytest
from hypothesis import given, settings

from chess_analytics.games.model import Game
from chess_analytics.games.positions import boards, initial_board, position_key, sans
from tests.builders import game, game_of, games

CHESS960 = "bqnbrkrn/pppppppp/8/8/8/8/PPPPPPPP/BQNBRKRN w GEge - 0 1"
BLACK_FIRST = "r3k2r/pppq1ppp/2npbn2/2b1p3/2B1P3/2NPBN2/PPPQ1PPP/R3K2R b KQkq - 4 8"
STARTS = (chess.STARTING_FEN, CHESS960, BLACK_FIRST)


@given(games(max_plies=30, starts=STARTS))
@settings(deadline=None)
def test_n_moves_give_n_plus_one_positions_that_python_chess_agrees_with(line: Game) -> None:
    board = initial_board(line)
    fens = [board.fen()]
    for played in line.moves:
        assert board.is_legal(played.move)
        board.push(played.move)
        fens.append(board.fen())
    assert [position.fen() for position in boards(line)] == fens


@given(games(max_plies=30, starts=STARTS))
@settings(deadline=None)
def test_moves_are_written_so_that_they_can_be_read_again(line: Game) -> None:
    board = initial_board(line)
    for san, played in zip(sans(line), line.moves, strict=True):
        assert board.parse_san(san) == played.move
        board.push(played.move)


def test_checks_captures_and_castling_are_written_in_full() -> None:
    line = game("1. e4 e5 2. Nf3 Nc6 3. Bc4 Nf6 4. O-O Nxe4 5. Bxf7+ Kxf7")
    assert sans(line)[-5:] == ["Nf6", "O-O", "Nxe4", "Bxf7+", "Kxf7"]


def test_chess960_castles_by_taking_the_rook() -> None:
    line = game_of(["b1g1"], fen="4k3/8/8/8/8/8/8/RK4R1 w AG - 0 1", chess960=True)
    assert sans(line) == ["O-O"]
    *_, last = boards(line)
    assert last.piece_at(chess.G1) == chess.Piece.from_symbol("K")
    assert last.piece_at(chess.F1) == chess.Piece.from_symbol("R")


@given(games(max_plies=40, starts=STARTS))
@settings(deadline=None)
def test_two_positions_have_one_key_only_where_they_have_the_same_future(line: Game) -> None:
    futures: dict[object, set[str]] = {}
    for board in boards(line):
        # EPD with legal en passant is python-chess's own name for a position without counters.
        futures.setdefault(position_key(board), set()).add(board.epd(en_passant="legal"))
    assert all(len(names) == 1 for names in futures.values())
    assert len(futures) == len(set().union(*futures.values()))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("4k3/8/8/8/8/8/4P3/4K3 w - - 0 1", "4k3/8/8/8/8/8/4P3/4K3 w - - 40 99"),
        # No black pawn can take on e3.
        ("4k3/8/8/8/4P3/8/8/4K3 b - e3 0 1", "4k3/8/8/8/4P3/8/8/4K3 b - - 0 1"),
        # The pawn on d4 is pinned to its king.
        ("3k4/8/8/8/3pP3/8/8/3RK3 b - e3 0 1", "3k4/8/8/8/3pP3/8/8/3RK3 b - - 0 1"),
        # The rook has gone, and with it the right to castle.
        ("4k3/8/8/8/8/8/8/4K3 w KQ - 0 1", "4k3/8/8/8/8/8/8/4K3 w - - 0 1"),
    ],
)
def test_what_cannot_matter_is_not_in_the_key(one: str, other: str) -> None:
    assert position_key(chess.Board(one)) == position_key(chess.Board(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("4k3/8/8/8/8/8/4P3/4K3 w - - 0 1", "4k3/8/8/8/8/8/4P3/4K3 b - - 0 1"),
        ("4k3/8/8/8/8/8/4P3/4K3 w - - 0 1", "4k3/8/8/8/8/8/4p3/4K3 w - - 0 1"),
        ("4k3/8/8/8/3pP3/8/8/4K3 b - e3 0 1", "4k3/8/8/8/3pP3/8/8/4K3 b - - 0 1"),
        ("4k3/8/8/8/8/8/8/4K2R w K - 0 1", "4k3/8/8/8/8/8/8/4K2R w - - 0 1"),
        ("4k3/8/8/8/8/8/8/3QK3 w - - 0 1", "4k3/8/8/8/8/8/8/3RK3 w - - 0 1"),
    ],
)
def test_what_matters_is_in_the_key(one: str, other: str) -> None:
    assert position_key(chess.Board(one)) != position_key(chess.Board(other))
