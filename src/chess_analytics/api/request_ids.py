"""Each request has a number: every line of our log that belongs to it bears it, and its answer."""

import logging
import re
import secrets
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chess_analytics.api.problems import Problem, answer
from chess_analytics.observability.context import belonging_to
from chess_analytics.observability.traces import span

_LOG = logging.getLogger(__name__)

HEADER = "X-Request-Id"
# A proxy may have given it one already; what is none cannot write into our log.
_GIVEN = re.compile(r"[A-Za-z0-9._-]{8,64}")
_BYTES = 8


class RequestIds:
    """Numbers requests, and answers in words where we failed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(HEADER, "")
        number = given if _GIVEN.fullmatch(given) else secrets.token_hex(_BYTES)
        has_begun = False

        async def _send(message: Message) -> None:
            nonlocal has_begun
            if message["type"] == "http.response.start":
                has_begun = True
                MutableHeaders(raw=message["headers"])[HEADER] = number
            await send(message)

        with belonging_to(request=number), span("request", request=number, method=scope["method"]):
            try:
                await self._app(scope, receive, _send)
            except Exception as error:
                _LOG.exception("request.fault %s %s", scope["method"], type(error).__name__)
                if has_begun:
                    raise
                await answer(_fault(number))(scope, receive, _send)


def _fault(number: str) -> Problem:
    return Problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "the server failed at this, and its log tells why; whoever runs it finds the reason under "
        f"the number {number}",
        kind="server-fault",
    )
