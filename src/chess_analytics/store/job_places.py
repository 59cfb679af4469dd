"""The server's places for batch jobs: who gets one, and who waits in line."""

from enum import Enum, auto

from sqlalchemy import Connection, case, select, update
from sqlalchemy.exc import IntegrityError

from chess_analytics.store.job_rows import ACTIVE, JobKind, JobState, StoredJob, stored_job
from chess_analytics.store.job_tables import jobs


class Entry(Enum):
    """What came of asking for a place."""

    IN = auto()
    USER_BUSY = auto()
    """Another batch of the same user is active."""
    FULL = auto()
    """All places are taken."""


def active_batch(connection: Connection, user_id: int) -> StoredJob | None:
    """Give the one batch of a user that is pending, running or paused."""
    row = (
        connection.execute(
            select(jobs).where(
                jobs.c.user_id == user_id,
                jobs.c.kind == JobKind.BATCH,
                jobs.c.state.in_(sorted(ACTIVE)),
            )
        )
        .mappings()
        .first()
    )
    return stored_job(row) if row else None


def let_in(connection: Connection, job: StoredJob, places: int, *, now_ms: int) -> Entry:
    """Make a job workable; a batch takes a place for that.

    The unique indexes decide, so it does not matter who else asks at the same moment.
    """
    if job.kind is JobKind.SINGLE:
        _admit(connection, job.id, None, now_ms)
        return Entry.IN
    if _is_busy(connection, job):
        return Entry.USER_BUSY
    held = select(jobs.c.place).where(jobs.c.place.is_not(None))
    taken = set(connection.execute(held).scalars())
    for place in sorted(set(range(1, places + 1)) - taken):
        try:
            with connection.begin_nested():
                _admit(connection, job.id, place, now_ms)
        except IntegrityError:
            # Somebody was quicker: with this place, or with another batch of this user.
            if _is_busy(connection, job):
                return Entry.USER_BUSY
            continue
        return Entry.IN
    return Entry.FULL


def leaving(now_ms: int) -> dict[str, object]:
    """Give what is written to a job that stops running: its place is free, its clock stands."""
    ran_ms = case((jobs.c.resumed_ms < now_ms, now_ms - jobs.c.resumed_ms), else_=0)
    return {"place": None, "ran_ms": jobs.c.ran_ms + ran_ms, "resumed_ms": None}


def waiting_jobs(connection: Connection, user_id: int | None = None) -> list[StoredJob]:
    """Give the jobs in line, or those of one user, in the order in which their turn comes."""
    wanted = select(jobs).where(jobs.c.state == JobState.WAITING).order_by(jobs.c.id)
    if user_id is not None:
        wanted = wanted.where(jobs.c.user_id == user_id)
    return [stored_job(row) for row in connection.execute(wanted).mappings()]


def is_anybody_before(connection: Connection, job: StoredJob) -> bool:
    """Tell whether another job in line could have the next place; who comes later is behind it."""
    active = jobs.alias("active")
    has_active = select(active.c.id).where(
        active.c.user_id == jobs.c.user_id,
        active.c.kind == JobKind.BATCH,
        active.c.state.in_(sorted(ACTIVE)),
    )
    wanted = select(jobs.c.id).where(
        jobs.c.state == JobState.WAITING, jobs.c.id != job.id, ~has_active.exists()
    )
    return connection.execute(wanted.limit(1)).first() is not None


def line_up(connection: Connection, job_id: int, *, now_ms: int) -> None:
    """Let a job wait in line for a place."""
    connection.execute(
        update(jobs)
        .where(jobs.c.id == job_id)
        .values(state=JobState.WAITING, reason=None, ended_ms=None, **leaving(now_ms))
    )


def _is_busy(connection: Connection, job: StoredJob) -> bool:
    active = active_batch(connection, job.user_id)
    return active is not None and active.id != job.id


def _admit(connection: Connection, job_id: int, place: int | None, now_ms: int) -> None:
    # What has begun before goes on at once; anything else begins with its first game.
    has_begun = jobs.c.started_ms.is_not(None)
    connection.execute(
        update(jobs)
        .where(jobs.c.id == job_id)
        .values(
            state=case((has_begun, JobState.RUNNING), else_=JobState.PENDING),
            resumed_ms=case((has_begun, now_ms)),
            place=place,
            reason=None,
            ended_ms=None,
        )
    )
