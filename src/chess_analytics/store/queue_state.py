"""What waits and what is at work, in numbers: for those who watch the server."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from chess_analytics.store.claimable import IS_OPEN_JOB, IS_QUEUED, IS_RUNNING, IS_WORKABLE
from chess_analytics.store.job_rows import ENDED, JobState, Service
from chess_analytics.store.job_tables import jobs, tasks


@dataclass(frozen=True, slots=True)
class ClassState:
    """One class of work."""

    queued: int = 0
    """Games that wait for a slot; those of paused jobs do not."""
    running: int = 0
    backlog_s: float = 0.0
    """What the games that wait are expected to take, in engine seconds."""
    oldest_ms: int | None = None
    """When the oldest job of which a game waits was created."""


@dataclass(frozen=True, slots=True)
class QueueState:
    """All classes, and the jobs that have not ended."""

    classes: dict[Service, ClassState]
    jobs: dict[JobState, int]


def queue_state(connection: Connection) -> QueueState:
    """Count what waits and what is at work; it reads the open jobs' part of an index."""
    waiting = connection.execute(
        select(
            jobs.c.service,
            func.count().label("queued"),
            func.sum(tasks.c.estimate_s).label("backlog_s"),
            func.min(jobs.c.created_ms).label("oldest_ms"),
        )
        .select_from(tasks.join(jobs, jobs.c.id == tasks.c.job_id))
        .where(IS_QUEUED, IS_WORKABLE)
        .group_by(jobs.c.service)
    ).all()
    at_work = connection.execute(
        select(jobs.c.service, func.count().label("running"))
        .select_from(tasks.join(jobs, jobs.c.id == tasks.c.job_id))
        .where(IS_RUNNING)
        .group_by(jobs.c.service)
    ).all()
    running = {row.service: row.running for row in at_work}
    queued = {row.service: row for row in waiting}
    open_jobs = connection.execute(
        select(jobs.c.state, func.count().label("jobs")).where(IS_OPEN_JOB).group_by(jobs.c.state)
    ).all()
    counted = {JobState(row.state): row.jobs for row in open_jobs}
    return QueueState(
        classes={
            service: ClassState(
                queued=queued[service].queued if service in queued else 0,
                running=running.get(service, 0),
                backlog_s=float(queued[service].backlog_s) if service in queued else 0.0,
                oldest_ms=queued[service].oldest_ms if service in queued else None,
            )
            for service in Service
        },
        jobs={state: counted.get(state, 0) for state in JobState if state not in ENDED},
    )
