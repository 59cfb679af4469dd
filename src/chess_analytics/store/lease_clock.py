"""The clock that leases go by: no jump of a worker's own clock may end one."""

import time
from collections.abc import Callable

from sqlalchemy import Connection, text

from chess_analytics.store.session import Store

LeaseClock = Callable[[Connection], int]
"""Tells the time in milliseconds since 1970."""

# Of this process: all its threads reckon from the same moment.
_STARTED_S = time.time()
_STARTED_MONOTONIC_S = time.monotonic()
_NOW = text("SELECT CAST(floor(extract(epoch FROM clock_timestamp()) * 1000) AS BIGINT)")


def lease_clock(store: Store) -> LeaseClock:
    """Give the clock of a store: PostgreSQL's own, which is one for all machines.

    On SQLite all workers live in this process. It reckons by the monotonic clock from its start, so
    that nothing happens to a lease when somebody sets the wall clock.
    """
    return _since_start_ms if store.is_embedded else _database_ms


def _database_ms(connection: Connection) -> int:
    now_ms: int = connection.execute(_NOW).scalar_one()
    return now_ms


def _since_start_ms(_connection: Connection) -> int:
    return int((_STARTED_S + time.monotonic() - _STARTED_MONOTONIC_S) * 1000)
