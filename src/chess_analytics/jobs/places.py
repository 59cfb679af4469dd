"""Give a place that became free to whoever is next in line, at once."""

from collections.abc import Callable

from sqlalchemy import Connection

from chess_analytics.store.job_line import let_in_waiting
from chess_analytics.store.job_places import waiting_jobs
from chess_analytics.store.job_rows import StoredJob
from chess_analytics.store.session import Store


def give_places(store: Store, places: int, now_ms: Callable[[Connection], int]) -> list[StoredJob]:
    """Let in who waits in line, as far as there are places; give the jobs that got one.

    It belongs after the commit by which a job has ended, was paused or cancelled, or has lined up.
    It has a transaction of its own, so that who waits there for others holds nothing. Where the
    process dies before, the sweep does it.
    """
    with store.reading() as connection:
        if not waiting_jobs(connection):
            return []
    with store.writing() as connection:
        return let_in_waiting(connection, places, now_ms=now_ms(connection))
