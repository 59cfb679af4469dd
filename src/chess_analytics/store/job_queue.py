"""The jobs of all users that have not ended, for who administers the server."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from chess_analytics.store.job_rows import ENDED, JobState, TaskState
from chess_analytics.store.job_tables import jobs, tasks
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
        .where(jobs.c.state.in_(sorted(set(JobState) - ENDED)))
        .order_by(jobs.c.id)
        .limit(limit)
    ).all()
    counts = _open_tasks(connection, [row.id for row in rows])
    return [
        OpenJob(
            id=row.id,
            user=row.name,
            kind=row.kind,
            profile=row.profile,
            state=JobState(row.state),
            total=row.total,
            created_ms=row.created_ms,
            queued=counts.get((row.id, TaskState.QUEUED), 0),
            running=counts.get((row.id, TaskState.RUNNING), 0),
        )
        for row in rows
    ]


def _open_tasks(connection: Connection, job_ids: list[int]) -> dict[tuple[int, str], int]:
    rows = connection.execute(
        select(tasks.c.job_id, tasks.c.state, func.count())
        .where(
            tasks.c.job_id.in_(job_ids),
            tasks.c.state.in_([TaskState.QUEUED, TaskState.RUNNING]),
        )
        .group_by(tasks.c.job_id, tasks.c.state)
    )
    return {(job_id, state): count for job_id, state, count in rows}
