"""A library of made-up games that are spread as a busy player's are, beside other users' games."""

import itertools
import random
from collections.abc import Iterator
from importlib import resources
from typing import TypeVar

from sqlalchemy import insert

from bench.archives import some_games
from chess_analytics.actions.analyse_game import Run
from chess_analytics.actions.judge_supplied import supplied_run
from chess_analytics.games.clocks import Speed
from chess_analytics.games.model import Game, Result, Side, Site, Variant
from chess_analytics.insights.facts import pack_facts
from chess_analytics.review.judge import Review, judge_game
from chess_analytics.store.game_rows import Outcome
from chess_analytics.store.games import NewGame, insert_games
from chess_analytics.store.runs import NewRun, RunSource, insert_runs
from chess_analytics.store.session import Store
from chess_analytics.store.tables import players, users

RARE_OPPONENT = "Seldom Seen"
RARE_GAMES = 3
# Every so many games came with evaluations.
SUPPLIED_EVERY = 5
FIRST_MS = 1_480_000_000_000

_BATCH = 500
_REAL_GAMES = 64
_NAMES = 20_000
# Most of a player's games are of two speeds, played on one site.
_SPEEDS = {Speed.BLITZ: 600, Speed.BULLET: 300, Speed.RAPID: 95, Speed.CLASSICAL: 4, None: 1}
_SITES = {Site.LICHESS: 700, Site.CHESSCOM: 295, Site.OTHER: 5}
_OUTCOMES = {Outcome.WIN: 48, Outcome.LOSS: 46, Outcome.DRAW: 6}


def fill(store: Store, sizes: list[int], analysed: int) -> list[int]:
    """Give so many games to each of as many new users; give the users' ids.

    ``analysed`` of each one's games have a run of an engine of ours, spread over all the years.
    """
    return [_fill_user(store, number, size, analysed) for number, size in enumerate(sizes)]


def reviewed_games(count: int = _REAL_GAMES) -> list[tuple[Game, Run, Review]]:
    """Give real games with evaluations and what is made of them, of so many or of all."""
    found = [(game, supplied_run(game)) for game in some_games(count)]
    return [
        (game, run, judge_game(game, run.evaluations))
        for game, run in found
        if isinstance(run, Run)
    ]


def new_run(run: Run, review: Review, source: RunSource = RunSource.ENGINE) -> NewRun:
    """Turn a run into one that can be stored; a game has one of each source."""
    facts = pack_facts(review, run.evaluations)
    return NewRun(source, "Stockfish", run.profile, source, run.nodes, 1.0, run.evaluations, facts)


def add_user(store: Store, name: str) -> tuple[int, int]:
    """Add a user and their player; give the ids of both."""
    user = {"name": name, "name_key": name, "is_admin": False, "created_ms": 0}
    player = {"site": "lichess", "name": "Me", "name_key": "me", "created_ms": 0}
    with store.writing() as connection:
        user_id: int = connection.execute(
            insert(users).values(user).returning(users.c.id)
        ).scalar_one()
        player_id: int = connection.execute(
            insert(players).values({**player, "user_id": user_id}).returning(players.c.id)
        ).scalar_one()
    return user_id, player_id


def _fill_user(store: Store, number: int, size: int, analysed: int) -> int:
    user_id, player_id = add_user(store, f"user {number}")
    made = made_up_games(size, player_id, seed=number)
    ids: list[int] = []
    while batch := list(itertools.islice(made, _BATCH)):
        with store.writing() as connection:
            ids += insert_games(connection, user_id, None, batch, now_ms=FIRST_MS + len(ids))
    _analyse(store, ids[::SUPPLIED_EVERY], RunSource.SUPPLIED)
    _analyse(store, ids[:: max(1, size // analysed)][:analysed], RunSource.ENGINE)
    return user_id


def _analyse(store: Store, ids: list[int], source: RunSource) -> None:
    # The shortest will do: lists do not look at the moves.
    _, run, review = min(reviewed_games(), key=lambda item: len(item[2].moves))
    for start in range(0, len(ids), _BATCH):
        new = new_run(run, review, source)
        with store.writing() as connection:
            batch = [(game_id, new, review) for game_id in ids[start : start + _BATCH]]
            insert_runs(connection, batch, now_ms=FIRST_MS)


def made_up_games(size: int, player_id: int, *, seed: int = 0) -> Iterator[NewGame]:
    """Make up the games of one player, the oldest first, with texts of real ones."""
    chance = random.Random(seed)
    table = resources.files("chess_analytics.games").joinpath("openings.tsv").read_text("utf-8")
    openings = [line.split("\t")[:2] for line in table.splitlines() if line[0] != "#"]
    texts = [(game.pgn, game.headers) for game in some_games(_REAL_GAMES)]
    rare = {size * (number + 1) // (RARE_GAMES + 1) for number in range(RARE_GAMES)}
    played_ms, rating = FIRST_MS, 1500
    for number in range(size):
        # Some at the same moment: archives that name the day only.
        played_ms += chance.choice((0, 400_000, 700_000, 5_000_000))
        rating = max(800, min(2800, rating + chance.randint(-9, 9)))
        white = chance.random() < 0.5  # noqa: PLR2004
        outcome = _pick(_OUTCOMES, chance)
        # Some come again and again, most are met once or twice.
        opponent = f"Opponent{int(_NAMES * chance.random() ** 3)}"
        opponent = RARE_OPPONENT if number in rare else opponent
        opponent_rating = max(600, rating + chance.randint(-250, 250)) if number % 50 else None
        eco, opening = openings[int(len(openings) * chance.random() ** 2)]
        pgn, headers = texts[number % len(texts)]
        yield NewGame(
            moves_key=f"{chance.getrandbits(128):032x}",
            site=_pick(_SITES, chance),
            site_id=f"{number:08d}",
            variant=Variant.STANDARD,
            white="Me" if white else opponent,
            black=opponent if white else "Me",
            white_rating=rating if white else opponent_rating,
            black_rating=opponent_rating if white else rating,
            result=_result(outcome, white=white),
            played_ms=played_ms,
            time_control="180+2",
            speed=_pick(_SPEEDS, chance),
            eco=eco,
            opening=opening,
            plies=chance.randint(10, 160),
            player_id=player_id,
            color=Side.WHITE if white else Side.BLACK,
            outcome=outcome,
            rating=rating,
            opponent=opponent,
            opponent_rating=opponent_rating,
            pgn=pgn,
            headers=headers,
        )


def _result(outcome: Outcome, *, white: bool) -> Result:
    if outcome is Outcome.DRAW:
        return Result.DRAW
    return Result.WHITE_WON if white is (outcome is Outcome.WIN) else Result.BLACK_WON


_T = TypeVar("_T")


def _pick(weights: dict[_T, int], chance: random.Random) -> _T:
    return chance.choices(list(weights), list(weights.values()))[0]
