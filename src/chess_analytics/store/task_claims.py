"""Who works on a game: the fairest task, taken for a while, and written to by its worker alone."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Row, Update, case, update
from sqlalchemy.exc import IntegrityError

from chess_analytics.errors import ChessAnalyticsError
from chess_analytics.store.job_rows import JobState, Service, TaskState
from chess_analytics.store.job_tables import tasks
from chess_analytics.store.shares import charge_user
from chess_analytics.store.task_choice import (
    BEGIN_JOB,
    COST,
    EXTENDABLE,
    FAIREST_JOB,
    FINISH,
    HOLD_TASK,
    IS_OURS,
    NEXT_FAIREST_JOB,
    REFUSE,
    STILL_RUNNING,
    TAKE_NEXT,
    of_services,
)

MOST_ATTEMPTS = 3
"""A game whose analysis failed or whose worker died so often may be what kills them."""

EVERY_SERVICE = tuple(Service)

# A task that failed waits before it is tried again: seconds, then four times as long.
_BACKOFF_MS = 5_000
_BACKOFF_FACTOR = 4
LONGEST_BACKOFF_MS = _BACKOFF_MS * _BACKOFF_FACTOR ** (MOST_ATTEMPTS - 1)
# Whoever else claims at this moment takes one job's last task at most.
_TRIES = 20


class TaskLost(ChessAnalyticsError):
    """The task is not the worker's any more; what it has found must not be written."""

    def __init__(self, task_id: int) -> None:
        super().__init__(
            f"task {task_id} is no longer ours: it was cancelled, its game or user was deleted, or "
            "its lease ran out; stop the engine and claim another"
        )


@dataclass(frozen=True, slots=True)
class Wish:
    """What a worker would claim."""

    worker: str
    lease_ms: int
    services: Collection[Service] = EVERY_SERVICE


@dataclass(frozen=True, slots=True)
class Finished:
    """How a task was done."""

    run_id: int
    cost_s: float
    was_there: bool
    """The run was: nothing had to be searched."""


@dataclass(frozen=True, slots=True)
class TaskClaim:
    """The right to work on a game; the token makes an old one worthless."""

    task_id: int
    job_id: int
    user_id: int
    game_id: int
    worker: str
    token: int
    attempt: int
    profile: str
    service: Service


def claim_task(
    connection: Connection,
    worker: str,
    *,
    now_ms: int,
    lease_ms: int,
    services: Collection[Service] = EVERY_SERVICE,
) -> TaskClaim | None:
    """Take the task whose turn it is, for ``lease_ms`` from now; nothing if none waits.

    Workers that claim at the same moment may all see the same user as the next one.
    """
    passed_over: list[int] = []
    for _ in range(_TRIES):
        job = _fairest_job(connection, services, passed_over, now_ms=now_ms)
        if job is None:
            return None
        claim = _take(connection, job, worker, now_ms=now_ms, until_ms=now_ms + lease_ms)
        if claim is not None:
            return claim
        # Others were quicker, and the job has nothing left.
        passed_over.append(job.id)
    return None


def extend_tasks(connection: Connection, claims: Sequence[TaskClaim], *, until_ms: int) -> set[int]:
    """Extend the leases of a living worker's tasks, and name those that are still its own.

    The engines of the others have to stop.
    """
    by_id = {claim.task_id: claim for claim in claims}
    named = {"named": list(by_id)}
    held = connection.execute(EXTENDABLE, {**named, "until": until_ms})
    ours = [row.id for row in held if row.token == by_id[row.id].token]
    if ours:
        connection.execute(update(tasks).where(tasks.c.id.in_(ours)).values(lease_ms=until_ms))
    still = connection.execute(STILL_RUNNING, named)
    return {row.id for row in still if row.token == by_id[row.id].token}


def hold_task(connection: Connection, claim: TaskClaim) -> None:
    """Begin the transaction that saves a task: until it ends nobody takes task or game away.

    Raises:
        TaskLost: somebody has done so before.
    """
    if connection.execute(HOLD_TASK, _naming(claim)).first() is None:
        raise TaskLost(claim.task_id)


def finish_task(
    connection: Connection,
    claim: TaskClaim,
    *,
    run_id: int,
    cost_s: float,
    was_there: bool,
    now_ms: int,
) -> None:
    """Note that a game has its run, and charge it: the last statements of that transaction.

    Raises:
        TaskLost: the transaction has to be rolled back.
    """
    finish_and_go_on(connection, claim, Finished(run_id, cost_s, was_there), None, now_ms=now_ms)


def finish_and_go_on(
    connection: Connection, claim: TaskClaim, done: Finished, wish: Wish | None, *, now_ms: int
) -> TaskClaim | None:
    """Do the same, and take the task whose turn it is then: one commit for both.

    Nothing is taken where that needs more than a look, such as the first task of a job: claim it.

    Raises:
        TaskLost: the transaction has to be rolled back.
        sqlalchemy.exc.IntegrityError: on PostgreSQL somebody took another task of the next game at
            the same moment: the same without a wish will do.
    """
    values = {"made_run": done.run_id, "found": done.was_there, "now_ms": now_ms}
    _note(connection, claim, FINISH, done.cost_s, values)
    following = _take_begun(connection, claim, done, wish, now_ms=now_ms) if wish else None
    _charge(connection, claim, done.cost_s)
    return following


def fail_task(
    connection: Connection, claim: TaskClaim, *, error: str, cost_s: float, now_ms: int
) -> None:
    """Let a game be tried again after a while, or give it up after the last attempt.

    Raises:
        TaskLost: it is not the worker's any more.
    """
    again = update(tasks).where(*IS_OURS).values(failed_attempt(error, now_ms) | {"cost_s": COST})
    _note(connection, claim, again, cost_s, {})
    _charge(connection, claim, cost_s)


def refuse_task(
    connection: Connection, claim: TaskClaim, *, error: str, now_ms: int, cost_s: float = 0.0
) -> None:
    """Give a game up at once, because trying again could not help.

    Raises:
        TaskLost: it is not the worker's any more.
    """
    _note(connection, claim, REFUSE, cost_s, {"why": error, "now_ms": now_ms})
    _charge(connection, claim, cost_s)


def give_back_task(connection: Connection, claim: TaskClaim) -> None:
    """Let a game wait again, because its worker is told to stop; that is no failed attempt."""
    connection.execute(
        update(tasks)
        .where(*IS_OURS)
        .values(state=TaskState.QUEUED, attempts=tasks.c.attempts - 1, worker=None, lease_ms=None),
        _naming(claim),
    )


def failed_attempt(error: str, now_ms: int) -> dict[str, object]:
    """Give what is written to a running task whose attempt has failed."""
    is_last = tasks.c.attempts >= MOST_ATTEMPTS
    backoff = [
        (tasks.c.attempts == attempt, now_ms + _BACKOFF_MS * _BACKOFF_FACTOR ** (attempt - 1))
        for attempt in range(1, MOST_ATTEMPTS)
    ]
    return {
        "state": case((is_last, TaskState.FAILED), else_=TaskState.QUEUED),
        "ended_ms": case((is_last, now_ms)),
        "not_before_ms": case(*backoff, else_=now_ms),
        "error": error,
        "worker": None,
        "lease_ms": None,
    }


def _fairest_job(
    connection: Connection, services: Collection[Service], passed_over: list[int], *, now_ms: int
) -> Row[int, str, str, int] | None:
    who = {**of_services(services), "now_ms": now_ms}
    if not passed_over:
        return connection.execute(FAIREST_JOB, who).one_or_none()
    return connection.execute(NEXT_FAIREST_JOB, {**who, "passed_over": passed_over}).one_or_none()


def _take_begun(
    connection: Connection, claim: TaskClaim, done: Finished, wish: Wish, *, now_ms: int
) -> TaskClaim | None:
    """Take the task whose turn it is, if no job has to be locked for it.

    We hold a task, which whoever has locked its job may wait for.
    """
    who = {
        **of_services(wish.services),
        "now_ms": now_ms,
        "charged_user": claim.user_id,
        "charged_s": done.cost_s,
    }
    job = connection.execute(FAIREST_JOB, who).one_or_none()
    if job is None or job.state == JobState.PENDING:
        return None
    until_ms = now_ms + wish.lease_ms
    what = {"of_job": job.id, "now_ms": now_ms, "until_ms": until_ms, "by_worker": wish.worker}
    return _claim(job, connection.execute(TAKE_NEXT, what).one_or_none(), wish.worker)


def _take(
    connection: Connection,
    job: Row[int, str, str, int],
    worker: str,
    *,
    now_ms: int,
    until_ms: int,
) -> TaskClaim | None:
    """Take the next task of a job, if there still is one."""
    what = {"of_job": job.id, "now_ms": now_ms, "until_ms": until_ms, "by_worker": worker}
    if connection.dialect.name == "sqlite":
        # Nobody else writes at this moment, so that what was seen is there.
        task = _take_next(connection, job, what)
    else:
        try:
            with connection.begin_nested() as taken:
                task = _take_next(connection, job, what)
                if task is None:
                    taken.rollback()
        except IntegrityError:
            # Somebody took another task of the same game at the same moment.
            return None
    return _claim(job, task, worker)


def _claim(
    job: Row[int, str, str, int], task: Row[int, int, int, int, int] | None, worker: str
) -> TaskClaim | None:
    if task is None:
        return None
    return TaskClaim(
        task_id=task.id,
        job_id=job.id,
        user_id=task.user_id,
        game_id=task.game_id,
        worker=worker,
        token=task.token,
        attempt=task.attempts,
        profile=job.profile,
        service=Service(job.service),
    )


def _take_next(
    connection: Connection, job: Row[int, str, str, int], what: Mapping[str, object]
) -> Row[int, int, int, int, int] | None:
    if job.state == JobState.PENDING:
        # Before the task, as all who lock both.
        connection.execute(BEGIN_JOB, what)
    return connection.execute(TAKE_NEXT, what).one_or_none()


def _note(
    connection: Connection,
    claim: TaskClaim,
    statement: Update,
    cost_s: float,
    values: Mapping[str, object],
) -> None:
    """Write to a task of ours what has become of it."""
    written = connection.execute(statement, {**values, **_naming(claim), "more_s": float(cost_s)})
    if not written.rowcount:
        raise TaskLost(claim.task_id)


def _charge(connection: Connection, claim: TaskClaim, cost_s: float) -> None:
    if cost_s > 0:
        charge_user(connection, claim.user_id, cost_s)


def _naming(claim: TaskClaim) -> dict[str, object]:
    return {"of_task": claim.task_id, "by_token": claim.token, "by_worker": claim.worker}
