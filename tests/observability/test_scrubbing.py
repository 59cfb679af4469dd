"""What is somebody's does not stand in messages for those who run the server."""

import pytest

from chess_analytics.observability.scrubbing import impersonal

FEN = "r1bqkbnr/pppp1ppp/2n5/4p3/2B1P3/5Q2/PPPP1PPP/RNB1K1NR b KQkq - 3 3"


@pytest.mark.parametrize(
    ("told", "left"),
    [
        (f"The engine died (position {FEN}, after 4 moves).",
         "The engine died (position (position), after 4 moves)."),
        (f"The position '{FEN}' cannot arise in a game: TOO_MANY_KINGS.",
         "The position (quoted) cannot arise in a game: TOO_MANY_KINGS."),
        ("there is no user 'ada lovelace'", "there is no user (quoted)"),
        ('no player "Ada, L." there', "no player (quoted) there"),
        ('line 3: [White "Ada"] is no tag', "line 3: (pgn) is no tag"),
        ("postgresql+psycopg://chess:secret@db:5432/chess does not answer",
         "postgresql+psycopg://(hidden)@db:5432/chess does not answer"),
        ("Authorization: Bearer cap_abc-DEF_1", "Authorization: (key)"),
        ("write to ada@chess.example", "write to (mail)"),
        ("the worker's engine didn't answer", "the worker's engine didn't answer"),
        ("the engine /usr/games/stockfish was silent for 10 s", None),
        ("job 12: 3 of 4 games, 75 %", None),
    ],
)  # fmt: skip
def test_quotes_positions_keys_and_addresses_are_left_out(told: str, left: str | None) -> None:
    assert impersonal(told).replace("((position))", "(position)") == (
        told if left is None else left
    )


def test_what_was_left_out_once_stays_as_it_is() -> None:
    once = impersonal(f"'x' at {FEN} by redis://:secret@cache, «ada» wrote to ada@chess.example")
    assert impersonal(once) == once
