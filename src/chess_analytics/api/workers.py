"""Administration: who analyses, and where."""

from http import HTTPStatus

from pydantic import BaseModel, ConfigDict, Field

from chess_analytics.api import problems
from chess_analytics.api.identity import Administrator
from chess_analytics.api.resources import Now
from chess_analytics.api.routes import Reading, Router
from chess_analytics.store.job_pace import WORKER_MS
from chess_analytics.store.workers import SeenWorker, workers_seen_since

router = Router(
    tags=["administration"],
    responses=problems.responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN),
)

_SHOWN_MS = 86_400_000


class Worker(BaseModel):
    """A process that analyses."""

    model_config = ConfigDict(frozen=True)

    name: str
    host: str
    engine: str | None = Field(description="Null while it finds no engine: it waits for one.")
    problem: str | None = Field(description="Why it finds none, and what to do.")
    slots: int = Field(description="Games that it analyses at once.")
    busy: int = Field(description="Games that it is at now.")
    nodes_a_second: float | None = Field(description="Of one engine, as measured last.")
    is_alive: bool = Field(description="It was seen in the last minute.")
    started_ms: int
    seen_ms: int


class WorkerList(BaseModel):
    """All workers; they are few and come at once."""

    model_config = ConfigDict(frozen=True)

    items: list[Worker]
    next: None = None


@router.get("/workers")
def list_workers(_who: Administrator, reading: Reading, now_ms: Now) -> WorkerList:
    """List the workers that were seen in the last day, and what they are at."""
    found = workers_seen_since(reading, now_ms - _SHOWN_MS)
    return WorkerList(items=[_worker(seen, now_ms) for seen in found])


def _worker(seen: SeenWorker, now_ms: int) -> Worker:
    report = seen.report
    return Worker(
        name=report.name,
        host=report.host,
        engine=report.engine,
        problem=report.problem,
        slots=report.slots,
        busy=report.busy,
        nodes_a_second=report.nps,
        is_alive=now_ms - seen.seen_ms < WORKER_MS,
        started_ms=report.started_ms,
        seen_ms=seen.seen_ms,
    )
