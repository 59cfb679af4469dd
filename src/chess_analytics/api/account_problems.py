"""How the answer looks when something about an account cannot be done."""

from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from chess_analytics.actions.account_errors import (
    AccountError,
    LastAdministrator,
    LichessAccountTaken,
    LichessSignInLost,
    LogInRefused,
    NameRefused,
    NameTaken,
    NotInLocalMode,
    NotOneself,
    OnlyWayIn,
    PasswordRefused,
    ProofRefused,
    SignUpClosed,
    TokenRefused,
    TooManyAttempts,
    TooManyTokens,
)
from chess_analytics.api.problems import Problem, answer

_KINDS: dict[type[AccountError], tuple[HTTPStatus, str]] = {
    NameRefused: (HTTPStatus.UNPROCESSABLE_ENTITY, "name-refused"),
    NameTaken: (HTTPStatus.CONFLICT, "name-taken"),
    PasswordRefused: (HTTPStatus.UNPROCESSABLE_ENTITY, "password-refused"),
    SignUpClosed: (HTTPStatus.FORBIDDEN, "sign-up-closed"),
    LogInRefused: (HTTPStatus.UNAUTHORIZED, "log-in-refused"),
    ProofRefused: (HTTPStatus.FORBIDDEN, "proof-refused"),
    TooManyAttempts: (HTTPStatus.TOO_MANY_REQUESTS, "too-many-attempts"),
    LastAdministrator: (HTTPStatus.CONFLICT, "last-administrator"),
    NotOneself: (HTTPStatus.CONFLICT, "not-oneself"),
    TooManyTokens: (HTTPStatus.CONFLICT, "too-many-tokens"),
    TokenRefused: (HTTPStatus.UNPROCESSABLE_ENTITY, "token-refused"),
    LichessAccountTaken: (HTTPStatus.CONFLICT, "lichess-account-taken"),
    OnlyWayIn: (HTTPStatus.CONFLICT, "only-way-in"),
    LichessSignInLost: (HTTPStatus.BAD_REQUEST, "lichess-sign-in-lost"),
    NotInLocalMode: (HTTPStatus.CONFLICT, "not-in-local-mode"),
}


def install(app: FastAPI) -> None:
    """Make every error of an account a problem of its kind."""

    @app.exception_handler(AccountError)
    def _account(_request: Request, error: AccountError) -> JSONResponse:
        return answer(problem_of(error))


def problem_of(error: AccountError) -> Problem:
    """Say in the terms of HTTP what cannot be done."""
    status, kind = _KINDS[type(error)]
    headers = {}
    if isinstance(error, TooManyAttempts):
        headers["Retry-After"] = str(error.retry_after_s)
    if isinstance(error, LogInRefused):
        headers["WWW-Authenticate"] = "Bearer"
    return Problem(status, str(error), kind=kind, headers=headers)
