"""Work on one claimed import until it ends, whatever way that is, and write down how."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from chess_analytics.actions.import_errors import ImportFailed
from chess_analytics.actions.import_games import Desk, GameImport, Halt, ImportHalted
from chess_analytics.actions.import_upload import import_upload
from chess_analytics.actions.spool_uploads import remove_uploads
from chess_analytics.actions.sync_player import Sites, sync_player
from chess_analytics.observability.metrics import note_import
from chess_analytics.sources.http import SourceError, StoppedByUser
from chess_analytics.sources.upload import UploadLimits
from chess_analytics.store.import_claims import (
    Claim,
    ImportLost,
    end_import,
    give_back,
    hold_import,
)
from chess_analytics.store.imports import ImportKind, ImportState, StoredImport
from chess_analytics.store.players import set_synced


@dataclass(frozen=True, slots=True)
class Workshop:
    """All that imports are worked on with."""

    desk: Desk
    uploads: Path
    """The folder in which uploads lie."""
    limits: UploadLimits
    sites: Sites


def run_import(shop: Workshop, claim: Claim, stored: StoredImport, halt: Halt) -> ImportState:
    """Bring the games of an upload or a player into the library; tell how the import stands then.

    When ``halt`` is set it ends soon: cancelled if its user wants that, else waiting for the next
    worker.
    """

    def work(games: GameImport) -> None:
        if stored.kind is ImportKind.UPLOAD:
            import_upload(games, stored, shop.uploads, shop.limits)
        else:
            sync_player(shop.desk, shop.sites, games, stored, halt)

    state = conduct_import(shop.desk, claim, stored, work, halt)
    is_over = state not in (ImportState.WAITING, ImportState.RUNNING)
    if stored.file and is_over:
        remove_uploads(shop.uploads, [stored.file])
    return state


def conduct_import(
    desk: Desk,
    claim: Claim,
    stored: StoredImport,
    work: Callable[[GameImport], None],
    halt: Halt,
) -> ImportState:
    """Do some work on an import and note its end; RUNNING says that it is no longer ours."""
    games = GameImport(desk, claim, stored, halt)
    error = None
    try:
        try:
            work(games)
            state = ImportState.DONE
        except (ImportHalted, StoppedByUser):
            return ImportState.RUNNING if halt.is_too_late else _halted(desk, claim)
        except (ImportFailed, SourceError) as failure:
            state, error = ImportState.FAILED, str(failure)
        now_ms = desk.now_ms()
        with desk.store.writing() as connection:
            games.note_progress(connection)
            end_import(connection, claim, state, error=error, now_ms=now_ms)
            if state is ImportState.DONE and stored.player_id is not None:
                set_synced(connection, stored.player_id, now_ms)
    except ImportLost:
        return ImportState.RUNNING
    note_import(state, games=games.counts.added)
    return state


def _halted(desk: Desk, claim: Claim) -> ImportState:
    """End the import if its user wants that; else it waits for the next worker."""
    lease = desk.lease()
    with desk.store.writing() as connection:
        if hold_import(connection, claim, lease):
            end_import(connection, claim, ImportState.CANCELLED, error=None, now_ms=lease.now_ms)
            return ImportState.CANCELLED
        give_back(connection, claim)
    return ImportState.WAITING
