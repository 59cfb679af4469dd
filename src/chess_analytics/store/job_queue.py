"""The jobs of all users that have not ended, for who administers the server."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from chess_analytics.store.claimable import IS_OPEN_JOB
from chess_analytics.store.job_rows import JobState
from chess_analytics.store.job_tables import jobs
from chess_analytics.store.jobs import task_counts
from chess_analytics.store.tables import users


@dataclass(frozen=True, slots=True)
class OpenJob:
    """A job of somebody: how much and how far, not which games."""

    id: int
    user: str
    kind: str
    profile: str
    state: JobState
    total: int
    created_ms: int
    queued: int
    """Games that wait for an engine."""
    running: int


def open_jobs(connection: Connection, limit: int) -> list[OpenJob]:
    """List the jobs that have not ended, the oldest first, so many at most."""
    rows = connection.execute(
        select(
            jobs.c.id,
            users.c.name,
            jobs.c.kind,
            jobs.c.profile,
            jobs.c.state,
            jobs.c.total,
            jobs.c.created_ms,
        )
        .join(users, users.c.id == jobs.c.user_id)
        .where(IS_OPEN_JOB)
        .order_by(jobs.c.id)
        .limit(limit)
    ).all()
    counts = task_counts(connection, [row.id for row in rows])
    return [
        OpenJob(
            id=row.id,
            user=row.name,
            kind=row.kind,
            profile=row.profile,
            state=JobState(row.state),
            total=row.total,
            created_ms=row.created_ms,
            queued=counts[row.id].queued,
            running=counts[row.id].running,
        )
        for row in rows
    ]
