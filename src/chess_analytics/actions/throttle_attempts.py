"""Let nobody try too often: what is counted, how many are let through, and in which time.

An attempt is counted before it is looked at, and taken back if it was no failure: however many come
at once, no more than the limit are let through.
"""

import hashlib
import ipaddress
import math
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from chess_analytics.actions.account_errors import TooManyAttempts
from chess_analytics.store import throttle

_MINUTE_MS = 60_000
# The longest window below.
ATTEMPTS_KEPT_MS = 60 * _MINUTE_MS
# Who has one IPv6 address has a whole network of them.
_IPV6_NETWORK_BITS = 64


@dataclass(frozen=True, slots=True)
class Limit:
    """So many failures in so long a time, of one subject."""

    subject: str
    most: int
    window_ms: int
    message: str


def log_ins_of_name(name: str) -> Limit:
    return Limit(
        _subject("name", name.lower()),
        most=10,
        window_ms=15 * _MINUTE_MS,
        message="too many wrong passwords for this name",
    )


def log_ins_from(address: str) -> Limit:
    return Limit(
        _subject("log-in", network_of(address)),
        most=50,
        window_ms=15 * _MINUTE_MS,
        message="too many wrong passwords from your address",
    )


def sign_ups_from(address: str) -> Limit:
    return Limit(
        _subject("sign-up", network_of(address)),
        most=30,
        window_ms=60 * _MINUTE_MS,
        message="too many sign-ups from your address",
    )


def lichess_sign_ins_from(address: str) -> Limit:
    return Limit(
        _subject("lichess", network_of(address)),
        most=30,
        window_ms=15 * _MINUTE_MS,
        message="too many sign-ins with Lichess from your address",
    )


def count_attempt(connection: Connection, limits: Sequence[Limit], *, now_ms: int) -> list[int]:
    """Count an attempt, and give the numbers under which it can be taken back.

    Raises:
        TooManyAttempts: one of the limits is reached; this attempt is not counted.
    """
    throttle.sweep_attempts(connection, before_ms=now_ms - ATTEMPTS_KEPT_MS)
    throttle.hold_subjects(connection, [limit.subject for limit in limits])
    for limit in limits:
        _check(connection, limit, now_ms)
    return [throttle.add_attempt(connection, limit.subject, at_ms=now_ms) for limit in limits]


def _check(connection: Connection, limit: Limit, now_ms: int) -> None:
    reached_ms = throttle.nth_latest_attempt_ms(
        connection, limit.subject, limit.most, since_ms=now_ms - limit.window_ms
    )
    if reached_ms is None:
        return
    wait_s = max(1, math.ceil((reached_ms + limit.window_ms - now_ms) / 1000))
    minutes = math.ceil(wait_s / 60)
    raise TooManyAttempts(
        f"{limit.message}; try again in {minutes} minute{'s' if minutes > 1 else ''}", wait_s
    )


def network_of(address: str) -> str:
    """Name what is counted as one address: of IPv6 the network that one household is given."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((int(parsed), _IPV6_NETWORK_BITS), strict=False))


def _subject(kind: str, of: str) -> str:
    # The table holds no names that were mistyped passwords, and no addresses.
    return hashlib.sha256(f"{kind} {of}".encode("utf-8", "surrogatepass")).hexdigest()
