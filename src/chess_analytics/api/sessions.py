"""Sessions: logging in, logging out, and which browsers are signed in."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from chess_analytics.actions.keep_sessions import SESSION_IDLE_MS
from chess_analytics.actions.keys import key_hash
from chess_analytics.actions.log_in import log_in
from chess_analytics.actions.passwords import MOST_LETTERS
from chess_analytics.actions.sign_up import Credentials
from chess_analytics.api import problems, session_cookie
from chess_analytics.api.accounts import User, user_of
from chess_analytics.api.identity import Owner
from chess_analytics.api.resources import Has, Now, TheSettings
from chess_analytics.api.routes import Reading, Router, Writing
from chess_analytics.api.visits import NOT_LOCAL, TheVisit
from chess_analytics.store import sessions

router = Router(tags=["sessions"])

SessionId = Annotated[str, Path(pattern="^[0-9a-f]{16}$")]


class LogIn(BaseModel):
    """Who logs in."""

    model_config = ConfigDict(frozen=True)

    name: str = Field(max_length=200, examples=["ada"])
    password: str = Field(max_length=MOST_LETTERS, examples=["correct horse battery staple"])


class SessionItem(BaseModel):
    """A browser that is signed in."""

    model_config = ConfigDict(frozen=True)

    id: str = Field(description="Names the session, and opens nothing.")
    is_current: bool = Field(description="Whether it is the one that asks.")
    agent: str = Field(description="What the browser calls itself.")
    created_ms: int = Field(description="When it was signed in.")
    seen_ms: int = Field(description="When it was used last, to the hour.")
    expires_ms: int = Field(description="When it ends at the latest.")


class SessionList(BaseModel):
    """All sessions of a user, the one used last first; they are few and come at once."""

    model_config = ConfigDict(frozen=True)

    items: list[SessionItem]
    next: None = None


@router.post(
    "/sessions",
    status_code=HTTPStatus.CREATED,
    responses=problems.responses(
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.CONFLICT,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        HTTPStatus.TOO_MANY_REQUESTS,
    ),
    dependencies=[NOT_LOCAL],
)
def log_in_user(*, claim: LogIn, response: Response, has: Has, visit: TheVisit) -> User:
    """Log in; the session is kept in a cookie that only the browser and we see."""
    account = log_in(has.store, has.passwords, Credentials(claim.name, claim.password), visit)
    session_cookie.give(response, has.settings, visit.new_key)
    return user_of(account)


@router.get(
    "/sessions", responses=problems.responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
)
def list_sessions(who: Owner, reading: Reading, now_ms: Now) -> SessionList:
    """List where I am signed in."""
    found = sessions.sessions_of_user(
        reading, who.user_id, now_ms=now_ms, idle_since_ms=now_ms - SESSION_IDLE_MS
    )
    items = [
        SessionItem(
            id=session.id,
            is_current=session.key_hash == who.session_hash,
            agent=session.agent,
            created_ms=session.created_ms,
            seen_ms=session.seen_ms,
            expires_ms=session.expires_ms,
        )
        for session in found
    ]
    return SessionList(items=items)


@router.delete(
    "/sessions/current",
    status_code=HTTPStatus.NO_CONTENT,
    responses=problems.responses(HTTPStatus.FORBIDDEN),
)
def log_out(request: Request, response: Response, settings: TheSettings, writing: Writing) -> None:
    """Log out in this browser; where nobody is signed in, nothing happens."""
    key = session_cookie.read(request, settings)
    if key is not None:
        sessions.remove_session(writing, key_hash(key))
        session_cookie.take_away(response, settings)


@router.delete(
    "/sessions/{session_id}",
    status_code=HTTPStatus.NO_CONTENT,
    responses=problems.responses(
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    ),
)
def end_session(session_id: SessionId, who: Owner, writing: Writing) -> None:
    """Sign out another browser of mine."""
    if not sessions.remove_session_of_user(writing, who.user_id, session_id):
        raise problems.not_found("session")
