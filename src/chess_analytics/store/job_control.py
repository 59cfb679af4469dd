"""What a user does with a job: pause, resume, cancel, try failed games again.

Each gives the job as it is then; nothing if it is another user's. Every one locks the user first,
then the job, then tasks in the order of their ids, then places and the user's share.
"""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, select, update

from chess_analytics.store.accounts import hold_account
from chess_analytics.store.claimable import IS_FAILED, IS_OPEN
from chess_analytics.store.job_admission import JobLimits, enter
from chess_analytics.store.job_budgets import used_up_budgets
from chess_analytics.store.job_places import leaving
from chess_analytics.store.job_refusals import JobStateRefused
from chess_analytics.store.job_rows import ENDED, WORKABLE, JobState, StoredJob, TaskState
from chess_analytics.store.job_tables import jobs, tasks
from chess_analytics.store.jobs import find_job, hold_job
from chess_analytics.store.shares import giving_work

_BY_USER = "cancelled by its user; games that were finished keep their analysis"


def pause_job(
    connection: Connection, user_id: int, job_id: int, *, now_ms: int, reason: str | None = None
) -> StoredJob | None:
    """Let nothing more of a job begin; games at hand are finished, and its place is free.

    Raises:
        JobStateRefused: it waits in line or has ended.
    """
    job = _hold(connection, user_id, job_id)
    if job is None or job.state is JobState.PAUSED:
        return job
    _check(job, WORKABLE, "cannot be paused")
    connection.execute(
        update(jobs)
        .where(jobs.c.id == job_id)
        .values(state=JobState.PAUSED, reason=reason, **leaving(now_ms))
    )
    return find_job(connection, user_id, job_id)


def resume_job(
    connection: Connection, user_id: int, job_id: int, limits: JobLimits, *, now_ms: int
) -> StoredJob | None:
    """Let a paused job go on where it was; it takes a place again, or waits in line for one.

    A budget that was used up is lifted: who resumes wants the rest.

    Raises:
        JobRunning: enough jobs of this user are in line.
        JobStateRefused: it is not paused.
        ServerFull: others have all places.
    """
    job = _hold(connection, user_id, job_id)
    if job is None or job.state in WORKABLE:
        return job
    _check(job, {JobState.PAUSED}, "cannot be resumed")
    with connection.begin_nested(), giving_work(connection, user_id, now_ms=now_ms):
        _lift_budgets(connection, job, now_ms)
        enter(connection, job, limits, now_ms=now_ms)
    return find_job(connection, user_id, job_id)


def cancel_job(
    connection: Connection, user_id: int, job_id: int, *, now_ms: int
) -> StoredJob | None:
    """End a job at once; what is finished stays, and workers find that their tasks are lost.

    Raises:
        JobStateRefused: it has ended otherwise.
    """
    job = _hold(connection, user_id, job_id)
    if job is None or job.state is JobState.CANCELLED:
        return job
    _check(job, set(JobState) - ENDED, "cannot be cancelled")
    _write_tasks(connection, job_id, IS_OPEN, state=TaskState.CANCELLED, ended_ms=now_ms)
    connection.execute(
        update(jobs)
        .where(jobs.c.id == job_id)
        .values(state=JobState.CANCELLED, reason=_BY_USER, ended_ms=now_ms, **leaving(now_ms))
    )
    return find_job(connection, user_id, job_id)


def retry_failed(
    connection: Connection, user_id: int, job_id: int, limits: JobLimits, *, now_ms: int
) -> StoredJob | None:
    """Queue the failed games of a job again, with all their attempts; one that ended begins anew.

    Raises:
        JobRunning: the user has another batch, and has to wait for its end.
        JobStateRefused: none of its games has failed.
        ServerFull: others have all places.
    """
    job = _hold(connection, user_id, job_id)
    if job is None:
        return None
    with connection.begin_nested(), giving_work(connection, user_id, now_ms=now_ms):
        queued = {"state": TaskState.QUEUED, "attempts": 0, "not_before_ms": 0, "ended_ms": None}
        if not _write_tasks(connection, job_id, IS_FAILED & _HAS_GAME, **queued):
            raise JobStateRefused(
                job,
                f"no game of job {job_id} can be tried again: none has failed and is still there",
            )
        if job.state in ENDED:
            enter(connection, job, limits, now_ms=now_ms)
    return find_job(connection, user_id, job_id)


_HAS_GAME = tasks.c.game_id.is_not(None)


def _hold(connection: Connection, user_id: int, job_id: int) -> StoredJob | None:
    if hold_account(connection, user_id) is None:
        return None
    return hold_job(connection, user_id, job_id)


def _check(job: StoredJob, allowed: Collection[JobState], what: str) -> None:
    if job.state not in allowed:
        raise JobStateRefused(job, f"job {job.id} {what}: {_WHY[job.state]}")


def _lift_budgets(connection: Connection, job: StoredJob, now_ms: int) -> None:
    lifted = {budget.column: None for budget in used_up_budgets(connection, job, now_ms=now_ms)}
    if lifted:
        connection.execute(update(jobs).where(jobs.c.id == job.id).values(lifted))


def _write_tasks(
    connection: Connection, job_id: int, which: ColumnElement[bool], **values: object
) -> int:
    """Write to some tasks of a job; give how many they were."""
    of_job = tasks.c.job_id == job_id
    # Locked in an order that all keep to, so that no two wait for each other.
    held = select(tasks.c.id).where(of_job, which).order_by(tasks.c.id).with_for_update()
    connection.execute(held).all()
    written = update(tasks).where(of_job, which).values(worker=None, lease_ms=None, **values)
    return connection.execute(written).rowcount


_WHY = {
    JobState.WAITING: "it is waiting in line; cancel it, or wait until its turn comes",
    JobState.PENDING: "it has not begun; pause or cancel it",
    JobState.RUNNING: "it is running; pause or cancel it",
    JobState.PAUSED: "it is paused; resume or cancel it",
    JobState.COMPLETED: "it has ended, and every game was analysed",
    JobState.COMPLETED_WITH_FAILURES: "it has ended; try its failed games again",
    JobState.FAILED: "it has failed; try its games again, or start a new job",
    JobState.CANCELLED: "it was cancelled; start a new job",
}
