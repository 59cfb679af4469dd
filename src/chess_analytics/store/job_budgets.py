"""Budgets of jobs: so many seconds of running, or of engines, and then it pauses."""

from enum import Enum

from sqlalchemy import Connection, func, select

from chess_analytics.store.job_rows import StoredJob
from chess_analytics.store.job_tables import tasks


class Budget(Enum):
    """What a job may use; the column that holds how much, and what is said when it is used up."""

    RUNNING = ("most_running_s", "it has been running for as long as you allowed")
    ENGINE = ("most_engine_s", "it has used as much of the engines as you allowed")

    def __init__(self, column: str, used_up: str) -> None:
        self.column = column
        self.reason = f"paused because {used_up}; resume it to analyse the rest"


def used_up_budgets(connection: Connection, job: StoredJob, *, now_ms: int) -> list[Budget]:
    """Name the budgets of a job that are used up; games at hand may go beyond them."""
    found = []
    if job.most_running_s is not None and job.running_ms(now_ms) >= job.most_running_s * 1000:
        found.append(Budget.RUNNING)
    if job.most_engine_s is not None and engine_s(connection, job.id) >= job.most_engine_s:
        found.append(Budget.ENGINE)
    return found


def engine_s(connection: Connection, job_id: int) -> float:
    """Add up what the games of a job have cost, in engine seconds."""
    wanted = select(func.sum(tasks.c.cost_s)).where(tasks.c.job_id == job_id)
    return connection.execute(wanted).scalar_one() or 0.0
