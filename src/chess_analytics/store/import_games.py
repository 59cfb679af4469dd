"""What an import asks about the games that are there."""

from collections.abc import Collection

from sqlalchemy import Connection, select

from chess_analytics.store.tables import games, runs

# SQLite's oldest limit on the variables of one statement is 999.
_IDS_A_STATEMENT = 900


def games_added_after(connection: Connection, import_id: int, game_id: int) -> set[int]:
    """Name the games that an import has added since a certain one."""
    wanted = select(games.c.id).where(games.c.import_id == import_id, games.c.id > game_id)
    return set(connection.execute(wanted).scalars())


def runs_of_games(connection: Connection, game_ids: Collection[int]) -> set[tuple[int, str]]:
    """Name the runs of some games by game and settings."""
    found: set[tuple[int, str]] = set()
    wanted = list(game_ids)
    for start in range(0, len(wanted), _IDS_A_STATEMENT):
        part = wanted[start : start + _IDS_A_STATEMENT]
        rows = connection.execute(
            select(runs.c.game_id, runs.c.settings_key).where(runs.c.game_id.in_(part))
        )
        found.update((row.game_id, row.settings_key) for row in rows)
    return found


def hold_games(connection: Connection, game_ids: Collection[int]) -> set[int]:
    """Name those of the games that are still there; until the transaction ends they stay."""
    found: set[int] = set()
    wanted = sorted(game_ids)
    for start in range(0, len(wanted), _IDS_A_STATEMENT):
        part = wanted[start : start + _IDS_A_STATEMENT]
        rows = connection.execute(
            select(games.c.id)
            .where(games.c.id.in_(part))
            .order_by(games.c.id)
            .with_for_update(read=True, key_share=True)
        )
        found.update(rows.scalars())
    return found
