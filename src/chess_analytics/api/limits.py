"""How large the body of a request may be: checked while it comes, whoever reads it."""

from collections.abc import Mapping
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chess_analytics.api.problems import Problem, answer
from chess_analytics.settings import MIB

MOST_BODY_BYTES = 1_000_000
"""Of everything but uploads: forms of some fields."""


class BodyLimits:
    """Refuses bodies that are too long (413): at once where that is announced, else on the way.

    ``larger`` gives other limits to some addresses, for POST.
    """

    def __init__(self, app: ASGIApp, larger: Mapping[str, int]) -> None:
        self._app = app
        self._larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = MOST_BODY_BYTES
        if scope["method"] == "POST":
            most = self._larger.get(scope["path"], most)
        announced = Headers(scope=scope).get("content-length", "")
        if announced.isascii() and announced.isdigit() and int(announced) > most:
            await answer(_too_large(most))(scope, receive, send)
            return
        body = _Body(scope, receive, send, most)
        await self._app(scope, body.receive, body.send)


class _Body:
    """Passes a body on as it comes, and no more of it than may come."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, most: int) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send
        self._most = most
        self._received = 0
        # Our own answer, not the one that we send instead.
        self._has_begun = False

    async def receive(self) -> Message:
        if self._received <= self._most:
            message = await self._receive()
            self._received += len(message.get("body", b""))
            if self._received <= self._most:
                return message
        # As if the client had left: whoever reads stops, and throws away what came.
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        is_start = message["type"] == "http.response.start"
        if self._received <= self._most or (self._has_begun and not is_start):
            self._has_begun = True
            await self._send(message)
        elif is_start:
            # What is answered to somebody who left is not what we have to say.
            await answer(_too_large(self._most))(self._scope, self._receive, self._send)


def _too_large(most: int) -> Problem:
    limit = f"{most // MIB:,} MiB" if most >= MIB else f"{most:,} bytes"
    return Problem(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        f"this is too large: the limit is {limit}; pack games with zip, gzip or zstd, or split the "
        "file",
        kind="too-large",
    )
