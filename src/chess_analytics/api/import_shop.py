"""What imports are worked on with, as the operator has set it; it needs no web server."""

from chess_analytics.actions.import_games import Desk
from chess_analytics.actions.run_import import Workshop
from chess_analytics.actions.spool_uploads import uploads_folder
from chess_analytics.actions.sync_player import sites_at
from chess_analytics.jobs.importing import ImportWorker
from chess_analytics.jobs.local import unique_name
from chess_analytics.settings import MIB, Settings
from chess_analytics.sources.upload import UploadLimits

# Far more files than anybody packs, and as deep as archives in archives go.
_MOST_MEMBERS = 10_000
_NESTING = 4


def import_worker(settings: Settings, desk: Desk) -> ImportWorker:
    """Make a worker that has not been started."""
    return ImportWorker(workshop(settings, desk), unique_name())


def workshop(settings: Settings, desk: Desk) -> Workshop:
    """Put together what imports are worked on with."""
    token = settings.lichess_token
    sites = sites_at(
        lichess_url=settings.lichess_url,
        chesscom_url=settings.chesscom_url,
        lichess_token=token.get_secret_value() if token else None,
        contact=settings.contact,
    )
    limits = UploadLimits(
        expanded_bytes=settings.upload_expanded_mb * MIB,
        games=settings.upload_games,
        members=_MOST_MEMBERS,
        nesting=_NESTING,
    )
    return Workshop(desk, uploads_folder(settings.data_dir), limits, sites)
