"""How quickly jobs get on, measured, and what is left for them at that pace."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, or_, select

from chess_analytics.store.claimable import IS_OPEN, IS_WORKABLE
from chess_analytics.store.job_rows import JobState, StoredJob, TaskState
from chess_analytics.store.job_tables import jobs, shares, tasks
from chess_analytics.store.workers import count_slots

# Long enough for some games, short enough to follow what happens.
_WINDOW_MS = 300_000
# A worker that was not seen for so long is not reckoned with.
WORKER_MS = 60_000
_SHORTEST_WAIT_S = 30
_LONGEST_WAIT_S = 86_400


@dataclass(frozen=True, slots=True)
class Pace:
    """What was done lately."""

    games: int
    engine_s: float
    estimated_s: float
    """What these games had been expected to take."""
    over_s: float
    """In how many seconds that was."""

    @property
    def games_a_minute(self) -> float:
        return 60 * self.games / self.over_s if self.over_s > 0 else 0.0

    @property
    def cost_of_estimate(self) -> float:
        """What an engine second that was expected has really cost; 1 before anything was done."""
        return self.engine_s / self.estimated_s if self.estimated_s > 0 and self.engine_s else 1.0


@dataclass(frozen=True, slots=True)
class OpenWork:
    """What a user's jobs still want."""

    engine_s: float
    weight: float


def pace_of_job(connection: Connection, job: StoredJob, *, now_ms: int) -> Pace:
    """Measure how quickly a job got on in the last minutes."""
    began_ms = job.resumed_ms or job.started_ms or now_ms
    since_ms = max(now_ms - _WINDOW_MS, began_ms)
    return _pace(connection, tasks.c.job_id == job.id, since_ms, now_ms)


def pace_of_all(connection: Connection, *, now_ms: int) -> Pace:
    """Measure how quickly all jobs together got on in the last minutes."""
    since_ms = now_ms - _WINDOW_MS
    lately = select(jobs.c.id).where(or_(_IS_AT_WORK, jobs.c.ended_ms > since_ms))
    return _pace(connection, tasks.c.job_id.in_(lately), since_ms, now_ms)


def time_left_s(connection: Connection, job: StoredJob, *, now_ms: int) -> float | None:
    """Expect how long a job will take from now on, if users share the workers as they do now.

    Nothing where no worker was seen lately, or the job is not being worked on. It adds up all open
    tasks of the jobs at work: not for every second.
    """
    slots = count_slots(connection, now_ms - WORKER_MS)
    if not slots or job.state not in (JobState.PENDING, JobState.RUNNING):
        return None
    work = open_work(connection)
    if job.user_id not in work:
        return 0.0
    pace = pace_of_all(connection, now_ms=now_ms)
    return shared_time_s(work, job.user_id, slots) * pace.cost_of_estimate


def expected_wait_s(connection: Connection, *, now_ms: int) -> int:
    """Expect how long it will take until a batch job gives its place back."""
    slots = max(1, count_slots(connection, now_ms - WORKER_MS))
    work = open_work(connection)
    holders = connection.execute(select(jobs.c.user_id).where(jobs.c.place.is_not(None))).scalars()
    waits = [shared_time_s(work, user_id, slots) for user_id in holders if user_id in work]
    if not waits:
        return _SHORTEST_WAIT_S
    cost = pace_of_all(connection, now_ms=now_ms).cost_of_estimate
    return round(min(max(min(waits) * cost, _SHORTEST_WAIT_S), _LONGEST_WAIT_S))


def work_ahead_s(connection: Connection, job: StoredJob) -> float:
    """Add up the engine seconds of what is before a job: at work, or earlier in line."""
    is_earlier = (jobs.c.state == JobState.WAITING) & (jobs.c.id < job.id)
    ahead = select(func.sum(tasks.c.estimate_s)).where(
        tasks.c.job_id == jobs.c.id, IS_OPEN, jobs.c.id != job.id, or_(IS_WORKABLE, is_earlier)
    )
    return connection.execute(ahead).scalar_one() or 0.0


def shared_time_s(work: Mapping[int, OpenWork], user_id: int, slots: int) -> float:
    """Say when a user's work is done, if all share the slots by weight until theirs is.

    >>> shared_time_s({1: OpenWork(10, 1), 2: OpenWork(1000, 1)}, 1, slots=2)
    10.0
    """
    mine = work[user_id]
    spent_s, at_s = 0.0, 0.0
    left = dict(work)
    # Each ends after an amount a weight that depends on nobody else.
    for other_id, other in sorted(work.items(), key=lambda item: item[1].engine_s / item[1].weight):
        level = other.engine_s / other.weight
        at_s += (level - spent_s) * sum(user.weight for user in left.values()) / slots
        spent_s = level
        if level >= mine.engine_s / mine.weight:
            break
        del left[other_id]
    return at_s


def open_work(connection: Connection) -> dict[int, OpenWork]:
    """Add up what has not ended, of every user whose jobs are worked on."""
    rows = connection.execute(
        select(
            jobs.c.user_id,
            func.sum(tasks.c.estimate_s),
            func.max(func.coalesce(shares.c.weight, 1.0)),
        )
        .select_from(
            jobs.join(tasks, tasks.c.job_id == jobs.c.id).outerjoin(
                shares, shares.c.user_id == jobs.c.user_id
            )
        )
        .where(IS_WORKABLE, IS_OPEN)
        .group_by(jobs.c.user_id)
    )
    return {user_id: OpenWork(engine_s, weight) for user_id, engine_s, weight in rows}


def count_users_at_work(connection: Connection) -> int:
    """Count the users whose jobs are worked on, and who share the workers."""
    counted = select(func.count(jobs.c.user_id.distinct())).where(IS_WORKABLE)
    return connection.execute(counted).scalar_one()


_IS_AT_WORK = jobs.c.state.in_([JobState.PENDING, JobState.RUNNING, JobState.PAUSED])


def _pace(connection: Connection, which: ColumnElement[bool], since_ms: int, now_ms: int) -> Pace:
    row = connection.execute(
        select(func.count(), func.sum(tasks.c.cost_s), func.sum(tasks.c.estimate_s)).where(
            which, tasks.c.ended_ms > since_ms, tasks.c.state == TaskState.DONE
        )
    ).one()
    over_s = max(0, now_ms - since_ms) / 1000
    return Pace(row[0], row[1] or 0.0, row[2] or 0.0, over_s)
