"""One person with a browser, or a program: asks, remembers what was answered, and takes time."""

import asyncio
import random
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import httpx2
from tests.accounts import PASSWORD

from bench.load.answers import NONE, Answer

# Browsers open as many connections to a server.
_CONNECTIONS = 6
# The server closes those that were silent for five seconds; a browser that met one that is just
# closing would ask again, which is not what we want to count.
_KEEP_S = 4.0
_PATIENCE_S = 60.0
# Nobody reads a page in less.
_SHORTEST_S = 1.0
_OK = range(200, 300)
_NOT_MODIFIED = 304


@dataclass(frozen=True, slots=True)
class Seat:
    """Who somebody is, and where they sit."""

    user_id: int
    address: str
    """Of the server to which the proxy sends them, up to the version of its API."""
    from_address: str
    """What the proxy says of where they come from."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The cookie of their session, if they have one yet."""
    name: str = ""
    """By which they log in otherwise."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long people take, and when the measurement is over."""

    over: asyncio.Event
    page_s: float
    """How long somebody looks at a page that is not said to take longer, on the average."""

    async def wait(self, seconds: float) -> bool:
        """Wait; tell whether there is still time."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.over.wait(), seconds)
        return not self.over.is_set()

    async def look(self, chance: random.Random, pages: float = 1) -> bool:
        """Look at a page, as long as at so many others; tell whether there is still time."""
        mean_s = pages * self.page_s - _SHORTEST_S
        return await self.wait(_SHORTEST_S + chance.expovariate(1 / mean_s))


class Person:
    """Asks as a browser does: with what it has kept of earlier answers."""

    def __init__(self, seat: Seat, client: httpx2.AsyncClient, answers: list[Answer]) -> None:
        self.seat = seat
        self.chance = random.Random(seat.user_id)
        self.listed: list[Any] = []
        """The games of the list that they saw last."""
        self._client = client
        self._answers = answers
        self._kept: dict[str, tuple[str, Any]] = {}

    async def get(self, path: str, named: str | None = None, **query: object) -> Any:
        """Read something; nothing where that was refused or failed."""
        known = self._kept.get(key := f"{path} {query}")
        headers = {"If-None-Match": known[0]} if known else {}
        answer = await self.ask("GET", path, named, params=query, headers=headers)
        if answer is None:
            return None
        if answer.status_code == _NOT_MODIFIED and known:
            return known[1]
        if answer.status_code not in _OK:
            return None
        body = answer.json()
        if etag := answer.headers.get("etag"):
            self._kept[key] = etag, body
        return body

    async def ask(
        self, method: str, path: str, named: str | None = None, **more: Any
    ) -> httpx2.Response | None:
        """Ask for something; nothing where no answer came."""
        at_s, began_s = time.monotonic(), time.perf_counter()
        route = f"{method} {named or path}"
        try:
            answer = await self._client.request(method, path, **more)
        except httpx2.HTTPError:
            self._note(route, NONE, at_s, time.perf_counter() - began_s)
            return None
        seconds = time.perf_counter() - began_s
        retry_after = answer.headers.get("retry-after")
        self._note(route, answer.status_code, at_s, seconds, retry_after)
        return answer

    async def log_in(self) -> None:
        """Begin a session; the browser keeps its cookie."""
        await self.ask("POST", "/sessions", json={"name": self.seat.name, "password": PASSWORD})

    async def follow(self, path: str, named: str, hear: Callable[[str], Awaitable[bool]]) -> None:
        """Let somebody hear each line of a stream, until it ends or they have heard enough.

        Its beginning is an answer; that it breaks off is another one.
        """
        at_s, began_s = time.monotonic(), time.perf_counter()
        try:
            async with self._client.stream("GET", path) as stream:
                seconds = time.perf_counter() - began_s
                self._note(f"GET {named}", stream.status_code, at_s, seconds)
                async for line in stream.aiter_lines():
                    if not await hear(line):
                        return
        except httpx2.HTTPError:
            self._note(f"GET {named}", NONE, at_s, time.perf_counter() - began_s)

    def _note(
        self, route: str, status: int, at_s: float, seconds: float, retry_after: str | None = None
    ) -> None:
        self._answers.append(Answer(route, status, at_s, seconds, retry_after))


@asynccontextmanager
async def seated(
    seat: Seat, answers: list[Answer], secure: ssl.SSLContext
) -> AsyncIterator[Person]:
    """Give somebody a browser of their own, with its connections."""
    headers = {
        **seat.headers,
        "X-Forwarded-For": seat.from_address,
        "Sec-Fetch-Site": "same-origin",
    }
    limits = httpx2.Limits(max_connections=_CONNECTIONS, keepalive_expiry=_KEEP_S)
    async with httpx2.AsyncClient(
        base_url=seat.address, headers=headers, limits=limits, timeout=_PATIENCE_S, verify=secure
    ) as client:
        yield Person(seat, client, answers)
