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


@dataclass
class Minutes:
    """Counts requests in one storage, each subject's in minutes that begin with its first one."""

    storage: MemoryStorage | RedisStorage
    _ends_s: dict[str, float] = field(default_factory=dict)
    """When minutes end, by the wall clock: asking costs as much as counting does."""

    def count(self, most: RateLimitItem, kind: str, subject: str) -> Quota:
        """Count a request; tell what is left of its minute."""
        key = most.key_for(kind, subject)
        used = self.storage.incr(key, most.get_expiry())
        wait_s = max(1, math.ceil(self._end_s(key, most, used) - time.time()))
        return Quota(kind, most.amount, most.get_expiry(), most.amount - used, wait_s)

    def _end_s(self, key: str, most: RateLimitItem, used: int) -> float:
        now_s = time.time()
        known = self._ends_s.get(key, 0.0)
        if used > 1 and known > now_s:
            return known
        if len(self._ends_s) >= _MOST_REMEMBERED:
            # Any thread may count; what two sweep away at the same moment is the same.
            self._ends_s = {one: end_s for one, end_s in [*self._ends_s.items()] if end_s > now_s}
        end_s = now_s + most.get_expiry() if used == 1 else self.storage.get_expiry(key)
        self._ends_s[key] = end_s
        return end_s


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
