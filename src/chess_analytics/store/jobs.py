"""Jobs as their users see them: what was asked for, and how its games stand, counted anew."""

from collections.abc import Collection

from sqlalchemy import Connection, func, select

from chess_analytics.store.claimable import IS_OPEN, IS_RUNNING
from chess_analytics.store.job_rows import (
    JobKind,
    JobState,
    StoredJob,
    StoredTask,
    TaskCounts,
    TaskState,
    stored_job,
    stored_task,
)
from chess_analytics.store.job_tables import jobs, tasks

_TASK_COLUMNS = [tasks.c[name] for name in StoredTask.__dataclass_fields__]


def find_job(connection: Connection, user_id: int, job_id: int) -> StoredJob | None:
    """Look one up; nothing if it is another user's."""
    wanted = select(jobs).where(jobs.c.user_id == user_id, jobs.c.id == job_id)
    row = connection.execute(wanted).mappings().one_or_none()
    return stored_job(row) if row else None


def hold_job(connection: Connection, user_id: int, job_id: int) -> StoredJob | None:
    """Look one up, and let no other transaction change it until this one ends."""
    wanted = select(jobs).where(jobs.c.user_id == user_id, jobs.c.id == job_id)
    row = connection.execute(wanted.with_for_update(key_share=True)).mappings().one_or_none()
    return stored_job(row) if row else None


def jobs_before(
    connection: Connection, user_id: int, before_id: int | None, limit: int
) -> list[StoredJob]:
    """Give a page of a user's jobs, the newest first, from behind one that was seen."""
    wanted = select(jobs).where(jobs.c.user_id == user_id)
    if before_id is not None:
        wanted = wanted.where(jobs.c.id < before_id)
    rows = connection.execute(wanted.order_by(jobs.c.id.desc()).limit(limit)).mappings()
    return [stored_job(row) for row in rows]


def task_counts(connection: Connection, job_ids: Collection[int]) -> dict[int, TaskCounts]:
    """Count the tasks of jobs by their states: from an index alone, and always true."""
    if not job_ids:
        return {}
    rows = connection.execute(
        select(tasks.c.job_id, tasks.c.state, func.count().label("count"))
        .where(tasks.c.job_id.in_(job_ids))
        .group_by(tasks.c.job_id, tasks.c.state)
    ).all()
    found: dict[int, dict[str, int]] = {job_id: {} for job_id in job_ids}
    for job_id, state, count in rows:
        found[job_id][state] = count
    return {job_id: TaskCounts(**counts) for job_id, counts in found.items()}


def tasks_after(
    connection: Connection,
    job_id: int,
    after_ordinal: int,
    limit: int,
    states: Collection[TaskState] = tuple(TaskState),
) -> list[StoredTask]:
    """Give a page of a job's tasks in these states, in the order in which they are claimed."""
    rows = connection.execute(
        select(*_TASK_COLUMNS)
        .where(
            tasks.c.job_id == job_id,
            tasks.c.ordinal > after_ordinal,
            tasks.c.state.in_(sorted(states)),
        )
        .order_by(tasks.c.ordinal)
        .limit(limit)
    ).mappings()
    return [stored_task(row) for row in rows]


def running_tasks(connection: Connection, job_id: int) -> list[StoredTask]:
    """Give the games of a job that workers are at, in their order."""
    wanted = select(*_TASK_COLUMNS).where(tasks.c.job_id == job_id, IS_RUNNING)
    rows = connection.execute(wanted.order_by(tasks.c.ordinal)).mappings()
    return [stored_task(row) for row in rows]


def place_in_line(connection: Connection, job: StoredJob) -> int | None:
    """Say how many jobs get a place before a waiting one does, this one included."""
    if job.state is not JobState.WAITING:
        return None
    return connection.execute(
        select(func.count()).where(jobs.c.state == JobState.WAITING, jobs.c.id <= job.id)
    ).scalar_one()


def count_open_singles(connection: Connection, user_id: int) -> int:
    """Count the single games that a user waits for."""
    counted = select(func.count()).where(
        jobs.c.user_id == user_id,
        jobs.c.kind == JobKind.SINGLE,
        jobs.c.state.in_(_OPEN),
    )
    return connection.execute(counted).scalar_one()


def open_engine_s(connection: Connection, job_id: int) -> float:
    """Add up what the games of a job that have not ended are expected to take."""
    wanted = select(func.sum(tasks.c.estimate_s)).where(tasks.c.job_id == job_id, IS_OPEN)
    return connection.execute(wanted).scalar_one() or 0.0


_OPEN = sorted({JobState.WAITING, JobState.PENDING, JobState.RUNNING, JobState.PAUSED})
