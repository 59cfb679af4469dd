"""«Sign in with Lichess»: there, back again, and the link undone."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Query, Request
from fastapi.responses import RedirectResponse

from chess_analytics.actions.sign_in_with_lichess import (
    SIGN_IN_LIFE_MS,
    Return,
    begin_lichess_sign_in,
    finish_lichess_sign_in,
    unlink_lichess,
)
from chess_analytics.api import problems, session_cookie
from chess_analytics.api.identity import How, Owner, Visitor, Who
from chess_analytics.api.problems import Problem
from chess_analytics.api.resources import Has, TheSettings
from chess_analytics.api.routes import Router, Writing
from chess_analytics.api.visits import NOT_LOCAL, TheVisit, new_secret
from chess_analytics.sources.http import SourceError, SourceUnreachable
from chess_analytics.sources.lichess_sign_in import CodeRefused, LichessClient

_STATE_COOKIE = "chess_analytics_lichess"
_CALLBACK = "/api/v1/sign-in/lichess/callback"
_RETRY_AFTER_S = 60

router = Router(
    tags=["accounts"],
    dependencies=[NOT_LOCAL],
    responses=problems.responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.CONFLICT),
)


def _lichess(settings: TheSettings) -> LichessClient:
    if not settings.lichess_client_id:
        raise Problem(
            HTTPStatus.NOT_FOUND,
            "signing in with Lichess is switched off at this server; its operator can switch it "
            "on with CHESS_ANALYTICS_LICHESS_CLIENT_ID",
            kind="lichess-sign-in-off",
        )
    return LichessClient(
        settings.lichess_url, settings.lichess_client_id, f"{settings.public_url}{_CALLBACK}"
    )


def _return(
    request: Request,
    settings: TheSettings,
    state: Annotated[str, Query(max_length=200)] = "",
    code: Annotated[str | None, Query(max_length=4096)] = None,
    error: Annotated[str | None, Query(max_length=4096)] = None,
) -> Return:
    kept = session_cookie.read(request, settings, _STATE_COOKIE)
    return Return(state, kept, code, error)


TheLichess = Annotated[LichessClient, Depends(_lichess)]
TheReturn = Annotated[Return, Depends(_return)]


@router.get(
    "/sign-in/lichess",
    status_code=HTTPStatus.SEE_OTHER,
    response_class=RedirectResponse,
    responses=problems.responses(HTTPStatus.NOT_FOUND, HTTPStatus.TOO_MANY_REQUESTS),
)
def begin_sign_in_with_lichess(
    *, lichess: TheLichess, who: Visitor, has: Has, visit: TheVisit
) -> RedirectResponse:
    """Go to Lichess to sign in, to sign up, or to link the account there if I am signed in."""
    state, verifier = new_secret(), new_secret()
    begin_lichess_sign_in(has.store, visit, _browser(who), state=state, verifier=verifier)
    answer = _redirect(lichess.address(state, verifier))
    session_cookie.give(answer, has.settings, state, name=_STATE_COOKIE, life_ms=SIGN_IN_LIFE_MS)
    return answer


@router.get(
    "/sign-in/lichess/callback",
    status_code=HTTPStatus.SEE_OTHER,
    response_class=RedirectResponse,
    responses=problems.responses(
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
    ),
)
def finish_sign_in_with_lichess(
    *, lichess: TheLichess, who: Visitor, has: Has, visit: TheVisit, back: TheReturn
) -> RedirectResponse:
    """Come back from Lichess, signed in."""
    try:
        finish_lichess_sign_in(
            has.store, lichess, back, visit, _browser(who), is_open=has.settings.sign_up
        )
    except SourceError as failure:
        raise _problem(failure) from failure
    answer = _redirect(f"{has.settings.public_url}/")
    session_cookie.give(answer, has.settings, visit.new_key)
    session_cookie.take_away(answer, has.settings, name=_STATE_COOKIE)
    return answer


@router.delete(
    "/me/lichess",
    status_code=HTTPStatus.NO_CONTENT,
    responses=problems.responses(HTTPStatus.FORBIDDEN),
)
def unlink_my_lichess(who: Owner, writing: Writing) -> None:
    """Unlink my account on Lichess; I log in with my password then."""
    unlink_lichess(writing, who.user_id)


def _browser(who: Who | None) -> Who | None:
    """Take a program for nobody: what it acts for, it cannot link."""
    return who if who and who.how is How.SESSION else None


def _redirect(address: str) -> RedirectResponse:
    return RedirectResponse(address, HTTPStatus.SEE_OTHER, headers={"Cache-Control": "no-store"})


def _problem(failure: SourceError) -> Problem:
    if isinstance(failure, CodeRefused):
        return Problem(HTTPStatus.BAD_REQUEST, str(failure), kind="lichess-sign-in-lost")
    if isinstance(failure, SourceUnreachable):
        return Problem(
            HTTPStatus.SERVICE_UNAVAILABLE,
            str(failure),
            kind="lichess-away",
            headers={"Retry-After": str(_RETRY_AFTER_S)},
        )
    return Problem(HTTPStatus.BAD_GATEWAY, str(failure), kind="lichess-not-understood")
