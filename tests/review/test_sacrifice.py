import chess
import pytest

from chess_analytics.review.sacrifice import Sacrifice, find_sacrifice, is_lost_anyway

GREEK_GIFT = "rnbq1rk1/pp2nppp/4p3/2ppP3/3P4/2PB1N2/PP3PPP/RNBQK2R w KQ - 0 8"
LEGAL = "rn1qkbnr/ppp2p1p/3p2p1/4p3/2B1P1b1/2N2N2/PPPP1PPP/R1BQK2R w KQkq - 0 5"
FORK = "2q3k1/1p3ppp/2n5/3N4/8/2Q5/5PPP/6K1 w - - 0 1"


def found(fen: str, move: str, answer: str, at_least: int = 2) -> Sacrifice | None:
    board = chess.Board(fen)
    return find_sacrifice(board, chess.Move.from_uci(move), answer.split(), at_least)


@pytest.mark.parametrize(
    ("fen", "move", "answer", "expected"),
    [
        # The bishop on h7 is taken and does not come back.
        (GREEK_GIFT, "d3h7", "g8h7 f3g5 h7g8 d1h5", Sacrifice(3, 3, is_accepted=True)),
        # It is declined, though it could have been taken.
        (GREEK_GIFT, "d3h7", "g8h8 h7c2", Sacrifice(3, 3, is_accepted=False)),
        # The line stops when the queen is taken; what can be taken back counts as taken.
        (LEGAL, "f3e5", "g4d1", Sacrifice(6, 6, is_accepted=True)),
        # Legal's mate: the queen is offered, and the engine rather takes the knight.
        (LEGAL, "f3e5", "d6e5 d1g4", Sacrifice(6, 6, is_accepted=False)),
    ],
)
def test_a_sacrifice_is_what_can_be_taken_and_does_not_come_back(
    fen: str, move: str, answer: str, expected: Sacrifice | None
) -> None:
    assert found(fen, move, answer) == expected


@pytest.mark.parametrize(
    ("why", "fen", "move", "answer"),
    [
        (
            "the piece comes back within two moves",
            FORK,
            "c3c6",
            "b7c6 d5e7 g8f8 e7c8",
        ),
        (
            "an even trade offers nothing",
            "3rk3/8/8/8/8/8/8/3RK3 w - - 0 1",
            "d1d8",
            "e8d8 e1e2 d8d7 e2e3",
        ),
        (
            "a pawn is no piece",
            "4k3/8/8/4p3/3P4/8/8/4K3 w - - 0 1",
            "d4d5",
            "e8d7 e1e2",
        ),
        (
            "the only man who could take is pinned",
            "4k3/4p3/8/3r4/8/4R3/8/3NK3 w - - 0 1",
            "d1c3",
            "d5d8",
        ),
        (
            "taking would be answered by taking as much elsewhere",
            "3qk3/8/2p5/8/8/5N2/8/3QK3 w - - 0 1",
            "f3d4",
            "d8d5",
        ),
        ("nobody knows what comes after it", GREEK_GIFT, "d3h7", ""),
        ("the engine's line is not legal there", GREEK_GIFT, "d3h7", "a1a8"),
    ],
)
def test_what_only_seems_a_sacrifice_is_none(why: str, fen: str, move: str, answer: str) -> None:
    assert found(fen, move, answer) is None, why


def test_the_exchange_is_a_sacrifice_of_two() -> None:
    fen = "4k3/8/4p3/3n4/8/8/8/3RK3 w - - 0 1"
    assert found(fen, "d1d5", "e6d5 e1d2 e8d7 d2d3") == Sacrifice(2, 2, is_accepted=True)
    assert found(fen, "d1d5", "e6d5 e1d2 e8d7 d2d3", at_least=3) is None


def test_a_mate_counts_what_was_given_on_the_way() -> None:
    philidor = "5r1k/6pp/7N/3Q4/8/8/6PP/6K1 w - - 0 1"
    assert found(philidor, "d5g8", "f8g8 h6f7") == Sacrifice(7, 9, is_accepted=True)
    back_rank = "r5k1/5ppp/8/4Q3/8/8/8/4R1K1 w - - 0 1"
    assert found(back_rank, "e5e8", "a8e8 e1e8") == Sacrifice(4, 9, is_accepted=True)


@pytest.mark.parametrize(
    ("why", "line", "expected"),
    [
        ("a quiet move keeps the bishop", "e1g1 b8c6 f1e1 a7a6 b1d2", False),
        ("the bishop would be lost", "a2a3 c5c4 a3a4 c4d3 a4a5", True),
        ("nothing is known", "", False),
        ("the line is not legal there", "a1a8", False),
    ],
)
def test_pieces_that_the_best_other_move_loses_too_are_no_choice(
    why: str, line: str, *, expected: bool
) -> None:
    given = Sacrifice(3, 3, is_accepted=True)
    assert is_lost_anyway(chess.Board(GREEK_GIFT), line.split(), given) is expected, why


def test_a_piece_that_hangs_after_the_best_other_move_is_lost_anyway_though_its_line_stops() -> (
    None
):
    forked = chess.Board("r2q1rk1/1b2p1bp/pn1pN1p1/1ppPp3/7B/2N5/PPP2PPP/R2QR1K1 b - - 3 17")
    given = find_sacrifice(forked, chess.Move.from_uci("d8d7"), ["e6f8", "g8f8"], 2)
    assert given == Sacrifice(2, 2, is_accepted=True)
    assert is_lost_anyway(forked, ["d8e8", "a2a4"], given)
