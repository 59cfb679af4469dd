"""Shares of users: who has had how much, in virtual time (the rules are `jobs.fair_share`'s)."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import ColumnElement, Connection, Insert, bindparam, case, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from chess_analytics.store.claimable import IS_RUNNING, IS_WORKABLE, has_claimable
from chess_analytics.store.job_tables import jobs, shares, tasks

AT_WORK = (
    select(tasks.c.user_id, func.sum(tasks.c.estimate_s).label("running_s"))
    .where(IS_RUNNING)
    .group_by(tasks.c.user_id)
    .subquery("at_work")
)
"""What is expected of the tasks that run, added up by user: nobody has to keep it right."""

WEIGHT = func.coalesce(shares.c.weight, 1.0)
VIRTUAL_TIME: ColumnElement[float] = (
    func.coalesce(shares.c.vtime, 0.0) + func.coalesce(AT_WORK.c.running_s, 0.0) / WEIGHT
)
"""Of the user of a row that is joined with `shares` and `AT_WORK`: the least goes first."""

_LEAST_OF_OTHERS = (
    select(func.min(func.coalesce(shares.c.vtime, 0.0)))
    .select_from(jobs.outerjoin(shares, shares.c.user_id == jobs.c.user_id))
    .where(jobs.c.user_id != bindparam("user_id"), IS_WORKABLE, has_claimable())
)
_GREATEST = select(func.max(shares.c.vtime))
_HAS_WORK = select(
    select(jobs.c.id)
    .where(jobs.c.user_id == bindparam("user_id"), IS_WORKABLE, has_claimable())
    .exists()
)


@contextmanager
def giving_work(connection: Connection, user_id: int, *, now_ms: int) -> Iterator[None]:
    """Within it a user gets work; who had none for workers to take begins where the others are.

    Its end belongs to the end of a transaction, since others wait for the user's share.
    """
    who = {"user_id": user_id, "now_ms": now_ms}
    had_work = connection.execute(_HAS_WORK, who).scalar_one()
    yield
    if not had_work and connection.execute(_HAS_WORK, who).scalar_one():
        _begin_with_others(connection, user_id, now_ms)


def charge_user(connection: Connection, user_id: int, cost_s: float) -> None:
    """Charge engine seconds to a user: the last statement of a transaction, since others wait."""
    connection.execute(_CHARGE[connection.dialect.name], {"to_user": user_id, "cost_s": cost_s})


def set_weight(connection: Connection, user_id: int, weight: float) -> None:
    """Give a user's work another weight: twice as much is twice the share, from now on."""
    connection.execute(update(shares).where(shares.c.user_id == user_id).values(weight=weight))


def _begin_with_others(connection: Connection, user_id: int, now_ms: int) -> None:
    who = {"user_id": user_id, "now_ms": now_ms}
    start = connection.execute(_LEAST_OF_OTHERS, who).scalar_one_or_none()
    if start is None:
        start = connection.execute(_GREATEST).scalar_one_or_none() or 0.0
    inserted = _insert(connection).values(user_id=user_id, vtime=start)
    begin = inserted.excluded.vtime
    connection.execute(
        inserted.on_conflict_do_update(
            index_elements=[shares.c.user_id],
            set_={"vtime": case((shares.c.vtime < begin, begin), else_=shares.c.vtime)},
        )
    )


def _insert(connection: Connection) -> sqlite.Insert | postgresql.Insert:
    return _INSERT[connection.dialect.name]


def _charging(insert: sqlite.Insert | postgresql.Insert) -> Insert:
    added = insert.values(user_id=bindparam("to_user"), vtime=bindparam("cost_s"))
    return added.on_conflict_do_update(
        index_elements=[shares.c.user_id],
        set_={"vtime": shares.c.vtime + added.excluded.vtime / shares.c.weight},
    )


_INSERT: dict[str, sqlite.Insert | postgresql.Insert] = {
    "sqlite": sqlite.insert(shares),
    "postgresql": postgresql.insert(shares),
}
_CHARGE = {name: _charging(insert) for name, insert in _INSERT.items()}
