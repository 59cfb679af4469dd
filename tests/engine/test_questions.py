"""What is sent to an engine, and what is refused."""

import random

import chess
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chess_analytics.engine.evaluation import PositionRefused, SearchRequest
from chess_analytics.engine.questions import Questions

START = chess.STARTING_FEN


def ask(fen: str, *moves: str, chess960: bool = False, only: tuple[str, ...] = ()) -> list[str]:
    request = SearchRequest(fen, moves, 5, chess960=chess960, only=only)
    return list(Questions().ask(request).commands)


def test_a_position_is_sent_with_its_moves_and_the_nodes() -> None:
    assert ask(START, "e2e4", "e7e5") == [
        f"position fen {START} moves e2e4 e7e5",
        "go nodes 5",
    ]


def test_the_root_moves_asked_about_are_sent() -> None:
    assert ask(START, only=("e2e4", "d2d4"))[1] == "go nodes 5 searchmoves e2e4 d2d4"


@pytest.mark.parametrize(
    ("fen", "move", "mode", "sent"),
    [
        ("4k3/8/8/8/8/8/8/4K2R w K - 0 1", "e1h1", "standard", "e1g1"),
        ("4k3/8/8/8/8/8/8/4K2R w K - 0 1", "e1g1", "chess960", "e1h1"),
        ("4k3/8/8/8/8/8/8/R3K3 w Q - 0 1", "e1c1", "standard", "e1c1"),
        ("4k3/8/8/8/8/8/8/1R3K2 w B - 0 1", "f1b1", "chess960", "f1b1"),
    ],
)
def test_castling_is_spelt_as_the_engines_mode_wants_it(
    fen: str, move: str, mode: str, sent: str
) -> None:
    assert ask(fen, move, chess960=mode == "chess960")[0].endswith(f" moves {sent}")


@pytest.mark.parametrize(
    ("fen", "moves", "reason"),
    [
        ("rubbish", (), "describes no position"),
        ("", (), "describes no position"),
        ("8/8/8/8/8/8/8/8 w - - 0 1", (), "NO_WHITE_KING"),
        ("4k3/8/8/8/8/8/8/K3R3 w - - 0 1", (), "OPPOSITE_CHECK"),
        ("P3k3/8/8/8/8/8/8/4K3 w - - 0 1", (), "PAWNS_ON_BACKRANK"),
        ("4k3/8/8/8/8/8/8/4K3 w - - 100000 1", (), "out of all proportion"),
        ("4k3/8/8/8/8/8/8/4K3 w - - 0 99999", (), "out of all proportion"),
        ("7k/5Q2/6K1/8/8/8/8/8 b - - 0 1", (), "the game is over"),
        (START, ("f2f3", "e7e5", "g2g4", "d8h4"), "the game is over"),
        (START, ("e2e5",), "'e2e5' is no legal move"),
        (START, ("e2e4", "0000"), "'0000' is no legal move"),
        (START, ("N@f3",), "is no legal move"),
        (START, ("e2e4 ",), "is no legal move"),
        ("4k3/P7/8/8/8/8/8/4K3 w - - 0 1", ("a7a8k",), "is no legal move"),
        ("4k3/P7/8/8/8/8/8/4K3 w - - 0 1", ("a7a8",), "is no legal move"),
    ],
)
def test_what_is_no_sound_position_is_refused(
    fen: str, moves: tuple[str, ...], reason: str
) -> None:
    with pytest.raises(PositionRefused, match=reason):
        ask(fen, *moves)


def test_a_root_move_that_is_not_legal_is_refused() -> None:
    with pytest.raises(PositionRefused, match="'e7e5' is no legal move"):
        ask(START, only=("e7e5",))


def test_a_search_without_nodes_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="at least one node"):
        Questions().ask(SearchRequest(START, (), 0))


@given(st.integers(0, 2**32), st.lists(st.tuples(st.booleans(), st.integers(0, 40)), max_size=30))
def test_whatever_was_asked_before_a_question_is_the_same(
    seed: int, jumps: list[tuple[bool, int]]
) -> None:
    """Walk about in two games that share a beginning, and compare with a fresh start each time."""
    one, two = _two_games(seed)
    walker = Questions()
    for which, length in jumps:
        moves = (one if which else two)[:length]
        request = SearchRequest(START, moves, 5)
        question = walker.ask(request)
        fresh = Questions().ask(request)
        assert question.commands == fresh.commands
        assert question.board.fen() == fresh.board.fen()


def test_after_a_refused_move_the_next_question_is_right() -> None:
    walker = Questions()
    walker.ask(SearchRequest(START, ("e2e4", "e7e5"), 5))
    with pytest.raises(PositionRefused):
        walker.ask(SearchRequest(START, ("e2e4", "c7c5", "e1e8"), 5))

    question = walker.ask(SearchRequest(START, ("e2e4", "c7c5", "g1f3"), 5))

    assert question.commands[0] == f"position fen {START} moves e2e4 c7c5 g1f3"
    assert question.board.fen() == _after("e2e4", "c7c5", "g1f3").fen()


def _after(*moves: str) -> chess.Board:
    board = chess.Board()
    for move in moves:
        board.push_uci(move)
    return board


def _two_games(seed: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    dice = random.Random(seed)
    shared = _play_on((), dice, dice.randrange(20))
    return _play_on(shared, dice, 20), _play_on(shared, dice, 20)


def _play_on(moves: tuple[str, ...], dice: random.Random, plies: int) -> tuple[str, ...]:
    board = _after(*moves)
    for _ in range(plies):
        legal = [move for move in board.legal_moves if _leaves_a_move(board, move)]
        if not legal:
            break
        board.push(dice.choice(legal))
    return tuple(move.uci() for move in board.move_stack)


def _leaves_a_move(board: chess.Board, move: chess.Move) -> bool:
    board.push(move)
    try:
        return any(board.legal_moves)
    finally:
        board.pop()
