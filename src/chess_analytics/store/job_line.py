"""The line for the server's places: whoever is first in it gets a place that is free."""

from sqlalchemy import Connection, select, text

from chess_analytics.store.job_places import Entry, let_in, waiting_jobs
from chess_analytics.store.job_rows import JobState, StoredJob
from chess_analytics.store.job_tables import jobs
from chess_analytics.store.shares import giving_work
from chess_analytics.store.tables import users

# Any number that nothing else on the same database is likely to take.
_LINE_LOCK = 4_738_201_957


def let_in_waiting(connection: Connection, places: int, *, now_ms: int) -> list[StoredJob]:
    """Give free places to the jobs that have waited longest; give those that got one.

    It comes last in a transaction, and one at a time does it: of two that looked at the same moment
    one could pass over the first job, which the other holds, and give the only place to the second.
    Rows of users who are at something else are passed over, so that nobody waits in a circle.
    """
    _hold_line(connection)
    entered: list[StoredJob] = []
    for job in waiting_jobs(connection):
        if not _hold_if_free(connection, job):
            continue
        with giving_work(connection, job.user_id, now_ms=now_ms):
            entry = let_in(connection, job, places, now_ms=now_ms)
        if entry is Entry.FULL:
            break
        if entry is Entry.IN:
            entered.append(job)
    return entered


def _hold_line(connection: Connection) -> None:
    # On SQLite a transaction that writes is alone anyway.
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LINE_LOCK})


def _hold_if_free(connection: Connection, job: StoredJob) -> bool:
    """Lock a waiting job and its user, unless somebody is at them; tell whether it still waits."""
    owner = select(users.c.id).where(users.c.id == job.user_id)
    owner = owner.with_for_update(skip_locked=True, key_share=True)
    if connection.execute(owner).first() is None:
        return False
    still = select(jobs.c.id).where(jobs.c.id == job.id, jobs.c.state == JobState.WAITING)
    held = connection.execute(still.with_for_update(skip_locked=True))
    return held.first() is not None
