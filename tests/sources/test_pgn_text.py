"""The PGN that we write for games that came without one."""

import io
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chess_analytics.games.model import Game
from chess_analytics.games.pgn import read_pgn
from chess_analytics.sources.pgn_text import write_pgn
from tests.games.pgn_builders import only_game, random_game_text


def rewritten(game: Game) -> Game:
    first_ply = 0 if " w " in game.initial_fen else 1
    text = write_pgn(game.headers, game.moves, game.result, first_ply=first_ply)
    (again,) = read_pgn(io.StringIO(text), "again")
    assert isinstance(again, Game)
    return again


@given(st.integers())
def test_what_is_read_can_be_written_and_read_again(seed: int) -> None:
    game = only_game(random_game_text(random.Random(seed)))
    again = rewritten(game)
    assert (again.headers, again.moves, again.result) == (game.headers, game.moves, game.result)
    once_more = only_game(game.pgn)
    assert once_more.moves == game.moves
    assert once_more.pgn == game.pgn


@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"])))
def test_any_text_can_stand_in_a_tag(value: str) -> None:
    game = only_game("1. e4 *")
    text = write_pgn({"White": value}, game.moves, game.result, first_ply=0)
    assert only_game(text).headers == {"White": value}


def test_line_ends_in_a_tag_become_spaces() -> None:
    game = only_game("1. e4 *")
    text = write_pgn({"White": "a\r\nb\u2028c"}, game.moves, game.result, first_ply=0)
    assert only_game(text).headers == {"White": "a b c"}


@pytest.mark.parametrize(
    ("text", "movetext"),
    [
        ("1. e4 e5 2. Nf3 *", "1. e4 e5 2. Nf3 *"),
        ("1. e4 {[%clk 0:01:05.5]} e5", "1. e4 { [%clk 0:01:05.5] } 1... e5 *"),
        ("1. e4 {[%eval -0.07,9] [%emt 1:02:03]}", "1. e4 { [%eval -0.07,9] [%emt 1:02:03] } *"),
        (
            "1. e4 e5 {[%eval #-3] d5 was best.} (1... d5 2. Nc3)",
            "1. e4 e5 { [%eval #-3] } { d5 was best. } (1... d5 Nc3) *",
        ),
    ],
)
def test_moves_are_numbered_and_notes_stand_behind_them(text: str, movetext: str) -> None:
    game = only_game(text)
    assert write_pgn({}, game.moves, game.result, first_ply=0).strip() == movetext


def test_a_game_that_black_starts_is_numbered_so() -> None:
    game = only_game('[FEN "4k3/8/8/8/8/8/4P3/4K3 b - - 0 30"]\n\n30... Kd7 31. e4 *')
    text = write_pgn({}, game.moves, game.result, first_ply=59)
    assert text.strip() == "30... Kd7 31. e4 *"
