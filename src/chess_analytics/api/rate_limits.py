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
from limits.strategies import FixedWindowRateLimiter

from chess_analytics.actions.throttle_attempts import network_of
from chess_analytics.api.problems import Problem
from chess_analytics.settings import Settings

_LOG = logging.getLogger(__name__)
_PREFIX = "chess_analytics_limits"
# A request does not wait longer for a Redis that is away, and the next ones not at all.
_PATIENCE_S = 0.25
_AWAY_S = 10.0


@dataclass
class RateLimits:
    """Counts requests by minutes: in memory, and in Redis where there is one."""

    user: RateLimitItem | None
    address: RateLimitItem | None
    shared: RedisStorage | None = None
    own: MemoryStorage = field(default_factory=MemoryStorage)
    _away_until_s: float = 0.0

    def count_address(self, address: str) -> None:
        """Count a request from an address.

        Raises:
            Problem: there were as many in this minute as there may be.
        """
        if self.address:
            self._count(self.address, "address", network_of(address))

    def count_user(self, user_id: int) -> None:
        """Count a request of somebody who is signed in.

        Raises:
            Problem: there were as many in this minute as there may be.
        """
        if self.user:
            self._count(self.user, "user", str(user_id))

    def _count(self, most: RateLimitItem, kind: str, subject: str) -> None:
        if self.shared and time.monotonic() >= self._away_until_s:
            try:
                _hit(FixedWindowRateLimiter(self.shared), most, kind, subject)
            except StorageError as error:
                self._away_until_s = time.monotonic() + _AWAY_S
                _LOG.warning("limits.redis_away error=%s", type(error.storage_error).__name__)
            else:
                return
        _hit(FixedWindowRateLimiter(self.own), most, kind, subject)


def _hit(limiter: FixedWindowRateLimiter, most: RateLimitItem, kind: str, subject: str) -> None:
    if limiter.hit(most, kind, subject):
        return
    reset_s = limiter.get_window_stats(most, kind, subject).reset_time - time.time()
    wait_s = max(1, math.ceil(reset_s))
    whose = "you" if kind == "user" else "your address"
    raise Problem(
        HTTPStatus.TOO_MANY_REQUESTS,
        f"{most.amount:,} requests from {whose} in a minute are the most; wait {wait_s} s, and ask "
        "less often: for jobs there is a stream of events, for lists larger pages",
        kind="too-many-requests",
        headers={"Retry-After": str(wait_s)},
    )


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
            shared,
        )
    finally:
        if shared:
            shared.storage.close()


def _a_minute(most: int) -> RateLimitItem | None:
    return RateLimitItemPerMinute(most) if most else None


def limits_of(request: Request) -> RateLimits:
    """Give what counts this application's requests."""
    found = request.app.state.rate_limits
    assert isinstance(found, RateLimits)  # noqa: S101 - the lifespan has set it
    return found


def count_address(request: Request) -> None:
    """Count a request before anything else is done for it."""
    # As uvicorn tells it: see `api.visits`.
    if request.client:
        limits_of(request).count_address(request.client.host)
