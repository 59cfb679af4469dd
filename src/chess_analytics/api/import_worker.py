"""Who works on the imports that the API has accepted: threads of the server, or a process."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Annotated, Protocol

from fastapi import Depends, Request

from chess_analytics.actions.import_games import Desk
from chess_analytics.api.import_shop import import_worker
from chess_analytics.jobs.import_process import ImportProcess
from chess_analytics.settings import Settings

_PROGRAM = "chess_analytics.api.importing"


class Importer(Protocol):
    """Whoever works on imports."""

    def ring(self) -> None:
        """Hear that there is something to do: an import waits, or is to be cancelled."""
        ...


Importing = Callable[[Settings, Desk], AbstractContextManager[Importer]]


@contextmanager
def importing_in_threads(settings: Settings, desk: Desk) -> Iterator[Importer]:
    """Work on imports in this process, as long as the server runs."""
    worker = import_worker(settings, desk)
    worker.start()
    try:
        yield worker
    finally:
        worker.stop()


@contextmanager
def importing_in_a_process(settings: Settings, desk: Desk) -> Iterator[Importer]:
    """Have a process beside this one work on imports; it reads the same environment."""
    process = ImportProcess(import_worker(settings, desk), (sys.executable, "-m", _PROGRAM))
    process.start()
    try:
        yield process
    finally:
        process.stop()


async def _importer(request: Request) -> Importer:
    importer: Importer = request.app.state.importer
    return importer


TheImporter = Annotated[Importer, Depends(_importer)]
"""Rung by whoever gives it work."""
