"""Who makes a request: by the cookie of a session, by a token, or the single local user."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Request, Response
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer
from starlette.background import BackgroundTask

from chess_analytics.actions.add_user import find_or_add_local_user
from chess_analytics.actions.recognise import (
    How,
    Scope,
    Who,
    is_use_to_be_noted,
    local_who,
    note_use,
    recognise_session,
    recognise_token,
)
from chess_analytics.api import session_cookie
from chess_analytics.api.problems import Problem
from chess_analytics.api.rate_limits import count_address, count_user
from chess_analytics.api.resources import Resources, resources_of
from chess_analytics.observability.context import note_ids

__all__ = ["Administrator", "How", "Owner", "Reader", "Scope", "Visitor", "Who", "Writer"]

# They are read below; declared here, they stand in the description of the API.
_BEARER = HTTPBearer(
    scheme_name="token", description="An API token, from POST /tokens.", auto_error=False
)
_COOKIE = APIKeyCookie(
    scheme_name="session",
    name=session_cookie.NAME,
    description="What POST /sessions sets; over https its name begins with `__Host-`.",
    auto_error=False,
)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What we know of who makes a request."""

    who: Who | None = None
    problem: Problem | None = None
    """With what they have shown: nobody is told who does not ask."""


def receive(request: Request) -> None:
    """Count a request for its address, recognise who makes it, and count it for them.

    Raises:
        Problem: there were as many of theirs in this minute as there may be.
    """
    count_address(request)
    resources = resources_of(request)
    try:
        seen = _Seen(_recognise(request, resources, resources.now_ms()))
    except Problem as problem:
        seen = _Seen(problem=problem)
    request.state.seen = seen
    if seen.who:
        note_ids(user=seen.who.user_id)
        count_user(request, seen.who.user_id)


def note_their_use(request: Request, answered: Response) -> None:
    """Have it written down, once in a while, that a session or a token is in use.

    It is done when the answer is sent: nobody waits for it, and what was done does not fail by it.
    """
    who, resources = _seen(request).who, resources_of(request)
    now_ms = resources.now_ms()
    if who and is_use_to_be_noted(who, now_ms=now_ms):
        answered.background = BackgroundTask(note_use, resources.store, who, now_ms=now_ms)


async def _visitor(request: Request) -> Who | None:
    seen = _seen(request)
    if seen.problem:
        raise seen.problem
    return seen.who


def _seen(request: Request) -> _Seen:
    seen = request.state.seen
    assert isinstance(seen, _Seen)  # noqa: S101 - the route has set it
    return seen


def _recognise(request: Request, resources: Resources, now_ms: int) -> Who | None:
    authorization = request.headers.get("authorization")
    if authorization is not None:
        # Where a token is shown no cookie counts: such requests are not asked where they come from.
        return _by_token(resources, authorization, now_ms)
    if resources.settings.local:
        return local_who(find_or_add_local_user(resources.store, now_ms=now_ms))
    key = session_cookie.read(request, resources.settings)
    if key is None:
        return None
    with resources.store.glancing() as connection:
        return recognise_session(connection, key, now_ms=now_ms)


def _by_token(resources: Resources, authorization: str, now_ms: int) -> Who:
    scheme, _, key = authorization.partition(" ")
    who = None
    if scheme.lower() == "bearer" and key.strip():
        with resources.store.glancing() as connection:
            who = recognise_token(connection, key.strip(), now_ms=now_ms)
    if who is None:
        raise _not_signed_in(
            "this token is unknown, was revoked or has expired; the header looks like "
            "`Authorization: Bearer cap_…`, and a new token can be made after logging in"
        )
    return who


def _signed_in(who: Who | None) -> Who:
    if who is None:
        raise _not_signed_in(
            "nobody is signed in, or the session has ended; log in (POST /api/v1/sessions) or "
            "send a token"
        )
    return who


async def _somebody(who: "Visitor", _token: "_Token", _cookie: "_Cookie") -> Who:
    return _signed_in(who)


async def _reader(who: Annotated[Who, Depends(_somebody)]) -> Who:
    return _with_scope(who, Scope.READ)


async def _writer(who: Annotated[Who, Depends(_somebody)]) -> Who:
    return _with_scope(who, Scope.WRITE)


async def _owner(visitor: "Visitor", _cookie: "_Cookie") -> Who:
    who = _signed_in(visitor)
    if who.how is How.TOKEN:
        raise Problem(
            HTTPStatus.FORBIDDEN,
            "no token can do this; log in instead",
            kind="log-in-needed",
        )
    return who


async def _administrator(who: "Owner") -> Who:
    if not who.is_admin:
        raise Problem(
            HTTPStatus.FORBIDDEN,
            "only an administrator can do this",
            kind="administrators-only",
        )
    return who


def _with_scope(who: Who, scope: Scope) -> Who:
    if scope not in who.scopes:
        raise Problem(
            HTTPStatus.FORBIDDEN,
            f"this token may not {scope}; make one with the scope {scope.value!r}",
            kind="scope-missing",
        )
    return who


def _not_signed_in(detail: str) -> Problem:
    return Problem(
        HTTPStatus.UNAUTHORIZED,
        detail,
        kind="not-signed-in",
        headers={"WWW-Authenticate": "Bearer"},
    )


_Token = Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]
_Cookie = Annotated[str | None, Depends(_COOKIE)]
Visitor = Annotated[Who | None, Depends(_visitor)]
"""Who is signed in, or nobody."""
Reader = Annotated[Who, Depends(_reader)]
"""Somebody who may read their own: by session, by token, or locally."""
Writer = Annotated[Who, Depends(_writer)]
"""Somebody who may change their own: by session, by token, or locally."""
Owner = Annotated[Who, Depends(_owner)]
"""The user themself, not a program: for passwords, tokens and the account."""
Administrator = Annotated[Who, Depends(_administrator)]
"""The user themself, who administers other users."""
