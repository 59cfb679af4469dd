import chess
import pytest
from hypothesis import given

from chess_analytics.games.model import Game
from chess_analytics.games.positions import boards
from chess_analytics.review.phases import Division, Phase, divide, mixedness
from tests.builders import game, games

# The game TJxUmbWK of Lichess, for which the API answers {"middle": 22}.
PIRC = (
    "e4 d6 d4 Nf6 Nc3 g6 Bd3 Bg7 Be3 O-O Qd2 Ng4 O-O-O Nxe3 Qxe3 Nd7 f4 Nf6 h3 c6 g4 Qb6 Nf3 c5 "
    "dxc5 Qxc5 Qxc5 dxc5 e5 Nd7 Nd5 e6 Ne7+ Kh8 Bb5 a6 Bxd7 Bxd7 Rxd7 Rfe8 Rxb7"
)
ENDGAME = "8/5pk1/6p1/8/3R4/6P1/r4P2/6K1 w - - 0 1"


def division(text: str, fen: str = chess.STARTING_FEN) -> tuple[int | None, int | None]:
    found = divide(boards(game(text, fen=fen)))
    return found.middle, found.end


@pytest.mark.parametrize(
    ("text", "fen", "expected"),
    [
        (PIRC, chess.STARTING_FEN, (22, None)),
        ("", chess.STARTING_FEN, (None, None)),
        ("1. e4 e5", chess.STARTING_FEN, (None, None)),
        # Ten pieces; eight, and after an exchange six.
        ("1. Rd1 Rd7", "3r2k1/1pp2ppp/2nqbn2/8/8/2NQBN2/1PP2PPP/5RK1 w - - 0 1", (0, None)),
        ("1. Rxd8+ Rxd8", "r2r2k1/1pp2ppp/4b3/8/8/4BN2/1PP2PPP/R2R2K1 w - - 0 1", (0, 1)),
        # Three men on a back rank.
        ("1. Kg1", "rnbqkbnr/pppppppp/8/8/8/2NQBN2/PPPPPPPP/R4K1R w kq - 0 1", (0, None)),
        # Nothing is missing, but the armies are mixed: 150 is not enough, 151 is.
        ("", "r1bqkr2/2n1np2/3p2p1/pp1Pp3/4P2p/1PpNQ2P/PbP2PP1/RN1KBB1R w q - 2 20", (None, None)),
        ("", "r1bqk2r/p2pnpp1/n7/1p2p2p/3PP3/1Pp3QP/PbPBNPP1/RN1K1B1R b kq - 1 11", (0, None)),
        # It begins as an endgame: there is no middlegame before it.
        ("1. Rd7", ENDGAME, (None, 0)),
    ],
)
def test_the_middlegame_and_the_endgame_begin_where_the_board_thins_out(
    text: str, fen: str, expected: tuple[int | None, int | None]
) -> None:
    assert division(text, fen) == expected


# Worked out by hand from the table of the 2 x 2 squares.
@pytest.mark.parametrize(
    ("fen", "expected"),
    [
        ("8/8/8/8/8/8/8/8 w - - 0 1", 0),
        # A corner touches one square of four fields, in the lowest row: 9 - 1.
        ("8/8/8/8/8/8/8/R7 w - - 0 1", 8),
        ("r7/8/8/8/8/8/8/8 w - - 0 1", 8),
        # d4 touches four, two with lower rank 3 and two with 4: 2 * 6 + 2 * 5.
        ("8/8/8/8/3P4/8/8/8 w - - 0 1", 22),
        # Pawns face each other on d4 and d5: together in two squares of row 4 (5 each), alone
        # in two of row 3 (6 each) and two of row 5 (6 each).
        ("8/8/8/3p4/3P4/8/8/8 w - - 0 1", 34),
        # Both armies at home: only the rows 2, 3 and 5, 6 of lone pawns count, nothing at home.
        (chess.STARTING_FEN, 0),
    ],
)
def test_mixedness_sums_the_table_over_the_squares_of_four_fields(fen: str, expected: int) -> None:
    assert mixedness(chess.Board(fen)) == expected


@given(games(max_plies=60))
def test_mixedness_does_not_know_the_colours(played: Game) -> None:
    for board in boards(played):
        assert mixedness(board) == mixedness(board.mirror())


@given(games(max_plies=200))
def test_phases_follow_one_another(played: Game) -> None:
    found = divide(boards(played))
    assert found.end is None or found.middle is None or found.middle < found.end
    order = list(Phase)
    phases = [order.index(found.phase(move.ply)) for move in played.moves]
    assert phases == sorted(phases)


@pytest.mark.parametrize(
    ("ply", "phase"),
    [
        (21, Phase.OPENING),
        (22, Phase.MIDDLEGAME),
        (52, Phase.MIDDLEGAME),
        (53, Phase.ENDGAME),
    ],
)
def test_a_ply_belongs_to_the_phase_that_has_begun(ply: int, phase: Phase) -> None:
    assert Division(22, 53).phase(ply) is phase


def test_a_game_without_division_is_all_opening_and_one_from_an_endgame_all_endgame() -> None:
    assert Division(None, None).phase(80) is Phase.OPENING
    assert Division(None, 0).phase(1) is Phase.ENDGAME
