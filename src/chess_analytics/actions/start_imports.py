"""Let an import wait for its turn: of a file that was uploaded, or of a player's games."""

from sqlalchemy import Connection

from chess_analytics.actions.hold_owner import hold_owner
from chess_analytics.actions.import_errors import SyncRefused, TooManyImports
from chess_analytics.games.model import Site
from chess_analytics.store.imports import (
    ImportKind,
    NewImport,
    StoredImport,
    add_import,
    count_waiting,
    find_import,
    open_import_of_player,
)
from chess_analytics.store.players import find_player

MOST_WAITING = 20
"""How many imports one user may have waiting."""

LONGEST_FILE_NAME = 200
_RETRY_S = 60
_KINDS = {Site.LICHESS: ImportKind.LICHESS, Site.CHESSCOM: ImportKind.CHESSCOM}


def start_import(connection: Connection, new: NewImport, *, now_ms: int) -> StoredImport:
    """Let an import wait.

    Raises:
        TooManyImports: enough of this user's are waiting.
    """
    # So that two requests at once cannot both be the last that is allowed.
    hold_owner(connection, new.user_id)
    check_waiting(connection, new.user_id)
    return _added(connection, new, now_ms)


def start_sync(
    connection: Connection, user_id: int, player_id: int, *, now_ms: int
) -> StoredImport | None:
    """Let a player's games be fetched; where that waits or runs already, this is the same import.

    Nothing if the user has no such player.

    Raises:
        SyncRefused: the name is not one on a site.
        TooManyImports: enough of this user's are waiting.
    """
    hold_owner(connection, user_id)
    player = find_player(connection, user_id, player_id)
    if player is None:
        return None
    if player.site not in _KINDS:
        raise SyncRefused(
            f"{player.name} is a name in PGNs, and belongs to no site; upload the games as a file"
        )
    if there := open_import_of_player(connection, player_id):
        return there
    check_waiting(connection, user_id)
    new = NewImport(
        user_id=user_id, kind=_KINDS[player.site], name=player.name, player_id=player_id
    )
    return _added(connection, new, now_ms)


def check_waiting(connection: Connection, user_id: int) -> None:
    """Refuse one import too many.

    Raises:
        TooManyImports: says when to come again.
    """
    waiting = count_waiting(connection, user_id)
    if waiting >= MOST_WAITING:
        raise TooManyImports(
            f"{waiting} imports are waiting, which is the most; wait until some are done, or "
            "cancel some",
            _RETRY_S,
        )


def _added(connection: Connection, new: NewImport, now_ms: int) -> StoredImport:
    import_id = add_import(connection, new, now_ms=now_ms)
    found = find_import(connection, new.user_id, import_id)
    assert found is not None  # noqa: S101 - it was added a line before
    return found
