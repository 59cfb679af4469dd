"""The many ways to write a move."""

import random

import chess
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chess_analytics.games.movetext import find_move
from chess_analytics.games.san import play_quickly, quick_move

START = chess.STARTING_FEN
PROMOTION = "3r4/P6k/8/8/8/8/7K/8 w - - 0 1"
CASTLING = "r3k2r/8/8/8/8/8/8/R3K2R w KQkq - 0 1"
EN_PASSANT = "4k3/8/8/3pP3/8/8/8/4K3 w - d6 0 2"


@pytest.mark.parametrize(
    ("fen", "expected", "words"),
    [
        (START, "g1f3", "Nf3 Ngf3 Ng1f3 Ng1-f3 g1f3 g1-f3 Nf3+ Nf3# Nf3++ ♘f3 ♞f3"),
        (START, "e2e4", "e4 e2e4 e2-e4 e2\u2013e4 Pe4 ♙e4 e4."),
        (PROMOTION, "a7a8q", "a8=Q a8Q a8(Q) a8/Q a8=q a7a8q a7-a8=Q+ a8=♕"),
        (PROMOTION, "a7a8n", "a8=N a8N"),
        (CASTLING, "e1g1", "O-O 0-0 o-o O-O+ 0-0# e1g1 O\u2013O"),
        (CASTLING, "e1c1", "O-O-O 0-0-0 o-o-o e1c1"),
        (EN_PASSANT, "e5d6", "exd6 exd6e.p. exd6ep e5xd6 ed6 e:d6"),
    ],
)
def test_a_move_is_understood_however_it_is_written(fen: str, expected: str, words: str) -> None:
    found = {word: find_move(chess.Board(fen), word) for word in words.split()}
    assert found == dict.fromkeys(words.split(), chess.Move.from_uci(expected))


@pytest.mark.parametrize(
    "word", ["Nf4", "e5", "O-O", "--", "Z0", "a8", "whatever", "", "Nd2", "f3f4"]
)
def test_what_means_no_legal_move_is_not_guessed_at(word: str) -> None:
    assert find_move(chess.Board(), word) is None


def test_a_promotion_needs_its_piece() -> None:
    assert find_move(chess.Board(PROMOTION), "a8") is None


@given(st.integers(min_value=0, max_value=959), st.integers())
def test_the_quick_way_agrees_with_python_chess(start: int, seed: int) -> None:
    rng = random.Random(seed)
    board = chess.Board.from_chess960_pos(start) if start % 2 else chess.Board()
    words = {"Kf1", "Ke2", "exd5", "Nbd2", "Qh5+", "R1e2", "bxa3"}
    for _ in range(30):
        moves = {board.san(move): move for move in board.legal_moves}
        words |= moves.keys()
        for word in rng.sample(sorted(words), min(len(words), 30)):
            found = quick_move(board, word)
            assert found is None or found == _python_chess(board, word)
        if not moves:
            break
        board.push(moves[rng.choice(sorted(moves))])


@given(st.integers(min_value=0, max_value=959), st.integers())
def test_what_is_played_quickly_is_what_python_chess_plays(start: int, seed: int) -> None:
    rng = random.Random(seed)
    board = chess.Board.from_chess960_pos(start) if start % 2 else chess.Board()
    ours = board.copy()
    for _ in range(80):
        words = {board.san(move): move for move in board.legal_moves}
        if not words or board.is_game_over():
            break
        # Captures bring positions that are unlike the start.
        chosen = [word for word in words if "x" in word and rng.random() < 0.5]
        word = rng.choice(sorted(chosen or words))
        if move := quick_move(ours, word):
            play_quickly(ours, move)
        else:
            ours.push(words[word])
        board.push(words[word])
        assert _all_of(ours) == _all_of(board)


def _all_of(board: chess.Board) -> tuple[object, ...]:
    sides = tuple(board.occupied_co)
    pieces = (board.pawns, board.knights, board.bishops, board.rooks, board.queens, board.kings)
    rights = board.clean_castling_rights()
    return board.fen(en_passant="fen"), board.occupied, sides, pieces, rights, board.promoted


def test_the_quick_way_is_the_usual_way() -> None:
    board = chess.Board()
    quick = [quick_move(board, board.san(move)) is not None for move in board.legal_moves]
    assert all(quick)


def _python_chess(board: chess.Board, word: str) -> chess.Move | None:
    try:
        return board.parse_san(word)
    except ValueError:
        return None


@pytest.mark.parametrize(
    ("fen", "word"),
    [
        ("4k3/8/8/8/4r3/8/4N3/4K3 w - - 0 1", "Nc3"),
        ("4k3/8/8/8/7b/8/5P2/4K3 w - - 0 1", "f4"),
        ("4k3/8/8/8/4r3/8/8/3NK3 w - - 0 1", "Nb2"),
        ("3rk3/8/8/8/8/8/8/4K3 w - - 0 1", "Kd2"),
        ("4k3/8/8/8/1b6/8/3N4/4K1N1 w - - 0 1", "Nf3"),
        ("k7/8/8/r2pP2K/8/8/8/8 w - d6 0 1", "exd6"),
    ],
)
def test_the_quick_way_leaves_pins_and_checks_alone(fen: str, word: str) -> None:
    assert quick_move(chess.Board(fen), word) is None
