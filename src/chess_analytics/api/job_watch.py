"""Watch jobs for all who listen: one look a second at each of them, however many listen.

Nobody's thread waits while nothing happens, and nothing runs in the background: who listens looks,
if nobody has done so lately, and tells the others.
"""

import asyncio
import hashlib
import logging
import threading
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TypeVar

import anyio.to_thread
from anyio import CapacityLimiter
from anyio.lowlevel import RunVar
from sqlalchemy.exc import SQLAlchemyError

from chess_analytics.store.session import StoreError

LOOK_EVERY_S = 1.0
HEARTBEAT_S = 15.0
# A session that was ended is noticed within so long.
CHECK_EVERY_S = 5.0
# Then a client comes again, and says what it knows: nothing is held open for ever.
LONGEST_S = 3600.0
MOST_LISTENERS = 500
MOST_OF_A_USER = 20
# Looks are short; requests have threads of their own.
_THREADS = 4
_LIMITER: RunVar[CapacityLimiter] = RunVar("job_watch_threads")
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sighting:
    """How a job stood when it was looked at."""

    text: str
    """What is told: JSON in one line."""
    has_ended: bool
    version: str = field(init=False)
    """Another one if, and only if, something else is told."""

    def __post_init__(self) -> None:
        digest = hashlib.blake2b(self.text.encode(), digest_size=9).hexdigest()
        object.__setattr__(self, "version", digest)


Job = tuple[int, int]
"""Its user, and its id."""
Look = Callable[[int, int], Sighting | None]
"""Read how a job of a user stands; nothing if there is none. It may take its time."""


class TooManyListeners(Exception):
    """No more can listen now."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How often what is done; tests hurry."""

    look_s: float = LOOK_EVERY_S
    heartbeat_s: float = HEARTBEAT_S
    check_s: float = CHECK_EVERY_S
    longest_s: float = LONGEST_S


@dataclass(slots=True)
class _Watched:
    """What is known of a job, for all who listen."""

    sighting: Sighting | None = None
    is_gone: bool = False
    looked_at: float = float("-inf")
    listeners: set["_Listener"] = field(default_factory=set)

    @property
    def is_over(self) -> bool:
        """Nothing more will be seen of it."""
        return self.is_gone or (self.sighting is not None and self.sighting.has_ended)


class _Listener:
    """Somebody who waits, in whichever event loop; any thread may wake them."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._woken = asyncio.Event()

    def wake(self) -> None:
        with suppress(RuntimeError):  # their loop has ended, and so have they
            self._loop.call_soon_threadsafe(self._woken.set)

    async def rest(self, most_s: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(most_s):
                await self._woken.wait()
        self._woken.clear()


class _Teller:
    """Knows what one listener was told, and when."""

    def __init__(self, known: str | None, pace: Pace) -> None:
        self._known = known
        self._pace = pace
        self._began = self._told_at = self._checked_at = time.monotonic()

    @property
    def is_tired(self) -> bool:
        return time.monotonic() - self._began >= self._pace.longest_s

    def has_to_check(self) -> bool:
        """Tell whether to see if they are still signed in; after that not for a while."""
        is_time = time.monotonic() - self._checked_at >= self._pace.check_s
        if is_time:
            self._checked_at = time.monotonic()
        return is_time

    def news(self, found: Sighting | None) -> Iterator[str]:
        """Yield what they do not know yet; when that was nothing for long, a sign of life."""
        now = time.monotonic()
        if found and found.version != self._known:
            self._known, self._told_at = found.version, now
            yield f"event: progress\nid: {found.version}\ndata: {found.text}\n\n"
        if found and found.has_ended:
            yield f"event: ended\nid: {ended_id(found)}\ndata: {found.text}\n\n"
        elif now - self._told_at >= self._pace.heartbeat_s:
            self._told_at = now
            yield ": nothing new\n\n"


class JobWatch:
    """Tells listeners how their jobs stand; `ring` and `close` may be called by any thread."""

    def __init__(
        self, look: Look, pace: Pace | None = None, *, most_listeners: int = MOST_LISTENERS
    ) -> None:
        self.look = look
        """Read how a job stands, now."""
        self._pace = pace or Pace()
        self._most = most_listeners
        self._lock = threading.Lock()
        self._jobs: dict[Job, _Watched] = {}
        self._is_closed = False

    @property
    def listening(self) -> int:
        """How many listen now."""
        with self._lock:
            return sum(len(watched.listeners) for watched in self._jobs.values())

    def ring(self, user_id: int, job_id: int) -> None:
        """Something was done with a job: look at it now."""
        with self._lock:
            if watched := self._jobs.get((user_id, job_id)):
                watched.looked_at = float("-inf")
                _wake(watched)

    def close(self) -> None:
        """Let all streams end at once: the server stops."""
        self._is_closed = True
        with self._lock:
            for watched in self._jobs.values():
                _wake(watched)

    def check_room(self, user_id: int) -> None:
        """See whether one more can listen.

        Raises:
            TooManyListeners: there are as many as there can be, or as one user can have.
        """
        with self._lock:
            by_user = [(user, len(it.listeners)) for (user, _), it in self._jobs.items()]
        if self._is_closed or sum(count for _, count in by_user) >= self._most:
            raise TooManyListeners("as many listen as can at once")
        if sum(count for user, count in by_user if user == user_id) >= MOST_OF_A_USER:
            raise TooManyListeners(f"you are listening {MOST_OF_A_USER} times already")

    async def events(
        self, job: Job, known: str | None, is_welcome: Callable[[], bool]
    ) -> AsyncGenerator[str, None]:
        """Yield server-sent events until the job has ended, or who listens is welcome no more.

        ``known`` is the version that they have: it is not told again.
        """
        yield "retry: 2000\n\n"
        teller = _Teller(known, self._pace)
        with self._listening(job) as (watched, listener):
            while not (self._is_closed or teller.is_tired):
                await self._refresh(job, watched)
                for text in teller.news(watched.sighting):
                    yield text
                if watched.is_over:
                    return
                if teller.has_to_check() and not await _in_thread(is_welcome):
                    return
                await listener.rest(self._pace.look_s)

    @contextmanager
    def _listening(self, job: Job) -> Iterator[tuple[_Watched, _Listener]]:
        listener = _Listener()
        with self._lock:
            watched = self._jobs.setdefault(job, _Watched())
            watched.listeners.add(listener)
        try:
            yield watched, listener
        finally:
            with self._lock:
                watched.listeners.discard(listener)
                if not watched.listeners:
                    self._jobs.pop(job, None)

    async def _refresh(self, job: Job, watched: _Watched) -> None:
        """Look, unless somebody has done so lately; who has nothing yet waits for no other."""
        with self._lock:
            now = time.monotonic()
            if watched.sighting and now - watched.looked_at < self._pace.look_s * 0.9:
                return
            watched.looked_at = now
        try:
            found = await _in_thread(lambda: self.look(*job))
        except (SQLAlchemyError, StoreError) as error:
            # It comes back, and then the stream goes on.
            _LOG.warning("job_watch.database_away error=%s", type(error).__name__)
            return
        with self._lock:
            is_new = found != watched.sighting
            watched.sighting, watched.is_gone = found, found is None
            if is_new:
                _wake(watched)


def ended_id(sighting: Sighting) -> str:
    """Name the last event of a job: who comes again with it has missed nothing."""
    return f"{sighting.version}.ended"


def _wake(watched: _Watched) -> None:
    for listener in watched.listeners:
        listener.wake()


_T = TypeVar("_T")


async def _in_thread(work: Callable[[], _T]) -> _T:
    limiter = _LIMITER.get(None)
    if limiter is None:
        limiter = CapacityLimiter(_THREADS)
        _LIMITER.set(limiter)
    return await anyio.to_thread.run_sync(work, limiter=limiter)
