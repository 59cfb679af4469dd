"""How much waits to be claimed, so that as many hands are called."""

from sqlalchemy import Connection, bindparam, func, select

from chess_analytics.store.claimable import IS_CLAIMABLE, IS_WORKABLE
from chess_analytics.store.job_rows import Service
from chess_analytics.store.job_tables import jobs, tasks

_WAITING = (
    select(tasks.c.id)
    .select_from(tasks.join(jobs, jobs.c.id == tasks.c.job_id))
    .where(IS_WORKABLE, IS_CLAIMABLE, jobs.c.service == bindparam("service"))
    .limit(bindparam("most"))
)
_COUNTED = select(func.count()).select_from(_WAITING.subquery())


def count_waiting(connection: Connection, *, now_ms: int, most: int) -> dict[Service, int]:
    """Count the tasks of each class that could be claimed now, up to ``most``."""
    asked = {"now_ms": now_ms, "most": most}
    return {
        service: connection.execute(_COUNTED, {**asked, "service": int(service)}).scalar_one()
        for service in Service
    }
