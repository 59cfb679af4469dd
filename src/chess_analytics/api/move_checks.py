"""The engine that requests may ask what a move is worth."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, FastAPI, Request

from chess_analytics.actions.check_move import ChecksBusy, MoveCheck
from chess_analytics.api import problems
from chess_analytics.api.problems import Problem
from chess_analytics.engine.discovery import Places
from chess_analytics.engine.uci import UciSettings
from chess_analytics.jobs.engine_supply import InstalledEngine
from chess_analytics.jobs.move_checks import MoveChecks
from chess_analytics.settings import Settings
from chess_analytics.training.drill import AnswerRefused

_SOON_S = "2"


@contextmanager
def checking_moves(settings: Settings) -> Iterator[MoveChecks]:
    """Check moves as long as the server runs; with no workers by its settings it has no engine."""
    # Somebody waits: it goes before the engines of the background.
    uci = UciSettings(hash_mb=settings.hash_mb, niceness=0, syzygy_path=settings.syzygy_path)
    source = InstalledEngine(settings.engine, Places.here(settings.data_dir), uci)
    checks = MoveChecks(None if settings.workers == 0 else source)
    try:
        yield checks
    finally:
        checks.close()


def install(app: FastAPI) -> None:
    """Say in the API's words what is wrong with a move, or with asking just now."""

    @app.exception_handler(AnswerRefused)
    def _refused(_request: Request, error: AnswerRefused) -> object:
        return problems.answer(
            Problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(error), kind="move-not-legal")
        )

    @app.exception_handler(ChecksBusy)
    def _busy(_request: Request, error: ChecksBusy) -> object:
        headers = {"Retry-After": _SOON_S}
        return problems.answer(
            Problem(HTTPStatus.SERVICE_UNAVAILABLE, str(error), kind="busy", headers=headers)
        )


async def _check(request: Request) -> MoveCheck:
    checks = request.app.state.move_checks
    assert isinstance(checks, MoveChecks)  # noqa: S101 - the lifespan has set it
    return checks


TheMoveCheck = Annotated[MoveCheck, Depends(_check)]
