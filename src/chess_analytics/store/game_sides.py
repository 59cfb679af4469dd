"""Whose side a stored game is seen from: told anew when a user links or unlinks players."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Column, Connection, MetaData, Table, case, select, update

from chess_analytics.games.model import Result, Side, Site
from chess_analytics.store.dialect import Row, insert_rows
from chess_analytics.store.game_rows import Outcome
from chess_analytics.store.tables import games, runs
from chess_analytics.store.texts import search_key, storable


@dataclass(frozen=True, slots=True)
class StoredNames:
    """Who played a stored game, and which of the user's names is taken to be one of them."""

    game_id: int
    site: Site
    white: str | None
    black: str | None
    white_rating: int | None
    black_rating: int | None
    result: Result
    player_id: int | None
    color: Side | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """A stored game as its owner sees it; all absent in games of others."""

    game_id: int
    player_id: int | None
    color: Side | None
    outcome: Outcome | None
    rating: int | None
    opponent: str | None
    opponent_rating: int | None


def stored_names(
    connection: Connection, user_id: int, after_id: int, *, limit: int
) -> list[StoredNames]:
    """List who played a user's games, in the order of their ids, so many at a time."""
    rows = connection.execute(
        select(
            games.c.id,
            games.c.site,
            games.c.white,
            games.c.black,
            games.c.white_rating,
            games.c.black_rating,
            games.c.result,
            games.c.player_id,
            games.c.color,
        )
        .where(games.c.user_id == user_id, games.c.id > after_id)
        .order_by(games.c.id)
        .limit(limit)
    )
    return [
        StoredNames(
            game_id=row.id,
            site=Site(row.site),
            white=row.white,
            black=row.black,
            white_rating=row.white_rating,
            black_rating=row.black_rating,
            result=Result(row.result),
            player_id=row.player_id,
            color=Side(row.color) if row.color else None,
        )
        for row in rows
    ]


def set_sides(connection: Connection, user_id: int, sides: Sequence[Sides]) -> None:
    """Write down whose side games of this user are seen from, and their accuracy from there."""
    if not sides:
        return
    _NEW.create(connection)
    insert_rows(connection, _NEW, [_values(side) for side in sides])
    accuracy = case(
        (_NEW.c.color == Side.WHITE, runs.c.white_accuracy),
        (_NEW.c.color == Side.BLACK, runs.c.black_accuracy),
    )
    of_run = select(accuracy).where(runs.c.id == games.c.run_id).scalar_subquery()
    connection.execute(
        update(games)
        # Not the bare column: SQLite would take the user's games one by one, not the new sides.
        .where(games.c.id == _NEW.c.game_id, games.c.user_id + 0 == user_id)
        .values({**{games.c[each]: _NEW.c[each] for each in _SEEN}, games.c.accuracy: of_run})
    )
    _NEW.drop(connection)


_SEEN = (
    "player_id",
    "color",
    "outcome",
    "rating",
    "opponent",
    "opponent_key",
    "opponent_rating",
)
# One statement that takes the new values from a table is several times as fast as one a game.
_NEW = Table(
    "new_sides",
    MetaData(),
    Column("game_id", games.c.id.type, primary_key=True),
    *(Column(each, games.c[each].type) for each in _SEEN),
    prefixes=["TEMPORARY"],
)


def _values(side: Sides) -> Row:
    opponent = side.opponent
    return (
        side.game_id,
        side.player_id,
        side.color,
        side.outcome,
        side.rating,
        storable(opponent) if opponent else None,
        search_key(opponent) if opponent else None,
        side.opponent_rating,
    )
