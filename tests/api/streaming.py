"""Streams of the API, read as they come."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi.testclient import TestClient

from chess_analytics.api.job_resources import look_through
from chess_analytics.api.job_watch import JobWatch, Pace
from chess_analytics.api.routes import PREFIX
from tests.api.serving import Served

PATIENCE_S = 60


def hurry(served: Served, **pace: float) -> JobWatch:
    """Let the application look at jobs all the time."""
    state = served.app.state
    look = look_through(state.resources, state.foresight)
    watch: JobWatch = JobWatch(look, Pace(**{"look_s": 0.01, **pace}))
    state.job_watch = watch
    return watch


class Stream:
    """An answer of which one does not know when it ends."""

    def __init__(self) -> None:
        self.messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._is_over = False

    async def start(self) -> tuple[int, dict[str, str]]:
        """Give status and headers."""
        message = await self._next()
        headers = {name.decode(): value.decode() for name, value in message["headers"]}
        return message["status"], headers

    async def event(self) -> dict[str, str] | None:
        """Give the next event, its fields by their names; nothing at the end."""
        while not self._is_over:
            message = await self._next()
            self._is_over = not message.get("more_body", False)
            text = message.get("body", b"").decode()
            fields = dict(line.split(": ", 1) for line in text.splitlines() if line)
            if "event" in fields:
                return fields
        return None

    async def _next(self) -> dict[str, Any]:
        return await asyncio.wait_for(self.messages.get(), PATIENCE_S)


@asynccontextmanager
async def following(
    served: Served, user: TestClient, job_id: int, known: str | None = None
) -> AsyncIterator[Stream]:
    """Follow a job as a user, until the test has heard enough."""
    stream, leaves = Stream(), asyncio.Event()
    asked = False

    async def _receive() -> dict[str, Any]:
        nonlocal asked
        if not asked:
            asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await leaves.wait()
        return {"type": "http.disconnect"}

    cookies = "; ".join(f"{name}={value}" for name, value in user.cookies.items())
    headers = [(b"host", b"127.0.0.1"), (b"cookie", cookies.encode())]
    headers += [(b"last-event-id", known.encode())] if known else []
    path = f"{PREFIX}/analysis-jobs/{job_id}/events"
    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "method": "GET",
        "scheme": "http", "path": path, "raw_path": path.encode(), "query_string": b"",
        "root_path": "", "headers": headers, "client": ("192.0.2.1", 1), "server": ("h", 80),
        "http_version": "1.1",
    }  # fmt: skip
    task = asyncio.create_task(served.app(scope, _receive, stream.messages.put))  # type: ignore[arg-type]  # the messages are plain dictionaries
    try:
        yield stream
    finally:
        leaves.set()
        await asyncio.wait_for(task, PATIENCE_S)
