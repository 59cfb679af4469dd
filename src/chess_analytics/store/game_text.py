"""Texts of stored games: what a game can be made of again, and what an analysis asks first."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from chess_analytics.games.model import Result, Site
from chess_analytics.store.tables import game_texts, games, runs
from chess_analytics.store.texts import storable


@dataclass(frozen=True, slots=True)
class GameText:
    """The text of a stored game, and what its import knew besides."""

    game_id: int
    site: Site
    site_id: str | None
    result: Result
    headers: Mapping[str, str]
    pgn: str


@dataclass(frozen=True, slots=True)
class GameToAnalyse:
    """A game before its analysis."""

    text: GameText
    runs: Mapping[str, int]
    """The runs that are there already: their ids by `NewRun.settings_key`."""


def find_game_to_analyse(
    connection: Connection, user_id: int, game_id: int
) -> GameToAnalyse | None:
    """Look up what an analysis begins with; nothing if the game is another user's, or gone."""
    named = {"of_user": user_id, "of_game": game_id}
    rows = connection.execute(_TO_ANALYSE, named).all()
    if not rows:
        return None
    row = rows[0]
    text = GameText(
        game_id=game_id,
        site=Site(row.site),
        site_id=row.site_id,
        result=Result(row.result),
        headers=kept_headers(row.headers),
        pgn=row.pgn,
    )
    return GameToAnalyse(
        text, {row.settings_key: row.run_id for row in rows if row.run_id is not None}
    )


def kept_headers(kept: str) -> dict[str, str]:
    """Read headers as they are kept: to the letter, because they decide which games are the same.

    They are given as they are shown.
    """
    return {storable(tag): storable(value) for tag, value in json.loads(kept).items()}


_TO_ANALYSE = (
    select(
        games.c.site,
        games.c.site_id,
        games.c.result,
        game_texts.c.headers,
        game_texts.c.pgn,
        runs.c.id.label("run_id"),
        runs.c.settings_key,
    )
    .join(game_texts, game_texts.c.game_id == games.c.id)
    .outerjoin(runs, runs.c.game_id == games.c.id)
    .where(games.c.user_id == bindparam("of_user"), games.c.id == bindparam("of_game"))
)
