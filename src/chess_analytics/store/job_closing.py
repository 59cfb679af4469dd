"""How a job ends: when all of its tasks have, and as what."""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select, update

from chess_analytics.store.claimable import IS_FAILED, has_open
from chess_analytics.store.job_places import leaving
from chess_analytics.store.job_rows import ENDED, JobKind, JobState, TaskCounts
from chess_analytics.store.job_tables import jobs, tasks
from chess_analytics.store.jobs import task_counts

_OPEN = select(jobs.c.id).where(jobs.c.id == bindparam("of_job"), has_open())
_GAMES_GONE = "all of its games were deleted before they were analysed"


def has_open_tasks(connection: Connection, job_id: int) -> bool:
    """Tell whether a job cannot be closed yet; looking costs less than trying."""
    return connection.execute(_OPEN, {"of_job": job_id}).first() is not None


def close_job_if_done(connection: Connection, job_id: int, *, now_ms: int) -> JobState | None:
    """Close a job whose tasks have all ended; give the state in which it ended, if it did.

    Belongs into a transaction of its own, after the commit of the last task: of two workers that
    end the last two tasks at the same moment, each would see the other's as running.
    """
    held = select(jobs.c.state).where(jobs.c.id == job_id).with_for_update()
    state = connection.execute(held).scalar_one_or_none()
    if state is None or state in ENDED or has_open_tasks(connection, job_id):
        return None
    return close_held_job(connection, job_id, now_ms=now_ms)


@dataclass(frozen=True, slots=True)
class JobWait:
    """How long a user has waited for a job that has ended."""

    kind: JobKind
    seconds: float
    """From its creation to its end."""


def job_wait(connection: Connection, job_id: int) -> JobWait | None:
    """Tell how long a job took its user; nothing if it has not ended, or is gone."""
    asked = select(jobs.c.kind, jobs.c.created_ms, jobs.c.ended_ms).where(jobs.c.id == job_id)
    row = connection.execute(asked).one_or_none()
    if row is None or row.ended_ms is None:
        return None
    return JobWait(JobKind(row.kind), max(0, row.ended_ms - row.created_ms) / 1000)


def close_held_job(connection: Connection, job_id: int, *, now_ms: int) -> JobState:
    """Close a job that is locked, and whose tasks have all ended."""
    counts = task_counts(connection, [job_id])[job_id]
    state = ended_as(counts)
    reason = None
    if state is JobState.CANCELLED:
        reason = _GAMES_GONE
    elif state is JobState.FAILED:
        reason = f"no game could be analysed; the first failed because {_error(connection, job_id)}"
    connection.execute(
        update(jobs)
        .where(jobs.c.id == job_id)
        .values(state=state, reason=reason, ended_ms=now_ms, **leaving(now_ms))
    )
    return state


def ended_as(counts: TaskCounts) -> JobState:
    """Say how a job has ended; a game that was deleted in time is no failure."""
    if counts.failed:
        return JobState.COMPLETED_WITH_FAILURES if counts.done else JobState.FAILED
    return JobState.CANCELLED if counts.cancelled and not counts.done else JobState.COMPLETED


def _error(connection: Connection, job_id: int) -> str:
    """Give the reason of the first failure."""
    first = (
        select(tasks.c.error)
        .where(tasks.c.job_id == job_id, IS_FAILED)
        .order_by(tasks.c.ordinal)
        .limit(1)
    )
    return connection.execute(first).scalar_one() or "its analysis failed"
