"""Whether it is worth while to claim: looking costs less."""

from collections.abc import Collection

from sqlalchemy import Connection

from chess_analytics.store.job_rows import Service
from chess_analytics.store.task_choice import FAIREST_JOB, of_services


def anything_claimable(
    connection: Connection, *, now_ms: int, services: Collection[Service] = tuple(Service)
) -> bool:
    """Tell whether a worker that claims now would find something."""
    who = {**of_services(services), "now_ms": now_ms}
    return connection.execute(FAIREST_JOB, who).first() is not None
