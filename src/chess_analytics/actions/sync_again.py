"""Fetch again the games of linked players, some of those whose turn it is."""

from chess_analytics.actions.import_errors import ImportingError
from chess_analytics.actions.start_imports import start_sync
from chess_analytics.store.players import players_to_sync
from chess_analytics.store.session import Store

# Sites are asked for one player at a time: more would only wait.
_MOST_AT_ONCE = 10


def sync_again(store: Store, *, now_ms: int, every_ms: int) -> int:
    """Let the games of players wait to be fetched whose last time was so long ago; give how many.

    Players whose games were never fetched are left alone: nobody has asked for them.
    """
    before_ms = now_ms - every_ms
    with store.reading() as connection:
        due = players_to_sync(connection, before_ms=before_ms, most=_MOST_AT_ONCE)
    started = 0
    for user_id, player_id in due:
        try:
            with store.writing() as connection:
                started += start_sync(connection, user_id, player_id, now_ms=now_ms) is not None
        except ImportingError:
            # This user has enough waiting, or has just unlinked the player: next time, then.
            continue
    return started
