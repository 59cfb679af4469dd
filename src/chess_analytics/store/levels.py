"""On which level users play, for who compares them with others of the same level."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from chess_analytics.games.clocks import Speed
from chess_analytics.games.model import Site
from chess_analytics.store.tables import games


@dataclass(frozen=True, slots=True)
class UserLevel:
    """How strong one user is at one speed on one site."""

    user_id: int
    rating: float
    """On average, in the user's own analysed games that tell it."""


def user_levels(
    connection: Connection, site: Site, speed: Speed, *, least_games: int
) -> list[UserLevel]:
    """List the users who have so many rated games of their own there that are analysed.

    All games of all users are looked at: keep the answer for a while.
    """
    rows = connection.execute(
        select(games.c.user_id, func.avg(games.c.rating).label("rating"))
        .where(
            games.c.site == site,
            games.c.speed == speed,
            games.c.color.is_not(None),
            games.c.run_id.is_not(None),
            games.c.rating.is_not(None),
        )
        .group_by(games.c.user_id)
        .having(func.count() >= least_games)
    )
    return [UserLevel(row.user_id, float(row.rating)) for row in rows]
