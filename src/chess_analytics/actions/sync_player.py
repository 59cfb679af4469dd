"""Fetch a player's games from their site into the library; what was fetched stays fetched."""

import dataclasses
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from chess_analytics import __version__
from chess_analytics.actions.import_errors import ImportFailed
from chess_analytics.actions.import_games import Desk, GameImport, Halt
from chess_analytics.actions.sync_cursors import ChesscomCursor, Cursor, LichessCursor, Line
from chess_analytics.sources.checkpoints import Checkpoint, Fetched, MonthCheckpoint
from chess_analytics.sources.http import SiteAccess, SourceError, StoppedByUser, Wait
from chess_analytics.sources.patience import stoppable_wait
from chess_analytics.store.imports import ImportKind, StoredImport
from chess_analytics.store.players import resume_of


@dataclass(frozen=True, slots=True)
class Sites:
    """How the sites are reached."""

    access: SiteAccess
    """Its user agent is only the program's name: who asks is added for each player."""
    contact: str | None = None
    """An address of the operator that the sites may write to."""
    wait_until: Callable[[threading.Event], Wait] = stoppable_wait


def sites_at(
    *, lichess_url: str, chesscom_url: str, lichess_token: str | None, contact: str | None
) -> Sites:
    """Say where the sites are, and that it is this program that asks."""
    access = SiteAccess(
        lichess_base=lichess_url,
        chesscom_base=chesscom_url,
        user_agent=f"chess-analytics/{__version__}",
        lichess_token=lichess_token,
    )
    return Sites(access, contact)


def sync_player(
    desk: Desk, sites: Sites, games: GameImport, stored: StoredImport, halt: Halt
) -> None:
    """Fetch all games that are not there yet.

    Raises:
        ImportFailed: the player was unlinked.
        SourceError: the site does not give them; those before are there.
        ImportHalted: the user wants the import to end, or the worker has to stop.
        ImportLost: another worker has the import.
    """
    if stored.player_id is None:
        raise ImportFailed("the player was unlinked; the games that were fetched are there")
    cursor = _cursor(desk, stored, stored.player_id)

    def count_bytes(count: int) -> None:
        games.progress.add_bytes(count)
        if halt.is_set():
            raise StoppedByUser("the import was stopped")

    agent = f"{sites.access.user_agent} ({_who(sites.contact, stored.name)})"
    access = dataclasses.replace(sites.access, user_agent=agent)
    line = Line(access, sites.wait_until(halt), count_bytes, desk.now_ms())
    games.rewind()
    try:
        _take(games, cursor, cursor.fetch(line, stored.name))
    except StoppedByUser:
        raise
    except SourceError:
        games.commit()
        raise
    games.commit()


def _take(games: GameImport, cursor: Cursor, fetched: Iterable[Fetched]) -> None:
    for item in fetched:
        if isinstance(item, Checkpoint | MonthCheckpoint):
            games.commit(cursor.after(item))
        elif not cursor.is_known(item):
            games.add(item)


def _cursor(desk: Desk, stored: StoredImport, player_id: int) -> Cursor:
    with desk.store.reading() as connection:
        kept = resume_of(connection, player_id)
    if stored.kind is ImportKind.LICHESS:
        return LichessCursor(kept)
    return ChesscomCursor(kept, is_new=not stored.resume_point.counts.found)


def _who(contact: str | None, player: str) -> str:
    return f"contact: {contact}" if contact else f"username: {player}"
