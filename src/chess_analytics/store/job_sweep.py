"""Putting right what nobody else did: dead workers' tasks, full jobs, used-up budgets, the line.

Rows that somebody is writing to are passed over until the next sweep: it waits for nobody, so that
nobody waits for it in a circle.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, case, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from chess_analytics.store.claimable import (
    IS_OPEN,
    IS_OPEN_JOB,
    IS_QUEUED,
    IS_RUNNING,
    IS_WORKABLE,
    has_open,
)
from chess_analytics.store.job_admission import JobLimits
from chess_analytics.store.job_budgets import used_up_budgets
from chess_analytics.store.job_closing import close_held_job
from chess_analytics.store.job_line import let_in_waiting
from chess_analytics.store.job_places import leaving
from chess_analytics.store.job_rows import JobState, StoredJob, TaskState, stored_job
from chess_analytics.store.job_tables import jobs, leases, tasks
from chess_analytics.store.task_claims import LONGEST_BACKOFF_MS, failed_attempt

_DIED = "the worker stopped or was cut off while it analysed this game"
# SQLite's oldest limit on the variables of one statement is 999.
_MOST_AT_ONCE = 900


@dataclass(frozen=True, slots=True)
class SweepReport:
    """What there was to do."""

    freed: int = 0
    """Tasks of dead workers."""
    cancelled: int = 0
    """Tasks whose game was deleted."""
    closed: int = 0
    paused: int = 0
    let_in: int = 0
    """Jobs that found a place."""

    @property
    def has_work(self) -> bool:
        """Whether there may be something for workers now that there was not before."""
        return bool(self.freed or self.let_in)


def sweep(connection: Connection, limits: JobLimits, *, now_ms: int) -> SweepReport:
    """Put right what nobody else did; belongs into a transaction of its own."""
    return SweepReport(
        freed=free_dead_tasks(connection, now_ms=now_ms),
        cancelled=_cancel_without_game(connection, now_ms),
        closed=_close_full_jobs(connection, now_ms),
        paused=_pause_used_up(connection, now_ms),
        let_in=len(let_in_waiting(connection, limits.places, now_ms=now_ms)),
    )


def free_dead_tasks(connection: Connection, *, now_ms: int) -> int:
    """Let the tasks of dead workers be tried again, or give them up; give how many there were.

    Those whose game was deleted are left to be cancelled: a row that one transaction writes to
    twice has PostgreSQL look for its user again, and wait there for whoever deletes that user.
    """
    is_dead = or_(tasks.c.lease_ms < now_ms, tasks.c.lease_ms.is_(None))
    which = IS_RUNNING & is_dead & tasks.c.game_id.is_not(None)
    return _write_tasks(connection, which, failed_attempt(_DIED, now_ms))


def recover_after_restart(connection: Connection, *, now_ms: int) -> int:
    """Free everything, where the embedded database was just opened: no worker can live.

    Whatever the wall clock did meanwhile, nobody waits longer for a retry, and no time goes by for
    a job in which there was no server.
    """
    freed = 0
    while some := _write_tasks(connection, IS_RUNNING, failed_attempt(_DIED, now_ms)):
        freed += some
    latest_ms = now_ms + LONGEST_BACKOFF_MS
    connection.execute(
        update(tasks)
        .where(IS_QUEUED, tasks.c.not_before_ms > latest_ms)
        .values(not_before_ms=latest_ms)
    )
    connection.execute(delete(leases))
    last_ms = select(func.max(tasks.c.ended_ms)).where(tasks.c.job_id == jobs.c.id)
    ran_ms = last_ms.scalar_subquery() - jobs.c.resumed_ms
    connection.execute(
        update(jobs)
        .where(jobs.c.resumed_ms.is_not(None))
        .values(ran_ms=jobs.c.ran_ms + case((ran_ms > 0, ran_ms), else_=0), resumed_ms=now_ms)
    )
    return freed


def take_lease(
    connection: Connection, name: str, holder: str, *, now_ms: int, until_ms: int
) -> bool:
    """Take or extend what only one process may have at a time; tell whether it is the holder's."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    wanted = insert(leases).values(name=name, holder=holder, until_ms=until_ms)
    is_free = or_(leases.c.until_ms < now_ms, leases.c.holder == holder)
    taken = wanted.on_conflict_do_update(
        index_elements=[leases.c.name],
        set_={"holder": holder, "until_ms": until_ms},
        where=is_free,
    ).returning(leases.c.name)
    return connection.execute(taken).first() is not None


def release_lease(connection: Connection, name: str, holder: str) -> None:
    """Give back what the holder has, so that nobody waits for its end."""
    connection.execute(delete(leases).where(leases.c.name == name, leases.c.holder == holder))


def _cancel_without_game(connection: Connection, now_ms: int) -> int:
    cancelled = {"state": TaskState.CANCELLED, "ended_ms": now_ms, "worker": None, "lease_ms": None}
    return _write_tasks(connection, IS_OPEN & tasks.c.game_id.is_(None), cancelled)


def _close_full_jobs(connection: Connection, now_ms: int) -> int:
    full = _hold_jobs(connection, IS_OPEN_JOB, ~has_open())
    for job in full:
        close_held_job(connection, job.id, now_ms=now_ms)
    return len(full)


def _pause_used_up(connection: Connection, now_ms: int) -> int:
    has_budget = or_(jobs.c.most_running_s.is_not(None), jobs.c.most_engine_s.is_not(None))
    paused = 0
    for job in _hold_jobs(connection, IS_WORKABLE, has_budget):
        used_up = used_up_budgets(connection, job, now_ms=now_ms)
        if used_up:
            paused += 1
            connection.execute(
                update(jobs)
                .where(jobs.c.id == job.id)
                .values(state=JobState.PAUSED, reason=used_up[0].reason, **leaving(now_ms))
            )
    return paused


def _hold_jobs(connection: Connection, *which: ColumnElement[bool]) -> list[StoredJob]:
    wanted = select(jobs).where(*which).order_by(jobs.c.id)
    held = connection.execute(wanted.with_for_update(skip_locked=True, of=jobs)).mappings()
    return [stored_job(row) for row in held]


def _write_tasks(
    connection: Connection, which: ColumnElement[bool], values: dict[str, object]
) -> int:
    """Write to some tasks that nobody else is at; give how many they were."""
    chosen = select(tasks.c.id).where(which).order_by(tasks.c.id).limit(_MOST_AT_ONCE)
    held = connection.execute(chosen.with_for_update(skip_locked=True)).scalars().all()
    if held:
        connection.execute(update(tasks).where(tasks.c.id.in_(held)).values(values))
    return len(held)
