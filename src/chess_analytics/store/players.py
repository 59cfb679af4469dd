"""Linked players: the names under which a user plays, on a site or in PGNs."""

from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, delete, func, select, update

from chess_analytics.games.model import Site
from chess_analytics.store.dialect import insert_new
from chess_analytics.store.tables import games, imports, players


@dataclass(frozen=True, slots=True)
class LinkedPlayer:
    """One name of a user."""

    id: int
    site: Site
    """OTHER is a name as it stands in PGNs, wherever they come from."""
    name: str
    created_ms: int
    synced_ms: int | None
    """When all games of the site were fetched the last time."""


def name_key(name: str) -> str:
    """Give what names are compared by: no site has two players who differ in capitals only."""
    return name.lower()


def add_player(
    connection: Connection, user_id: int, site: Site, name: str, *, now_ms: int
) -> int | None:
    """Link a player and give their number; nothing if the user has linked them before."""
    added: int | None = connection.execute(
        insert_new(connection, players)
        .values(user_id=user_id, site=site, name=name, name_key=name_key(name), created_ms=now_ms)
        .returning(players.c.id)
    ).scalar_one_or_none()
    return added


def players_of(connection: Connection, user_id: int) -> list[LinkedPlayer]:
    """List the names of a user in the order in which they were linked."""
    wanted = select(players).where(players.c.user_id == user_id).order_by(players.c.id)
    return [_player(row) for row in connection.execute(wanted).mappings()]


def find_player(connection: Connection, user_id: int, player_id: int) -> LinkedPlayer | None:
    """Look one up; nothing if it is another user's."""
    wanted = select(players).where(players.c.user_id == user_id, players.c.id == player_id)
    row = connection.execute(wanted).mappings().one_or_none()
    return _player(row) if row else None


def remove_player(connection: Connection, user_id: int, player_id: int) -> bool:
    """Unlink a player; their games stay, and are nobody's."""
    gone = delete(players).where(players.c.user_id == user_id, players.c.id == player_id)
    return connection.execute(gone).rowcount == 1


def count_games_by_player(connection: Connection, user_id: int) -> dict[int, int]:
    """Count a user's games by the player whose they are; a player without games is left out."""
    rows = connection.execute(
        select(games.c.player_id, func.count())
        .where(games.c.user_id == user_id, games.c.player_id.is_not(None))
        .group_by(games.c.player_id)
    )
    return {player_id: count for player_id, count in rows if player_id is not None}


def resume_of(connection: Connection, player_id: int) -> str:
    """Give the JSON that says where the next fetching goes on."""
    wanted = select(players.c.resume).where(players.c.id == player_id)
    return connection.execute(wanted).scalar_one_or_none() or "{}"


def set_resume(connection: Connection, player_id: int, resume: str) -> None:
    """Note how far the fetching has come; belongs into the transaction that adds the games."""
    connection.execute(update(players).where(players.c.id == player_id).values(resume=resume))


def set_synced(connection: Connection, player_id: int, now_ms: int) -> None:
    """Note that all games there are were fetched."""
    connection.execute(update(players).where(players.c.id == player_id).values(synced_ms=now_ms))


def players_to_sync(connection: Connection, *, before_ms: int, most: int) -> list[tuple[int, int]]:
    """Name users and players who were fetched before, and not since then, the longest ago first.

    An import that was tried since then counts, whatever became of it.
    """
    lately = (
        select(imports.c.id)
        .where(imports.c.player_id == players.c.id, imports.c.created_ms >= before_ms)
        .exists()
    )
    wanted = (
        select(players.c.user_id, players.c.id)
        .where(players.c.site != Site.OTHER, players.c.synced_ms < before_ms, ~lately)
        .order_by(players.c.synced_ms)
        .limit(most)
    )
    return [(user_id, player_id) for user_id, player_id in connection.execute(wanted)]


def _player(row: RowMapping) -> LinkedPlayer:
    return LinkedPlayer(
        id=row["id"],
        site=Site(row["site"]),
        name=row["name"],
        created_ms=row["created_ms"],
        synced_ms=row["synced_ms"],
    )
