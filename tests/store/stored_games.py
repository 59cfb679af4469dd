"""Users, games and runs to store, for tests of the store."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, insert

from chess_analytics.actions.analyse_game import analyse_game
from chess_analytics.engine.profile import uniform
from chess_analytics.games.fingerprint import moves_key
from chess_analytics.games.model import Game, Result, Side, Site, Variant
from chess_analytics.insights.facts import pack_facts
from chess_analytics.review.judge import Review, judge_game
from chess_analytics.store.games import NewGame
from chess_analytics.store.runs import NewRun, RunSource
from chess_analytics.store.tables import imports, players, users
from tests.builders import game
from tests.fakes import FakeEngine

NOW_MS = 1_700_000_000_000
PLAIN = NewGame(
    moves_key="0" * 32,
    site=Site.OTHER,
    site_id=None,
    variant=Variant.STANDARD,
    white=None,
    black=None,
    white_rating=None,
    black_rating=None,
    result=Result.UNKNOWN,
    played_ms=0,
    time_control=None,
    speed=None,
    eco=None,
    opening=None,
    plies=0,
    player_id=None,
    color=None,
    outcome=None,
    rating=None,
    opponent=None,
    opponent_rating=None,
    pgn="*\n",
    headers={},
)
"""A game of which nothing is known."""


def new_game(**told: Any) -> NewGame:
    """Make a game of which only this is known."""
    return replace(PLAIN, **told)


def new_game_of(played: Game, **told: Any) -> NewGame:
    """Make a game that can be recognised as the one that was played."""
    return new_game(
        moves_key=moves_key(played),
        site=played.site,
        site_id=played.site_id,
        variant=played.variant,
        white=played.player(Side.WHITE).name,
        black=played.player(Side.BLACK).name,
        result=played.result,
        plies=len(played.moves),
        pgn=played.pgn,
        headers=played.headers,
        **told,
    )


def add_user(connection: Connection, name: str = "ada") -> int:
    """Add a user and give their id."""
    row = {"name": name, "name_key": name, "is_admin": False, "created_ms": NOW_MS}
    added: int = connection.execute(insert(users).values(row).returning(users.c.id)).scalar_one()
    return added


def add_player(connection: Connection, user_id: int, name: str = "me") -> int:
    """Link a name to a user and give its id."""
    row = {"user_id": user_id, "site": "other", "name": name, "name_key": name, "created_ms": 0}
    added: int = connection.execute(
        insert(players).values(row).returning(players.c.id)
    ).scalar_one()
    return added


def add_import(connection: Connection, user_id: int) -> int:
    """Note an import of a user and give its id."""
    row = {"user_id": user_id, "kind": "upload", "name": "f", "state": "done", "created_ms": 0}
    added: int = connection.execute(
        insert(imports).values(row).returning(imports.c.id)
    ).scalar_one()
    return added


def run_of(
    movetext: str, source: RunSource = RunSource.ENGINE, settings: str = "settings"
) -> tuple[NewRun, Review]:
    """Analyse a game with an engine that says the same each time, and judge it."""
    played = game(movetext)
    run = analyse_game(played, FakeEngine(), uniform(100))
    review = judge_game(played, run.evaluations)
    facts = pack_facts(review, run.evaluations)
    new = NewRun(source, run.engine, run.profile, settings, run.nodes, 1.5, run.evaluations, facts)
    return new, review


def as_accurate(
    run: tuple[NewRun, Review], white: float | None, black: float | None
) -> tuple[NewRun, Review]:
    """Give the same run as if the players had been so accurate."""
    new, review = run
    return new, replace(
        review,
        white=replace(review.white, accuracy=white),
        black=replace(review.black, accuracy=black),
    )
