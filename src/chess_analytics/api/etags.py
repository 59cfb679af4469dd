"""Answers that are polled: each JSON answer has an ETag, and none is sent twice to one reader."""

import hashlib
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_JSON = "application/json"
_UNCHANGED = ("content-length", "content-type")


class Etags:
    """Adds an ETag to JSON answers of GET, and answers 304 to who has the same one already."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        known = Headers(scope=scope).get("if-none-match", "")
        await self._app(scope, receive, _Answer(send, known).send)


class _Answer:
    """Holds a JSON answer back until its end; anything else passes through as it comes."""

    def __init__(self, send: Send, known: str) -> None:
        self._send = send
        self._known = [tag.strip().removeprefix("W/") for tag in known.split(",")]
        self._start: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_json(message):
            self._start = message
        elif self._start is None:
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._finish(self._start)

    async def _finish(self, start: Message) -> None:
        tag = f'"{hashlib.blake2b(self._body, digest_size=12).hexdigest()}"'
        headers = MutableHeaders(raw=start["headers"])
        headers["etag"] = tag
        # Kept by the browser for its own user, and asked about every time.
        headers.setdefault("cache-control", "private, no-cache")
        if tag in self._known or self._known == ["*"]:
            for name in _UNCHANGED:
                del headers[name]
            start = {**start, "status": HTTPStatus.NOT_MODIFIED.value, "headers": headers.raw}
            self._body = b""
        await self._send({**start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": self._body})


def _is_json(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    kind = headers.get("content-type", "").partition(";")[0].strip()
    return start["status"] == HTTPStatus.OK and kind == _JSON
