"""Who may talk to us: no page of another site, and by no other name than ours.

A browser sends our cookie along with whatever a foreign page asks it to; and a foreign name that
points to this machine (DNS rebinding) would make a foreign page ours. Both are told from headers
that a page cannot forge.
"""

from http import HTTPStatus
from urllib.parse import urlsplit

from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from chess_analytics.api.problems import Problem, answer
from chess_analytics.settings import LOOPBACK, Settings

_HARMLESS = {"GET", "HEAD", "OPTIONS"}
_ANY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 - compared with, not listened on


class OriginCheck:
    """Refuses requests that a foreign page has made, or that know us by a foreign name."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._names = _own_names(settings)
        # A proxy may rename us on the way.
        self._public = _address(settings.public_url or "")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            problem = self._problem(scope["method"], Headers(scope=scope))
            if problem:
                await answer(problem)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _problem(self, method: str, headers: Headers) -> Problem | None:
        host = _name(f"//{headers.get('host', '')}")
        if self._names and host not in self._names:
            return Problem(
                HTTPStatus.MISDIRECTED_REQUEST,
                f"this server does not go by the name {host!r}; its operator can set "
                "CHESS_ANALYTICS_PUBLIC_URL",
            )
        if method in _HARMLESS or "authorization" in headers:
            # A page of another site can send no token without our leave, which we never give.
            return None
        origin = headers.get("origin")
        is_foreign = (
            headers.get("sec-fetch-site", "none") not in ("same-origin", "none")
            if origin is None
            # A page without an address of its own («null») is foreign, too.
            else _address(origin) not in {headers.get("host", "").lower(), self._public} - {""}
        )
        if is_foreign:
            return Problem(
                HTTPStatus.FORBIDDEN,
                "a page of another site sent this request; send it from here, or with a token",
                kind="foreign-origin",
            )
        return None


def install(app: FastAPI, settings: Settings) -> None:
    """Check every request before anything else is done with it."""
    app.add_middleware(OriginCheck, settings=settings)


def _own_names(settings: Settings) -> frozenset[str]:
    """Give the names we go by; none where we listen everywhere and were told no name."""
    names = {*LOOPBACK}
    if settings.public_url:
        names.add(_name(settings.public_url))
    elif settings.host in _ANY_ADDRESS:
        return frozenset()
    else:
        names.add(settings.host.lower())
    return frozenset(names)


def _name(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def _address(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""
