"""What we know of somebody who is about to sign in."""

import secrets
from typing import Annotated

from fastapi import Depends, Request

from chess_analytics.actions.account_errors import NotInLocalMode
from chess_analytics.actions.keep_sessions import Visit
from chess_analytics.api import session_cookie
from chess_analytics.api.resources import Now, TheSettings

_KEY_BYTES = 32


def new_secret() -> str:
    """Make a key of 256 random bits."""
    return secrets.token_urlsafe(_KEY_BYTES)


def _address(request: Request) -> str:
    # As uvicorn tells it, which believes the header X-Forwarded-For of a proxy on this machine, or
    # of those that FORWARDED_ALLOW_IPS names; we believe no header ourselves.
    return request.client.host if request.client else "unknown"


async def _visit(request: Request, settings: TheSettings, now_ms: Now) -> Visit:
    return Visit(
        address=_address(request),
        agent=request.headers.get("user-agent", ""),
        now_ms=now_ms,
        new_key=new_secret(),
        old_key=session_cookie.read(request, settings),
    )


async def _not_local(settings: TheSettings) -> None:
    if settings.local:
        raise NotInLocalMode(
            "this server has a single user and no log-in (it runs with --local); every request "
            "from this machine is theirs already"
        )


TheVisit = Annotated[Visit, Depends(_visit)]
NOT_LOCAL = Depends(_not_local)
"""For what makes no sense without a log-in."""
