"""How the answer looks when something about imports or players cannot be done."""

from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from chess_analytics.actions.import_errors import (
    DiskFull,
    ImportingError,
    OwnerGone,
    PlayerLinked,
    PlayerRefused,
    SyncRefused,
    TooManyImports,
    TooManyPlayers,
    UploadEmpty,
    UploadNotGames,
)
from chess_analytics.api.problems import Problem, answer

_KINDS: dict[type[ImportingError], tuple[HTTPStatus, str]] = {
    OwnerGone: (HTTPStatus.UNAUTHORIZED, "not-signed-in"),
    PlayerRefused: (HTTPStatus.UNPROCESSABLE_ENTITY, "player-refused"),
    PlayerLinked: (HTTPStatus.CONFLICT, "player-linked"),
    TooManyPlayers: (HTTPStatus.CONFLICT, "too-many-players"),
    SyncRefused: (HTTPStatus.CONFLICT, "no-site"),
    UploadEmpty: (HTTPStatus.UNPROCESSABLE_ENTITY, "upload-empty"),
    UploadNotGames: (HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "not-games"),
    TooManyImports: (HTTPStatus.TOO_MANY_REQUESTS, "too-many-imports"),
    DiskFull: (HTTPStatus.SERVICE_UNAVAILABLE, "disk-full"),
}


def install(app: FastAPI) -> None:
    """Make every error of an import a problem of its kind."""

    @app.exception_handler(ImportingError)
    def _importing(_request: Request, error: ImportingError) -> JSONResponse:
        return answer(problem_of(error))


def problem_of(error: ImportingError) -> Problem:
    """Say in the terms of HTTP what cannot be done."""
    status, kind = _KINDS[type(error)]
    headers = {}
    if isinstance(error, TooManyImports | DiskFull):
        headers["Retry-After"] = str(error.retry_after_s)
    return Problem(status, str(error), kind=kind, headers=headers)
