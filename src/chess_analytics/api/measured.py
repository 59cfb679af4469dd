"""Times every answer for metrics and log, by the template of its route."""

import logging
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chess_analytics.observability.metrics import note_request
from chess_analytics.observability.traces import describe_span

_LOG = logging.getLogger(__name__)
_NOT_FOUND = "(none)"


class Measured:
    """Notes when an answer begins: a stream's end says nothing of the server."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began_s = perf_counter()

        async def _send(message: Message) -> None:
            if message["type"] == "http.response.start":
                seconds = perf_counter() - began_s
                method, route, status = scope["method"], _route(scope), message["status"]
                note_request(method=method, route=route, status=status, seconds=seconds)
                describe_span(f"{method} {route}", route=route, status=status)
                _LOG.info("request.answered %s %s %d %.0fms", method, route, status, 1000 * seconds)
            await send(message)

        await self._app(scope, receive, _send)


def _route(scope: Scope) -> str:
    return getattr(scope.get("route"), "path", None) or _NOT_FOUND
