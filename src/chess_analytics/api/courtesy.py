"""Who works in the background of a server gives way to who waits for an answer."""

import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LOOK_S = 0.002
# Somebody always asks where many do: the work goes on all the same.
_MOST_S = 0.01


class Courtesy:
    """Knows whether somebody waits for the beginning of an answer; any thread may ask."""

    def __init__(self) -> None:
        self.waiting = 0
        """Requests; changed by the event loop alone."""

    def give_way(self) -> None:
        """Sleep a moment if somebody waits, between two steps of some milliseconds each.

        Threads share a processor evenly: without it a request beside two imports gets a third.
        """
        until_s = time.monotonic() + _MOST_S
        while self.waiting and time.monotonic() < until_s:
            time.sleep(_LOOK_S)


class Waiting:
    """Counts who waits: from the request to the beginning of its answer, which may be a stream.

    Only of those who read: an upload takes as long as it takes to arrive.
    """

    def __init__(self, app: ASGIApp, courtesy: Courtesy) -> None:
        self._app = app
        self._courtesy = courtesy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        waits = 1
        self._courtesy.waiting += 1

        def answered() -> None:
            nonlocal waits
            self._courtesy.waiting -= waits
            waits = 0

        async def _send(message: Message) -> None:
            answered()
            await send(message)

        try:
            await self._app(scope, receive, _send)
        finally:
            answered()
