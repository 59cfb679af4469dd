import chess
import pytest
from hypothesis import given, settings

from chess_analytics.games.model import Game
from chess_analytics.games.positions import (
    SHARED_PLIES,
    boards,
    initial_board,
    position_key,
    sans,
    shared_fens,
)
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


def test_the_first_positions_are_shared_written_without_history() -> None:
    line = game("1. Nf3 Nf6 2. g3")
    assert shared_fens(line) == {
        1: "rnbqkbnr/pppppppp/8/8/8/5N2/PPPPPPPP/RNBQKB1R b KQkq - 0 1",
        2: "rnbqkb1r/pppppppp/5n2/8/8/5N2/PPPPPPPP/RNBQKB1R w KQkq - 0 1",
        3: "rnbqkb1r/pppppppp/5n2/8/8/5NP1/PPPPPP1P/RNBQKB1R b KQkq - 0 1",
    }


def test_positions_are_shared_so_far_and_no_further() -> None:
    line = game("1. e4 e5 2. Nf3 Nc6 3. Bb5 a6 4. Ba4 Nf6 5. O-O Be7 6. Re1 b5")
    assert list(shared_fens(line)) == list(range(1, SHARED_PLIES + 1))


def test_transpositions_share() -> None:
    one = shared_fens(game("1. d4 d5 2. c4 e6 3. Nc3 Nf6"))
    other = shared_fens(game("1. c4 e6 2. Nc3 d5 3. d4 Nf6"))
    assert one[6] == other[6]
    assert set(one.values()) & set(other.values()) == {one[5], one[6]}


def test_a_position_that_was_there_before_in_the_game_is_not_shared_again() -> None:
    line = game("1. Nf3 Nf6 2. Ng1 Ng8 3. Nf3 Nf6 4. e4")
    # Plies 4, 5 and 6 repeat the start and plies 1 and 2.
    assert list(shared_fens(line)) == [1, 2, 3, 7]


def test_a_position_in_which_the_game_is_over_is_not_shared() -> None:
    assert list(shared_fens(game("1. f3 e5 2. g4 Qh4#"))) == [1, 2, 3]


@pytest.mark.parametrize(
    ("moves", "ep"),
    [
        ("1. e4", "-"),
        ("1. e4 a6 2. e5 d5", "d6"),
        ("1. e4 a6 2. e5 g5", "-"),
        # The pawn that could take is pinned to its king.
        ("1. e4 e6 2. e5 Qe7 3. Ke2 Qh4 4. Ke3 Qg3+ 5. Kd4 d5", "d6"),
        ("1. e4 e5 2. f4 exf4 3. e5 Qe7 4. a3 d5", "-"),
    ],
)
def test_en_passant_is_named_only_where_it_is_possible(moves: str, ep: str) -> None:
    line = game(moves)
    fen = shared_fens(line)[len(line.moves)]
    assert fen.split()[3] == ep


def test_castling_is_named_only_where_it_is_possible() -> None:
    went_back = game("1. Nf3 a6 2. Rg1 a5 3. Rh1")
    did_not_go = game("1. Nf3 a5 2. h3")
    assert shared_fens(went_back)[5].split()[2] == "Qkq"
    assert shared_fens(did_not_go)[3].split()[2] == "KQkq"


@pytest.mark.parametrize(
    "line",
    [
        game_of(["f2f3"], fen=CHESS960, chess960=True),
        game_of(["e2e4"], fen=chess.STARTING_FEN, chess960=True),
        game_of(["a8b8"], fen=BLACK_FIRST),
        game_of(["e2e4"], fen="rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq - 4 3"),
        game_of([]),
    ],
    ids=["Chess960", "the standard start as Chess960", "set up", "start, counters on", "no move"],
)
def test_other_starts_share_nothing(line: Game) -> None:
    assert shared_fens(line) == {}


@given(games(max_plies=14), games(max_plies=14))
@settings(deadline=None)
def test_what_is_shared_depends_on_the_position_alone(one: Game, other: Game) -> None:
    keys: dict[str, set[object]] = {}
    for line in (one, other):
        positions = [board.copy() for board in boards(line)]
        for index, fen in shared_fens(line).items():
            keys.setdefault(fen, set()).add(position_key(positions[index]))
            assert position_key(chess.Board(fen)) == position_key(positions[index])
            assert chess.Board(fen).is_valid()
    # One text for one position, and one position for one text.
    assert all(len(same) == 1 for same in keys.values())
    assert len(keys) == len(set().union(*keys.values()))


@given(games(max_plies=14, starts=STARTS))
@settings(deadline=None)
def test_what_is_left_out_is_over_repeated_late_or_of_another_start(line: Game) -> None:
    shared = shared_fens(line)
    seen: set[object] = set()
    for index, board in enumerate(boards(line)):
        key = position_key(board)
        is_first_time = key not in seen
        seen.add(key)
        expected = (
            line.initial_fen == chess.STARTING_FEN
            and 0 < index <= SHARED_PLIES
            and is_first_time
            and not board.is_game_over()
        )
        assert (index in shared) == expected
