"""Stored games: added, recognised when they come again, shown, and deleted."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    RowMapping,
    Select,
    bindparam,
    delete,
    select,
)

from chess_analytics.games.clocks import Speed
from chess_analytics.games.fingerprint import Fingerprint, fingerprint_of
from chess_analytics.games.model import Result, Side, Site, Variant
from chess_analytics.store.accounts import hold_account
from chess_analytics.store.dialect import insert_rows, take_numbers
from chess_analytics.store.game_rows import ListedGame, Outcome, listed_columns, listed_game
from chess_analytics.store.game_text import GameText, kept_headers
from chess_analytics.store.tables import game_texts, games, runs
from chess_analytics.store.texts import search_key, storable

# SQLite's oldest limit on the variables of one statement is 999.
_KEYS_A_STATEMENT = 900
_ECO_CHARACTERS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGame:
    """A game that is to be stored; what is not known of it is absent."""

    moves_key: str
    site: Site
    site_id: str | None
    variant: Variant
    white: str | None
    black: str | None
    white_rating: int | None
    black_rating: int | None
    result: Result
    played_ms: int
    """0 where the game does not tell."""
    time_control: str | None
    speed: Speed | None
    eco: str | None
    opening: str | None
    plies: int
    player_id: int | None
    """Which of the user's names played; absent, like all that follows, in games of others."""
    color: Side | None
    outcome: Outcome | None
    rating: int | None
    opponent: str | None
    opponent_rating: int | None
    pgn: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StoredGame:
    """One game with all that was kept of it."""

    listed: ListedGame
    moves_key: str
    headers: Mapping[str, str]
    pgn: str
    """As it came, like the headers, but for characters that no text can be written with."""

    @property
    def text(self) -> GameText:
        listed = self.listed
        return GameText(
            listed.id, listed.site, listed.site_id, listed.result, self.headers, self.pgn
        )


@dataclass(frozen=True, slots=True)
class StoredLikeness:
    """A stored game, reduced to what decides whether another is the same."""

    game_id: int
    fingerprint: Fingerprint


def insert_games(
    connection: Connection,
    user_id: int,
    import_id: int | None,
    new: Sequence[NewGame],
    *,
    now_ms: int,
) -> list[int]:
    """Store games of a user and give their ids in order; nobody looks whether they are there."""
    if not new:
        return []
    # With numbers of their own they can go the quickest way, which gives nothing back.
    ids = take_numbers(connection, games, len(new))
    owned = {"user_id": user_id, "import_id": import_id, "added_ms": now_ms}
    rows = [
        {**_values(game), **owned, "id": game_id} for game_id, game in zip(ids, new, strict=True)
    ]
    columns = tuple(rows[0])
    insert_rows(connection, games, [tuple(row.values()) for row in rows], columns=columns)
    texts = [
        (game_id, json.dumps(dict(game.headers)), storable(game.pgn))
        for game_id, game in zip(ids, new, strict=True)
    ]
    insert_rows(connection, game_texts, texts)
    return ids


def games_alike(
    connection: Connection, user_id: int, moves_keys: Collection[str]
) -> dict[str, list[StoredLikeness]]:
    """Give the user's games with these moves, by the moves; `is_same_game` decides on them."""
    found: dict[str, list[StoredLikeness]] = {}
    wanted = list(dict.fromkeys(moves_keys))
    for start in range(0, len(wanted), _KEYS_A_STATEMENT):
        rows = connection.execute(
            select(*_LIKENESS)
            .join(game_texts, game_texts.c.game_id == games.c.id)
            .where(
                games.c.user_id == user_id,
                games.c.moves_key.in_(wanted[start : start + _KEYS_A_STATEMENT]),
            )
            .order_by(games.c.id)
        )
        for row in rows.mappings():
            found.setdefault(row["moves_key"], []).append(_likeness(row))
    return found


def find_game(connection: Connection, user_id: int, game_id: int) -> StoredGame | None:
    """Look one game up; nothing if it is another user's."""
    named = {"of_user": user_id, "of_game": game_id}
    row = connection.execute(_one_game(), named).mappings().one_or_none()
    return _stored_game(row) if row else None


def find_games(
    connection: Connection, user_id: int, game_ids: Collection[int]
) -> dict[int, StoredGame]:
    """Look some hundred games up by their ids; those that are another user's are left out."""
    wanted = _stored_games(user_id).where(games.c.id.in_(game_ids))
    found = [_stored_game(row) for row in connection.execute(wanted).mappings()]
    return {game.listed.id: game for game in found}


def games_after(
    connection: Connection, user_id: int, after_id: int, *, limit: int
) -> list[StoredGame]:
    """Give all of a user's games in the order in which they were added, so many at a time."""
    wanted = _stored_games(user_id).where(games.c.id > after_id).order_by(games.c.id).limit(limit)
    return [_stored_game(row) for row in connection.execute(wanted).mappings()]


def delete_game(connection: Connection, user_id: int, game_id: int) -> bool:
    """Delete a game of this user's with its text, runs and moves; tell whether there was one.

    The user is locked first, as by all who add or change the user's jobs: tasks point to games.
    """
    hold_account(connection, user_id)
    gone = delete(games).where(games.c.user_id == user_id, games.c.id == game_id)
    return connection.execute(gone).rowcount == 1


@cache
def _one_game() -> Select[*tuple[Any, ...]]:
    # Made once: making a statement with so many columns costs more than carrying it out.
    return _stored_games(bindparam("of_user")).where(games.c.id == bindparam("of_game"))


_LIKENESS = (
    games.c.id,
    games.c.moves_key,
    games.c.result,
    games.c.site,
    games.c.site_id,
    games.c.plies,
    game_texts.c.headers,
)


def _likeness(row: RowMapping) -> StoredLikeness:
    fingerprint = fingerprint_of(
        json.loads(row["headers"]),
        row["moves_key"],
        result=Result(row["result"]),
        site=Site(row["site"]),
        site_id=row["site_id"],
        plies=row["plies"],
    )
    return StoredLikeness(row["id"], fingerprint)


def _stored_games(user_id: int | BindParameter[int]) -> Select[*tuple[Any, ...]]:
    return (
        select(*listed_columns(), games.c.moves_key, game_texts.c.headers, game_texts.c.pgn)
        .join(game_texts, game_texts.c.game_id == games.c.id)
        .outerjoin(runs, runs.c.id == games.c.run_id)
        .where(games.c.user_id == user_id)
    )


def _stored_game(row: RowMapping) -> StoredGame:
    return StoredGame(listed_game(row), row["moves_key"], kept_headers(row["headers"]), row["pgn"])


# All that stands in the games' own table, as it is.
_KEPT = [field.name for field in fields(NewGame) if field.name not in {"pgn", "headers"}]


def _values(game: NewGame) -> dict[str, Any]:
    kept = {name: getattr(game, name) for name in _KEPT}
    values = {name: storable(it) if isinstance(it, str) else it for name, it in kept.items()}
    # It stands in an index, which takes no long texts, and a real code has three characters.
    values["eco"] = values["eco"][:_ECO_CHARACTERS] if values["eco"] else None
    values["opening_key"] = search_key(game.opening) if game.opening else None
    values["opponent_key"] = search_key(game.opponent) if game.opponent else None
    return values
