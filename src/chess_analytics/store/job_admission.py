"""Accepting a job: its limits, its row, and a task for each of its games, all or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select

from chess_analytics.store.accounts import hold_account
from chess_analytics.store.dialect import insert_rows
from chess_analytics.store.game_filters import GameFilter, conditions
from chess_analytics.store.job_pace import expected_wait_s
from chess_analytics.store.job_places import (
    Entry,
    active_batch,
    is_anybody_before,
    let_in,
    line_up,
    waiting_jobs,
)
from chess_analytics.store.job_refusals import (
    JobRefused,
    JobRunning,
    NothingToAnalyse,
    QuotaUsedUp,
    ServerFull,
    TooManySingles,
)
from chess_analytics.store.job_rows import (
    JobKind,
    JobState,
    Service,
    StoredJob,
    TaskState,
    stored_job,
)
from chess_analytics.store.job_tables import jobs, tasks
from chess_analytics.store.jobs import count_open_singles, find_job
from chess_analytics.store.shares import giving_work
from chess_analytics.store.tables import games

_DAY_MS = 86_400_000
_SINGLE_RETRY_S = 30
# SQLite's oldest limit on the variables of one statement is 999.
_IDS_A_STATEMENT = 900
_TASK_COLUMNS = ("job_id", "user_id", "game_id", "ordinal", "state", "estimate_s")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJob:
    """What a user wants to be analysed, and how."""

    user_id: int
    kind: JobKind
    service: Service
    profile: str
    wanted_json: str
    """Which games were asked for, as it is shown."""
    priority: int = 0
    most_running_s: float | None = None
    most_engine_s: float | None = None


@dataclass(frozen=True, slots=True)
class NewTask:
    """One game of a job that is wanted."""

    game_id: int
    estimate_s: float
    """What it is expected to take, in engine seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobLimits:
    """How much one user and all of them together may have analysed at once."""

    places: int = 3
    """Batch jobs of all users that may be pending or running."""
    daily_games: int | None = None
    """Games of one user in 24 hours; absent for no limit."""
    weekly_games: int | None = None
    line: bool = False
    """Whether a batch that finds no place waits in line instead of being refused."""
    most_waiting_a_user: int = 1
    most_singles_a_user: int = 20


def games_to_analyse(
    connection: Connection, user_id: int, wanted: GameFilter, *, reanalyse: bool
) -> list[tuple[int, int]]:
    """List the games of a user that are wanted, with their plies, the last played first.

    Without ``reanalyse`` games that an engine of ours has analysed are left out; so are games
    without a move, always.
    """
    chosen = select(games.c.id, games.c.plies).where(
        *conditions(user_id, wanted), games.c.plies > 0
    )
    if not reanalyse:
        chosen = chosen.where(*conditions(user_id, GameFilter(is_analysed=False)))
    rows = connection.execute(chosen.order_by(games.c.played_ms.desc(), games.c.id.desc()))
    return [(row.id, row.plies) for row in rows]


def admit_job(
    connection: Connection,
    new: NewJob,
    wanted: Sequence[NewTask],
    limits: JobLimits,
    *,
    now_ms: int,
) -> StoredJob:
    """Accept a job with a task for each game, in the order in which they are to be analysed.

    Games that were deleted meanwhile are left out. A refusal leaves nothing behind.

    Raises:
        JobRunning: the user has a batch already.
        NothingToAnalyse: no game is left.
        QuotaUsedUp: the user would get more games than anybody may.
        ServerFull: others have all places.
        TooManySingles: the user waits for enough single games.
    """
    # Whoever adds, changes or ends jobs of a user, or deletes the user's games, does this first.
    if hold_account(connection, new.user_id) is None:
        raise JobRefused("this account was deleted; sign up again to go on")
    _check(connection, new, limits)
    there = _existing(connection, new.user_id, wanted)
    if not there:
        raise NothingToAnalyse
    _check_quotas(connection, new.user_id, limits, len(there), now_ms)
    working = giving_work(connection, new.user_id, now_ms=now_ms)
    with connection.begin_nested(), working:
        job = _insert(connection, new, len(there), now_ms)
        enter(connection, job, limits, now_ms=now_ms)
        rows = [
            (job.id, job.user_id, task.game_id, ordinal, TaskState.QUEUED.value, task.estimate_s)
            for ordinal, task in enumerate(there, 1)
        ]
        insert_rows(connection, tasks, rows, columns=_TASK_COLUMNS)
    return find_job(connection, job.user_id, job.id) or job


def enter(connection: Connection, job: StoredJob, limits: JobLimits, *, now_ms: int) -> None:
    """Let a job in, or into the line.

    Raises:
        JobRunning: the user has another batch already, and has to wait for its end.
        ServerFull: there is no place, and no line.
    """
    comes_first = job.kind is JobKind.SINGLE or not (
        limits.line and is_anybody_before(connection, job)
    )
    entry = let_in(connection, job, limits.places, now_ms=now_ms) if comes_first else Entry.FULL
    if entry is Entry.IN:
        return
    if limits.line:
        _line_up(connection, job, limits, now_ms)
        return
    active = active_batch(connection, job.user_id)
    if entry is Entry.USER_BUSY and active is not None:
        raise JobRunning(active)
    raise ServerFull(limits.places, expected_wait_s(connection, now_ms=now_ms))


def _check(connection: Connection, new: NewJob, limits: JobLimits) -> None:
    """Refuse early what cannot be accepted; what decides about batches are the indexes."""
    if new.kind is JobKind.BATCH:
        active = active_batch(connection, new.user_id)
        if active is not None and not limits.line:
            raise JobRunning(active)
    elif count_open_singles(connection, new.user_id) >= limits.most_singles_a_user:
        raise TooManySingles(limits.most_singles_a_user, _SINGLE_RETRY_S)


def _existing(connection: Connection, user_id: int, wanted: Sequence[NewTask]) -> list[NewTask]:
    """Leave out the games that are gone, or are another user's, and those that come twice."""
    chosen = select(games.c.id).where(games.c.user_id == user_id)
    if len(wanted) <= _IDS_A_STATEMENT:
        chosen = chosen.where(games.c.id.in_([task.game_id for task in wanted]))
    there = set(connection.execute(chosen).scalars())
    first: dict[int, NewTask] = {}
    for task in wanted:
        if task.game_id in there:
            first.setdefault(task.game_id, task)
    return list(first.values())


def _check_quotas(
    connection: Connection, user_id: int, limits: JobLimits, wanted: int, now_ms: int
) -> None:
    quotas = (("in 24 hours", limits.daily_games, 1), ("in 7 days", limits.weekly_games, 7))
    for period, most, days in quotas:
        if most is None:
            continue
        used, oldest_ms = _used(connection, user_id, now_ms - days * _DAY_MS)
        if used + wanted > most:
            left_ms = oldest_ms + days * _DAY_MS - now_ms if oldest_ms is not None else 0
            retry_after_s = max(1, -(-left_ms // 1000))
            raise QuotaUsedUp(
                period, most=most, used=used, wanted=wanted, retry_after_s=retry_after_s
            )


def _used(connection: Connection, user_id: int, since_ms: int) -> tuple[int, int | None]:
    """Count the games of a user's jobs since then, and say when the oldest of them was accepted.

    A game that was cancelled was not used.
    """
    row = connection.execute(
        select(func.count(), func.min(jobs.c.created_ms))
        .select_from(tasks.join(jobs, jobs.c.id == tasks.c.job_id))
        .where(
            jobs.c.user_id == user_id,
            jobs.c.created_ms > since_ms,
            tasks.c.state != TaskState.CANCELLED,
        )
    ).one()
    return row[0], row[1]


def _insert(connection: Connection, new: NewJob, total: int, now_ms: int) -> StoredJob:
    """Insert the row of a job; it waits until it is let in."""
    row = (
        connection.execute(
            insert(jobs)
            .values(
                user_id=new.user_id,
                kind=new.kind,
                service=new.service,
                state=JobState.WAITING,
                profile=new.profile,
                wanted=new.wanted_json,
                priority=new.priority,
                total=total,
                most_running_s=new.most_running_s,
                most_engine_s=new.most_engine_s,
                created_ms=now_ms,
            )
            .returning(jobs)
        )
        .mappings()
        .one()
    )
    return stored_job(row)


def _line_up(connection: Connection, job: StoredJob, limits: JobLimits, now_ms: int) -> None:
    mine = waiting_jobs(connection, job.user_id)
    if len([other for other in mine if other.id != job.id]) >= limits.most_waiting_a_user:
        raise JobRunning(active_batch(connection, job.user_id) or mine[0])
    line_up(connection, job.id, now_ms=now_ms)
