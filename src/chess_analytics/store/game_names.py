"""What some games are called, for lists of other things that name games."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, select

from chess_analytics.store.tables import games

# SQLite's oldest limit on the variables of one statement is 999.
_IDS_A_STATEMENT = 900


@dataclass(frozen=True, slots=True)
class GameName:
    """Who played, and what."""

    white: str | None
    black: str | None
    eco: str | None
    opening: str | None
    plies: int


def names_of_games(connection: Connection, game_ids: Collection[int]) -> dict[int, GameName]:
    """Name games by their ids; those that are gone are left out."""
    wanted = list(game_ids)
    found: dict[int, GameName] = {}
    for start in range(0, len(wanted), _IDS_A_STATEMENT):
        rows = connection.execute(
            select(
                games.c.id,
                games.c.white,
                games.c.black,
                games.c.eco,
                games.c.opening,
                games.c.plies,
            ).where(games.c.id.in_(wanted[start : start + _IDS_A_STATEMENT]))
        )
        found |= {
            row.id: GameName(row.white, row.black, row.eco, row.opening, row.plies) for row in rows
        }
    return found
