"""How a server does: what is at hand, what was done lately, what failed, and which database."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, or_, select, text

from chess_analytics.store import schema
from chess_analytics.store.claimable import IS_FAILED, IS_OPEN_JOB, IS_RUNNING
from chess_analytics.store.job_rows import Service, TaskState
from chess_analytics.store.job_tables import jobs, tasks
from chess_analytics.store.tables import runs


@dataclass(frozen=True, slots=True)
class TaskAtHand:
    """A game that a worker is at; whose and which, is nobody's business."""

    task_id: int
    job_id: int
    service: Service
    worker: str
    attempt: int
    started_ms: int


@dataclass(frozen=True, slots=True)
class DoneLately:
    """What engines have finished in some seconds."""

    games: int
    nodes: int
    over_s: float

    @property
    def games_a_minute(self) -> float:
        return 60 * self.games / self.over_s

    @property
    def nodes_a_second(self) -> float:
        return self.nodes / self.over_s


@dataclass(frozen=True, slots=True)
class FailedTask:
    """A game that was given up."""

    task_id: int
    job_id: int
    service: Service
    attempts: int
    reason: str
    """As its user reads it: it may quote what is theirs."""
    ended_ms: int


@dataclass(frozen=True, slots=True)
class DatabaseFacts:
    """The database itself."""

    kind: str
    version: str
    tables: str | None
    """The version of the tables."""
    size_bytes: int


def tasks_at_hand(connection: Connection) -> list[TaskAtHand]:
    """List what workers are at, by worker; as many as there are busy slots."""
    found = connection.execute(
        select(tasks, jobs.c.service)
        .join(jobs, jobs.c.id == tasks.c.job_id)
        .where(IS_RUNNING)
        .order_by(tasks.c.worker, tasks.c.id)
    ).all()
    return [
        TaskAtHand(
            row.id, row.job_id, Service(row.service), row.worker, row.attempts, row.started_ms
        )
        for row in found
    ]


def done_lately(connection: Connection, *, now_ms: int, over_ms: int) -> DoneLately:
    """Add up the games that engines have finished in the last ``over_ms`` milliseconds."""
    since_ms = now_ms - over_ms
    found = connection.execute(
        select(func.count(), func.sum(runs.c.nodes))
        .select_from(tasks.join(runs, runs.c.id == tasks.c.run_id))
        .where(
            _has_ended_since(since_ms),
            tasks.c.state == TaskState.DONE,
            tasks.c.was_there.is_(False),
        )
    ).one()
    return DoneLately(found[0], int(found[1] or 0), over_ms / 1000)


def failed_lately(connection: Connection, *, since_ms: int, limit: int) -> list[FailedTask]:
    """List the games that were given up since then, the latest first, so many at most."""
    found = connection.execute(
        select(tasks, jobs.c.service)
        .join(jobs, jobs.c.id == tasks.c.job_id)
        .where(_has_ended_since(since_ms), IS_FAILED)
        .order_by(tasks.c.ended_ms.desc(), tasks.c.id.desc())
        .limit(limit)
    ).all()
    return [
        FailedTask(
            row.id,
            row.job_id,
            Service(row.service),
            row.attempts,
            row.error or "nobody knows why",
            row.ended_ms,
        )
        for row in found
    ]


def count_failed(connection: Connection, *, since_ms: int) -> int:
    """Count the games that were given up since then."""
    counted = select(func.count()).where(_has_ended_since(since_ms), IS_FAILED)
    return connection.execute(counted).scalar_one()


def database_facts(connection: Connection) -> DatabaseFacts:
    """Ask the database which one it is, and how large the library is in it."""
    tables = schema.revision(connection)
    if connection.dialect.name == "postgresql":
        version = connection.execute(text("SHOW server_version")).scalar_one()
        size = connection.execute(text("SELECT pg_database_size(current_database())"))
        return DatabaseFacts("PostgreSQL", version, tables, size.scalar_one())
    version = connection.execute(text("SELECT sqlite_version()")).scalar_one()
    size = connection.execute(
        text("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
    )
    return DatabaseFacts("SQLite", version, tables, size.scalar_one())


def _has_ended_since(since_ms: int) -> ColumnElement[bool]:
    # Tasks have no index by their end: jobs in which none can have ended since then are left out.
    can_have = select(jobs.c.id).where(or_(IS_OPEN_JOB, jobs.c.ended_ms > since_ms))
    return tasks.c.job_id.in_(can_have) & (tasks.c.ended_ms > since_ms)
