"""Bring the sample archive into a library, as if its user had uploaded it."""

import shutil
from pathlib import Path

from sqlalchemy import Connection

from chess_analytics.actions.link_players import link_player
from chess_analytics.actions.spool_uploads import new_upload
from chess_analytics.actions.start_imports import start_import
from chess_analytics.games.model import Site
from chess_analytics.samples import SAMPLE, SAMPLE_PLAYERS
from chess_analytics.store.imports import ImportKind, NewImport, StoredImport
from chess_analytics.store.players import name_key, players_of


def copy_sample(folder: Path) -> str:
    """Lay a copy of the sample into the folder of uploads, and give its name there."""
    name, opened = new_upload(folder)
    with SAMPLE.open("rb") as sample, opened:
        shutil.copyfileobj(sample, opened)
    return name


def start_sample_import(
    connection: Connection, user_id: int, file: str, *, now_ms: int
) -> StoredImport:
    """Let the copy wait for its import, and link the names of its players: they are the user's.

    They are names as they stand in PGNs, not names on Lichess, where other people have them.

    Raises:
        TooManyImports: enough of this user's are waiting.
        TooManyPlayers: more names cannot be linked.
    """
    new = NewImport(
        user_id=user_id,
        kind=ImportKind.UPLOAD,
        name=SAMPLE.name,
        file=file,
        bytes_total=SAMPLE.stat().st_size,
    )
    started = start_import(connection, new, now_ms=now_ms)
    linked = {name_key(player.name) for player in players_of(connection, user_id)}
    for name in SAMPLE_PLAYERS:
        if name_key(name) not in linked:
            link_player(connection, user_id, Site.OTHER, name, now_ms=now_ms)
    return started
