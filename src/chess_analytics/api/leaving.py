"""How a server leaves: for a while it answers as ever, and says that it is not ready."""

import logging
import time
from collections.abc import Callable
from http import HTTPStatus

from fastapi import Depends, Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chess_analytics.api.problems import Problem

_LOG = logging.getLogger(__name__)


class Leaving:
    """Whether the server was told to stop, and how long it goes on answering.

    Any thread may tell it, and ask it.
    """

    def __init__(self, drain_s: float, now_s: Callable[[], float] = time.monotonic) -> None:
        self._drain_s = drain_s
        self._now_s = now_s
        self._ends_s: float | None = None

    @property
    def has_begun(self) -> bool:
        """The server was told to stop."""
        return self._ends_s is not None

    def drain(self) -> None:
        """Begin to leave; from now on the time runs out."""
        if self._ends_s is None:
            self._ends_s = self._now_s() + self._drain_s
            _LOG.info("server.drains seconds=%g", self._drain_s)

    def halt(self) -> None:
        """Leave at once."""
        self._ends_s = self._now_s()

    def leave(self) -> bool:
        """Leave, or go on with it; tell whether it is over, and connections may be refused."""
        self.drain()
        return self._ends_s is not None and self._now_s() >= self._ends_s


class Farewells:
    """Has a connection closed after the next answer, once the server leaves.

    Whoever keeps connections, as proxies do, then opens the next one elsewhere. Otherwise the end
    would cut those that are kept, and a request may just be on its way on one of them.
    """

    def __init__(self, app: ASGIApp, leaving: Leaving) -> None:
        self._app = app
        self._leaving = leaving

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self._leaving.has_begun:
            await self._app(scope, receive, send)
            return

        async def _send(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(raw=message["headers"])["connection"] = "close"
            await send(message)

        await self._app(scope, receive, _send)


async def _stays(request: Request) -> None:
    leaving = request.app.state.leaving
    assert isinstance(leaving, Leaving)  # noqa: S101 - the application has set it
    if leaving.has_begun:
        raise Problem(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "this server was told to stop; send requests to another one",
            kind="stopping",
        )


STAYS = Depends(_stays)
"""For who asks whether to send requests here."""
