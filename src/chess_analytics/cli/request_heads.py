"""How long the head of a request may be, and how long it may take to come.

The parser in C that uvicorn uses would go on keeping what comes, for as long as it comes, and a
connection on which nothing comes would stay open for ever.
"""

import asyncio
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

MOST_HEAD_BYTES = 65_536
"""As many as the parser in Python takes (h11)."""
MOST_HEAD_S = 30.0
"""From the opening of a connection on, or from the first byte of a later request."""


class RequestHeads(HttpToolsProtocol):
    """Answers 431 to a head that is too long, and 408 to one that does not end.

    A connection on which not a byte came is closed without a word: browsers open some in advance.
    """

    most_head_s = MOST_HEAD_S

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._is_head_open = False
        self._head_bytes = 0
        self._patience: asyncio.TimerHandle | None = None

    # As in uvicorn: asyncio would allow transports that cannot be written to, and none comes here.
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """Count the bytes of a new head."""
        self._is_head_open, self._head_bytes = True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Count no more: what follows is the body, which the application counts."""
        self._is_head_open = False
        self._stop_waiting()
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        """Give the parser what came, and look whether the head has ended with it."""
        super().data_received(data)
        if not self._is_head_open or self.transport.is_closing():
            return
        self._head_bytes += len(data)
        if self._head_bytes > MOST_HEAD_BYTES:
            self._refuse(
                HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
                f"The address and the headers of a request may have {MOST_HEAD_BYTES} bytes.",
            )
        elif self._patience is None:
            self._wait_for_head()

    def _wait_for_head(self) -> None:
        self._patience = self.loop.call_later(self.most_head_s, self._give_up)

    def _stop_waiting(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _give_up(self) -> None:
        if self._is_head_open:
            why = f"The request did not come within {self.most_head_s:g} seconds."
            self._refuse(HTTPStatus.REQUEST_TIMEOUT, why)
        else:
            self.transport.close()

    def _refuse(self, status: HTTPStatus, why: str) -> None:
        # Into an answer to an earlier request no other may be written.
        if self.cycle is None or self.cycle.response_complete:
            text = why.encode("ascii")
            lines = (
                STATUS_LINE[status],
                b"content-type: text/plain; charset=utf-8\r\n",
                b"content-length: %d\r\n" % len(text),
                b"connection: close\r\n\r\n",
                text,
            )
            self.transport.write(b"".join(lines))
        self.transport.close()
