"""Uploads that come slowly, break off, or are too many at once: through the bare protocol."""

import asyncio
from collections.abc import Callable, Coroutine, MutableMapping
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.api.importing import TWO_GAMES, Worker, uploads_of
from tests.api.serving import Served

Message = MutableMapping[str, Any]
BODY = TWO_GAMES.encode()


class Request:
    """An upload whose pieces come when the test says so."""

    def __init__(self, served: Served, user: TestClient) -> None:
        cookies = "; ".join(f"{name}={value}" for name, value in user.cookies.items())
        self._app = served.app
        self._scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST",
            "scheme": "http", "path": "/api/v1/imports", "raw_path": b"/api/v1/imports",
            "query_string": b"name=games.pgn", "root_path": "", "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80), "state": {},
            "headers": [(b"host", b"127.0.0.1"), (b"cookie", cookies.encode())],
        }  # fmt: skip
        self.pieces: asyncio.Queue[Message] = asyncio.Queue()
        self.is_awaited = asyncio.Event()
        self.sent: list[Message] = []

    def send(self, piece: bytes, *, is_last: bool = False) -> None:
        self.pieces.put_nowait({"type": "http.request", "body": piece, "more_body": not is_last})

    def leave(self) -> None:
        self.pieces.put_nowait({"type": "http.disconnect"})

    async def run(self) -> int:
        """Let the application answer, and give the status."""

        async def take(message: Message) -> None:
            self.sent.append(message)

        async def give() -> Message:
            self.is_awaited.set()
            return await self.pieces.get()

        await self._app(self._scope, give, take)
        status: int = self.sent[0]["status"]
        return status


def played_out(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    async def with_a_limit() -> None:
        async with asyncio.timeout(60):
            await work()

    asyncio.run(with_a_limit())


@pytest.fixture(autouse=True)
def _worker(served: Served) -> None:
    Worker(served)


def test_an_upload_in_many_pieces_is_taken_when_the_last_has_come(
    served: Served, ada: TestClient
) -> None:
    async def work() -> None:
        request = Request(served, ada)
        for start in range(0, len(BODY), 5):
            request.send(BODY[start : start + 5])
        request.send(b"", is_last=True)
        assert await request.run() == 202

    played_out(work)
    (name,) = uploads_of(served)
    assert (served.settings.data_dir / "uploads" / name).read_bytes() == BODY


def test_an_upload_that_breaks_off_leaves_nothing(served: Served, ada: TestClient) -> None:
    async def work() -> None:
        # More often than uploads may be on their way at once.
        for _ in range(6):
            request = Request(served, ada)
            request.send(BODY)
            request.leave()
            await request.run()

    played_out(work)
    assert uploads_of(served) == []
    assert ada.get("imports").json()["items"] == []


def test_a_user_can_have_four_uploads_on_their_way_and_no_more(
    served: Served, ada: TestClient, bob: TestClient
) -> None:
    async def work() -> None:
        slow = [Request(served, ada) for _ in range(4)]
        tasks = [asyncio.create_task(request.run()) for request in slow]
        for request in slow:
            request.send(BODY)
            await request.is_awaited.wait()
        one_more = Request(served, ada)
        one_more.send(BODY, is_last=True)
        assert await one_more.run() == 429
        headers = dict(one_more.sent[0]["headers"])
        assert int(headers[b"retry-after"]) > 0
        other = Request(served, bob)
        other.send(BODY, is_last=True)
        assert await other.run() == 202
        for request in slow:
            request.send(b"", is_last=True)
        assert await asyncio.gather(*tasks) == [202] * 4
        again = Request(served, ada)
        again.send(BODY, is_last=True)
        assert await again.run() == 202

    played_out(work)
    assert len(uploads_of(served)) == 6
