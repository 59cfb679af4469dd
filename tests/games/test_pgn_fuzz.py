"""Damaged games among sound ones: the reader never fails, and the sound ones are unharmed."""

import io
import os
import random
import time
from collections.abc import Iterator

import pytest

from chess_analytics.games.model import Game
from chess_analytics.games.pgn import read_pgn
from tests.games.pgn_builders import entries, outline, random_game_text
from tests.games.pgn_mutations import mutated
from tests.shared_data import shared_data

# How long to look for trouble; `just fuzz` sets it. Without it, a fixed number of seeds.
SECONDS = float(os.environ.get("CHESS_ANALYTICS_FUZZ_SECONDS", "0"))
ROUNDS = 400

_REAL = [
    "archives/lichess_jacobaharris.pgn",
    "archives/chesscom_apuzanov.pgn",
    "archives/chesscom_kyle_b81.pgn",
    "gold/lichess_db_2021-10_evals.pgn",
    "gold/lichess_study_annotated.pgn",
    "pgn_torture/pgn4web__chess-informant-sample.pgn",
    "pgn_torture/mliebelt__twic-01-232games.pgn",
    "pgn_torture/notnil__0013.pgn",
]
GAMES_A_FILE = 40


def test_games_that_we_made_up_survive_a_damaged_neighbour() -> None:
    rng = random.Random(1)
    games = [random_game_text(rng, number=number).strip() for number in range(40)]
    for seed in _seeds():
        _check(games, seed)


@pytest.mark.shared
@pytest.mark.parametrize("name", _REAL)
def test_real_games_survive_a_damaged_neighbour(name: str) -> None:
    games = _real_games(name)
    for seed in _seeds(share=len(_REAL)):
        _check(games, seed)


def _real_games(name: str) -> list[str]:
    with shared_data(name).open(encoding="utf-8", errors="replace") as file:
        games = []
        for entry in read_pgn(file, name):
            if isinstance(entry, Game):
                games.append(entry.pgn)
            if len(games) == GAMES_A_FILE:
                break
    return games


def _seeds(share: int = 4) -> Iterator[int]:
    """Give the seeds to try: a fixed few, or as many as the time allows."""
    if not SECONDS:
        yield from range(ROUNDS // share)
        return
    end = time.monotonic() + SECONDS / (len(_REAL) + 1)
    seed = random.SystemRandom().randrange(10**9)
    while time.monotonic() < end:
        yield seed
        seed += 1


def _check(games: list[str], seed: int) -> None:
    """Read a sound game, a damaged one and a sound one, as one text."""
    rng = random.Random(seed)
    first, middle, last = (rng.choice(games) for _ in range(3))
    damaged = mutated(middle, rng)
    found = entries(f"{first}\n\n{damaged}\n\n{last}\n")
    report = f"seed {seed}: {outline(found)}\n{damaged}"
    assert [entry.place.number for entry in found] == list(range(1, len(found) + 1)), report
    assert _essence(found[0]) == _essence(_alone(first)), report
    assert _essence(found[-1]) == _essence(_alone(last)), report


def _alone(text: str) -> Game:
    (game,) = read_pgn(io.StringIO(text), "alone")
    assert isinstance(game, Game)
    return game


def _essence(entry: object) -> object:
    if not isinstance(entry, Game):
        return None
    return entry.headers, entry.moves, entry.result, entry.initial_fen
