"""Let everybody do what they came for, all at once, and write down what they are answered."""

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial

from bench.load.answers import Answer
from bench.load.people import Pace, Person, Seat, seated
from bench.load.stage import Seats
from bench.load.visits import ask_on_and_on, bring_games, browse, have_analysed

# Who is in the middle of something when the time is up may end it.
_LAST_S = 5.0
_LOOK_S = 0.05

Part = Callable[[Person, Pace], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Played:
    """What came of it."""

    answers: list[Answer] = field(default_factory=list)
    late_s: list[float] = field(default_factory=list)
    """How late the driver was whenever it looked: so much of the times is its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """How it is played."""

    files: list[bytes]
    """To import, one after another."""
    most_s: float
    page_s: float
    """How long people look at a page, on the average; so long it takes until all have come."""
    is_enough: Callable[[list[Answer]], bool] = lambda _: False
    """Whether to end before the time is up."""


async def play(seats: Seats, script: Script) -> Played:
    """Let all people do what they do, one coming after another, until the time is up."""
    played = Played()
    pace = Pace(asyncio.Event(), script.page_s)
    secure = ssl.create_default_context()
    parts: list[tuple[list[Seat], Part]] = [
        (seats.browsing, browse),
        (seats.importing, partial(bring_games, files=script.files)),
        (seats.analysing, have_analysed),
        (seats.scripts, ask_on_and_on),
    ]

    async def live(seat: Seat, part: Part) -> None:
        async with seated(seat, played.answers, secure) as person:
            if await pace.wait(person.chance.uniform(0, script.page_s)):
                await part(person, pace)

    at_it = [asyncio.create_task(live(seat, part)) for group, part in parts for seat in group]
    await _look_at_the_clock(script, played)
    pace.over.set()
    ended, still = await asyncio.wait(at_it, timeout=_LAST_S)
    for task in still:
        task.cancel()
    await asyncio.gather(*still, return_exceptions=True)
    for task in ended:
        task.result()
    return played


async def _look_at_the_clock(script: Script, played: Played) -> None:
    until_s = time.monotonic() + script.most_s
    while (due_s := time.monotonic() + _LOOK_S) < until_s and not script.is_enough(played.answers):
        await asyncio.sleep(_LOOK_S)
        played.late_s.append(time.monotonic() - due_s)
