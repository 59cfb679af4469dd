"""Whose turn it is, and whether a task is still its worker's, as statements.

`jobs.fair_share` says the same of turns without a database. They are written down once, because
making a statement anew costs more than carrying it out.
"""

from collections.abc import Collection

from sqlalchemy import Float, bindparam, case, func, literal_column, select, update

from chess_analytics.store.claimable import IS_CLAIMABLE, IS_RUNNING, IS_WORKABLE, has_claimable
from chess_analytics.store.job_rows import JobState, Service, TaskState
from chess_analytics.store.job_tables import jobs, shares, tasks
from chess_analytics.store.shares import AT_WORK, VIRTUAL_TIME, WEIGHT
from chess_analytics.store.tables import games

# A task that has ended counts before its user is charged, which is left to the end.
_NOT_CHARGED_YET = case(
    (
        jobs.c.user_id == bindparam("charged_user", 0),
        bindparam("charged_s", 0.0, type_=Float) / WEIGHT,
    ),
    else_=0.0,
)

# As many as there are: a list of any length would be written into the statement anew each time.
_NONE = -1
_SERVICES = tuple(f"service_{number}" for number in range(len(Service)))

FAIREST_JOB = (
    select(jobs.c.id, jobs.c.state, jobs.c.profile, jobs.c.service)
    .select_from(
        jobs.outerjoin(shares, shares.c.user_id == jobs.c.user_id).outerjoin(
            AT_WORK, AT_WORK.c.user_id == jobs.c.user_id
        )
    )
    .where(
        IS_WORKABLE,
        jobs.c.service.in_([bindparam(name) for name in _SERVICES]),
        has_claimable(),
    )
    .order_by(
        jobs.c.service,
        VIRTUAL_TIME + _NOT_CHARGED_YET,
        jobs.c.user_id,
        jobs.c.priority.desc(),
        jobs.c.id,
    )
    .limit(1)
)
"""The job whose turn it is: few are active, so that choosing one before its task is cheap."""

NEXT_FAIREST_JOB = FAIREST_JOB.where(jobs.c.id.not_in(bindparam("passed_over", expanding=True)))
"""The same without some that were looked at."""


def of_services(services: Collection[Service]) -> dict[str, int]:
    """Give the values by which these statements know classes of work; without any, nothing is."""
    named: list[int] = [*services] or [_NONE]
    return {name: named[min(place, len(named) - 1)] for place, name in enumerate(_SERVICES)}


BEGIN_JOB = (
    update(jobs)
    .where(jobs.c.id == bindparam("of_job"), jobs.c.state == JobState.PENDING)
    .values(
        state=JobState.RUNNING,
        started_ms=func.coalesce(jobs.c.started_ms, bindparam("now_ms")),
        resumed_ms=bindparam("now_ms"),
    )
)

_NEXT = (
    select(tasks.c.id)
    .where(
        tasks.c.job_id == bindparam("of_job"),
        IS_CLAIMABLE,
        select(jobs.c.id).where(jobs.c.id == bindparam("of_job"), IS_WORKABLE).exists(),
    )
    .order_by(tasks.c.ordinal)
    .limit(1)
    # Who locks a row is about to take it: the next worker takes the next one (SQLite has no locks
    # on rows, and leaves the words out).
    .with_for_update(skip_locked=True, of=tasks)
)

TAKE_NEXT = (
    update(tasks)
    .where(tasks.c.id == _NEXT.scalar_subquery())
    .values(
        state=literal_column(f"'{TaskState.RUNNING}'"),
        attempts=tasks.c.attempts + 1,
        token=tasks.c.token + 1,
        worker=bindparam("by_worker"),
        lease_ms=bindparam("until_ms"),
        started_ms=bindparam("now_ms"),
    )
    .returning(tasks.c.id, tasks.c.user_id, tasks.c.game_id, tasks.c.token, tasks.c.attempts)
)

IS_OURS = (
    tasks.c.id == bindparam("of_task"),
    tasks.c.token == bindparam("by_token"),
    tasks.c.worker == bindparam("by_worker"),
    IS_RUNNING,
    tasks.c.game_id.is_not(None),
)
"""A task that is still its worker's."""

_IS_NAMED = tasks.c.id.in_(bindparam("named", expanding=True))
EXTENDABLE = (
    select(tasks.c.id, tasks.c.token)
    .where(_IS_NAMED, IS_RUNNING, tasks.c.lease_ms < bindparam("until"))
    .order_by(tasks.c.id)
    # A row that somebody is writing to is passed over: waiting for several rows at once is how
    # deadlocks come about, and the next beat comes soon.
    .with_for_update(skip_locked=True)
)
"""Of some tasks those whose lease ends earlier, held until the transaction ends."""
STILL_RUNNING = select(tasks.c.id, tasks.c.token).where(
    _IS_NAMED, IS_RUNNING, tasks.c.game_id.is_not(None)
)

HOLD_TASK = (
    select(tasks.c.id)
    .join(games, games.c.id == tasks.c.game_id)
    .where(*IS_OURS)
    # The game first, as whoever deletes it does: PostgreSQL locks in the order that is given.
    .with_for_update(key_share=True, of=[games, tasks])
)

COST = func.coalesce(tasks.c.cost_s, 0.0) + bindparam("more_s", type_=Float)
FINISH = (
    update(tasks)
    .where(*IS_OURS)
    .values(
        state=literal_column(f"'{TaskState.DONE}'"),
        run_id=bindparam("made_run"),
        was_there=bindparam("found"),
        error=None,
        ended_ms=bindparam("now_ms"),
        lease_ms=None,
        cost_s=COST,
    )
)
REFUSE = (
    update(tasks)
    .where(*IS_OURS)
    .values(
        state=literal_column(f"'{TaskState.FAILED}'"),
        error=bindparam("why"),
        ended_ms=bindparam("now_ms"),
        lease_ms=None,
        cost_s=COST,
    )
)
