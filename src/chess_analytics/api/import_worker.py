"""The server's own worker: it carries out what the API has accepted."""

import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import Depends, Request

from chess_analytics.actions.import_games import Desk
from chess_analytics.actions.run_import import Workshop
from chess_analytics.actions.spool_uploads import uploads_folder
from chess_analytics.actions.sync_player import sites_at
from chess_analytics.api.limits import MIB
from chess_analytics.jobs.importing import ImportWorker
from chess_analytics.settings import Settings
from chess_analytics.sources.upload import UploadLimits

# Far more files than anybody packs, and as deep as archives in archives go.
_MOST_MEMBERS = 10_000
_NESTING = 4


@contextmanager
def working_on_imports(settings: Settings, desk: Desk) -> Iterator[ImportWorker]:
    """Work on imports in the background as long as the server runs."""
    worker = ImportWorker(workshop(settings, desk), _name())
    worker.start()
    try:
        yield worker
    finally:
        worker.stop()


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


def _name() -> str:
    """Name this process so that no other one has the name, on whichever machine."""
    return f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"


async def _worker(request: Request) -> ImportWorker:
    worker = request.app.state.import_worker
    assert isinstance(worker, ImportWorker)  # noqa: S101 - the lifespan has set it
    return worker


TheImportWorker = Annotated[ImportWorker, Depends(_worker)]
