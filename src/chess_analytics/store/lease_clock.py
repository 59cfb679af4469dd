"""The clock that leases go by: no jump of a worker's own clock may end one."""

import time
from collections.abc import Callable

from sqlalchemy import Connection, text

from chess_analytics.store.database_clock import ASK_MS, known_ms, note_ms
from chess_analytics.store.session import Store

LeaseClock = Callable[[Connection], int]
"""Tells the time in milliseconds since 1970."""

# Of this process: all its threads reckon from the same moment.
_STARTED_S = time.time()
_STARTED_MONOTONIC_S = time.monotonic()
_NOW = text(ASK_MS)


def lease_clock(store: Store) -> LeaseClock:
    """Give the clock of a store: PostgreSQL's own, which is one for all machines.

    A connection asks for it once a second at most, and reckons in between.
    On SQLite all workers live in this process. It reckons by the monotonic clock from its start, so
    that nothing happens to a lease when somebody sets the wall clock.
    """
    return _since_start_ms if store.is_embedded else _database_ms


def _database_ms(connection: Connection) -> int:
    known = known_ms(connection.info)
    if known is not None:
        return known
    now_ms: int = connection.execute(_NOW).scalar_one()
    note_ms(connection.info, now_ms)
    return now_ms


def _since_start_ms(_connection: Connection) -> int:
    return int((_STARTED_S + time.monotonic() - _STARTED_MONOTONIC_S) * 1000)
