"""Workers as people see them: who works where, with what engine, and how quickly."""

from dataclasses import asdict, dataclass

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from chess_analytics.store.job_tables import workers
from chess_analytics.store.texts import storable


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerReport:
    """What a worker says of itself."""

    name: str
    host: str
    engine: str | None
    """Absent while none can be started."""
    problem: str | None = None
    """Why none can."""
    slots: int
    busy: int = 0
    nps: float | None = None
    """Nodes a second of one engine, as measured last."""
    started_ms: int


@dataclass(frozen=True, slots=True)
class SeenWorker:
    """A worker that was there a while ago at most."""

    report: WorkerReport
    seen_ms: int


def see_worker(connection: Connection, report: WorkerReport, *, now_ms: int) -> None:
    """Note that a worker is there, and how it does."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    values = asdict(report) | {
        "seen_ms": now_ms,
        "engine": _storable(report.engine),
        "problem": _storable(report.problem),
    }
    others = {name: value for name, value in values.items() if name != "name"}
    connection.execute(
        insert(workers)
        .values(values)
        .on_conflict_do_update(index_elements=[workers.c.name], set_=others)
    )


def workers_seen_since(connection: Connection, since_ms: int) -> list[SeenWorker]:
    """List the workers that were seen since then, by their names."""
    wanted = select(workers).where(workers.c.seen_ms >= since_ms).order_by(workers.c.name)
    found = []
    for row in connection.execute(wanted).mappings():
        values = dict(row)
        seen_ms = values.pop("seen_ms")
        found.append(SeenWorker(WorkerReport(**values), seen_ms))
    return found


def count_slots(connection: Connection, since_ms: int) -> int:
    """Count the games that the workers seen since then can be at work on at once."""
    counted = select(func.sum(workers.c.slots)).where(
        workers.c.seen_ms >= since_ms, workers.c.engine.is_not(None)
    )
    return connection.execute(counted).scalar_one() or 0


def forget_workers(connection: Connection, *, before_ms: int) -> None:
    """Forget the workers that have not been seen since then."""
    connection.execute(delete(workers).where(workers.c.seen_ms < before_ms))


def forget_worker(connection: Connection, name: str) -> None:
    """Forget a worker that has stopped."""
    connection.execute(delete(workers).where(workers.c.name == name))


def _storable(text: str | None) -> str | None:
    return None if text is None else storable(text)
