"""Games that their owners show to whoever has a secret link."""

from dataclasses import dataclass, field

from sqlalchemy import Connection, Select, delete, select, update

from chess_analytics.store.dialect import insert_new
from chess_analytics.store.share_tables import shared_games
from chess_analytics.store.tables import games


@dataclass(frozen=True, slots=True)
class GameLink:
    """The link to a game."""

    secret: str = field(repr=False)
    """Who has it sees the game."""
    hides_opponent: bool
    created_ms: int


@dataclass(frozen=True, slots=True)
class SharedWith:
    """What a link leads to."""

    user_id: int
    game_id: int
    hides_opponent: bool


def find_link(connection: Connection, user_id: int, game_id: int) -> GameLink | None:
    """Find the link to one of a user's games, if it is shared."""
    row = connection.execute(
        select(
            shared_games.c.secret, shared_games.c.hides_opponent, shared_games.c.created_ms
        ).where(shared_games.c.game_id.in_(_game_of(user_id, game_id)))
    ).one_or_none()
    return GameLink(*row) if row else None


def keep_link(connection: Connection, game_id: int, link: GameLink) -> None:
    """Share a game; one that is shared keeps its link, and hides from now on what it is told to."""
    connection.execute(
        insert_new(connection, shared_games),
        {
            "game_id": game_id,
            "secret": link.secret,
            "hides_opponent": link.hides_opponent,
            "created_ms": link.created_ms,
        },
    )
    connection.execute(
        update(shared_games)
        .where(shared_games.c.game_id == game_id)
        .values(hides_opponent=link.hides_opponent)
    )


def remove_link(connection: Connection, user_id: int, game_id: int) -> bool:
    """End the link to one of a user's games; tell whether there was one."""
    gone = connection.execute(
        delete(shared_games).where(shared_games.c.game_id.in_(_game_of(user_id, game_id)))
    )
    return gone.rowcount > 0


def find_shared(connection: Connection, secret: str) -> SharedWith | None:
    """Find what a link leads to; nothing where it is unknown or has ended."""
    row = connection.execute(
        select(games.c.user_id, games.c.id, shared_games.c.hides_opponent)
        .join(games, games.c.id == shared_games.c.game_id)
        .where(shared_games.c.secret == secret)
    ).one_or_none()
    return SharedWith(*row) if row else None


def _game_of(user_id: int, game_id: int) -> Select[tuple[int]]:
    return select(games.c.id).where(games.c.user_id == user_id, games.c.id == game_id)
