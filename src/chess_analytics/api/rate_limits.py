"""How many requests a user, or an address, may make: who asks for more waits a moment (429).

Guessed passwords are counted elsewhere, in the database (`actions.throttle_attempts`): those limits
hold whatever is set here. In a fleet all servers count together in Redis; while that is away each
counts by itself, since no request may wait for it.
"""

import logging
import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from threading import Lock

from fastapi import Request
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage

from chess_analytics.actions.throttle_attempts import network_of
from chess_analytics.api.problems import Problem
from chess_analytics.api.quotas import Quota, note_quota
from chess_analytics.settings import Settings

_LOG = logging.getLogger(__name__)
_PREFIX = "chess_analytics_limits"
# A request does not wait longer for a Redis that is away, and the next ones not at all.
_PATIENCE_S = 0.25
_AWAY_S = 10.0
_MOST_REMEMBERED = 10_000
_BUNDLES = 20


@dataclass
class _Minute:
    """One subject's, as far as it is known here."""

    ends_s: float
    """By the wall clock."""
    used: int
    """Of all servers, when the storage was told last, and of this one since."""
    untold: int = 0


@dataclass
class Minutes:
    """Counts requests in one storage, each subject's in minutes that begin with its first one.

    The storage is told of several requests at once, a twentieth of the limit: a request that waits
    for Redis waits longer than for anything else that is done for it, and a server without a core
    takes it for away. So each server but one may let a twentieth more through.
    """

    storage: MemoryStorage | RedisStorage
    _known: dict[str, _Minute] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def count(self, most: RateLimitItem, kind: str, subject: str) -> Quota:
        """Count a request; tell what is left of its minute."""
        key = most.key_for(kind, subject)
        untold = 1
        with self._lock:
            minute = self._known.get(key)
            if minute and minute.ends_s > time.time():
                minute.used += 1
                minute.untold += 1
                if minute.untold <= most.amount // _BUNDLES:
                    return _quota(most, kind, minute)
                untold, minute.untold = minute.untold, 0
            else:
                self._known.pop(key, None)
        return _quota(most, kind, self._tell(most, key, untold))

    def _tell(self, most: RateLimitItem, key: str, untold: int) -> _Minute:
        """Tell the storage, and hear how many there were at all servers."""
        used = self.storage.incr(key, most.get_expiry(), untold)
        now_s = time.time()
        with self._lock:
            minute = self._known.get(key)
            if used > untold and minute:
                minute.used = max(minute.used, used + minute.untold)
                return minute
        ends_s = now_s + most.get_expiry() if used == untold else self.storage.get_expiry(key)
        with self._lock:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known = {it: one for it, one in self._known.items() if one.ends_s > now_s}
            self._known[key] = _Minute(ends_s, used)
            return self._known[key]


def _quota(most: RateLimitItem, kind: str, minute: _Minute) -> Quota:
    wait_s = max(1, math.ceil(minute.ends_s - time.time()))
    return Quota(kind, most.amount, most.get_expiry(), most.amount - minute.used, wait_s)


@dataclass
class RateLimits:
    """Counts requests by minutes: in memory, and in Redis where there is one."""

    user: RateLimitItem | None
    address: RateLimitItem | None
    shared: Minutes | None = None
    own: Minutes = field(default_factory=lambda: Minutes(MemoryStorage()))
    _away_until_s: float = 0.0

    def count_address(self, address: str) -> Quota | None:
        """Count a request from an address; nothing where addresses have no limit."""
        return self._count(self.address, "address", network_of(address)) if self.address else None

    def count_user(self, user_id: int) -> Quota | None:
        """Count a request of somebody who is signed in; nothing where users have no limit."""
        return self._count(self.user, "user", str(user_id)) if self.user else None

    def _count(self, most: RateLimitItem, kind: str, subject: str) -> Quota:
        if self.shared and time.monotonic() >= self._away_until_s:
            try:
                return self.shared.count(most, kind, subject)
            except StorageError as error:
                self._away_until_s = time.monotonic() + _AWAY_S
                _LOG.warning("limits.redis_away error=%s", type(error.storage_error).__name__)
        return self.own.count(most, kind, subject)


@contextmanager
def limiting(settings: Settings) -> Iterator[RateLimits]:
    """Count requests as the settings want it; on one's own machine nobody is counted."""
    broker = settings.broker_url
    shared = None
    if broker:
        shared = RedisStorage(
            broker.get_secret_value(),
            wrap_exceptions=True,
            key_prefix=_PREFIX,
            socket_timeout=_PATIENCE_S,
            socket_connect_timeout=_PATIENCE_S,
        )
    counted = not settings.local
    try:
        yield RateLimits(
            _a_minute(settings.user_requests if counted else 0),
            _a_minute(settings.address_requests if counted else 0),
            Minutes(shared) if shared else None,
        )
    finally:
        if shared:
            shared.storage.close()


def _a_minute(most: int) -> RateLimitItem | None:
    return RateLimitItemPerMinute(most) if most else None


def count_address(request: Request) -> None:
    """Count a request before anything else is done for it.

    Raises:
        Problem: there were as many from its address in this minute as there may be.
    """
    # As uvicorn tells it: see `api.visits`.
    if request.client:
        _spend(request, _limits_of(request).count_address(request.client.host))


def count_user(request: Request, user_id: int) -> None:
    """Count a request of somebody who is signed in.

    Raises:
        Problem: there were as many of theirs in this minute as there may be.
    """
    _spend(request, _limits_of(request).count_user(user_id))


def _spend(request: Request, quota: Quota | None) -> None:
    if quota is None:
        return
    note_quota(request, quota)
    if quota.left >= 0:
        return
    whose = "you" if quota.kind == "user" else "your address"
    raise Problem(
        HTTPStatus.TOO_MANY_REQUESTS,
        f"{quota.most:,} requests from {whose} in a minute are the most; wait {quota.wait_s} s, "
        "and ask less often: for jobs there is a stream of events, for lists larger pages",
        kind="too-many-requests",
        headers={"Retry-After": str(quota.wait_s)},
    )


def _limits_of(request: Request) -> RateLimits:
    found = request.app.state.rate_limits
    assert isinstance(found, RateLimits)  # noqa: S101 - the lifespan has set it
    return found
