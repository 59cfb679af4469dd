"""Administration: how the whole server does."""

from http import HTTPStatus

from pydantic import BaseModel, ConfigDict, Field

from chess_analytics.actions.describe_server import describe_server
from chess_analytics.actions.exports.status_json import status_object
from chess_analytics.api import problems
from chess_analytics.api.identity import Administrator
from chess_analytics.api.resources import Now
from chess_analytics.api.routes import Reading, Router
from chess_analytics.api.workers import Worker

router = Router(
    tags=["administration"],
    responses=problems.responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN),
)

ClassName = Field(
    alias="class", description="`interactive`, `batch` or `background`, in this order of rank."
)


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class ClassStatus(_Frozen):
    """One class of work."""

    of_class: str = ClassName
    queued: int = Field(description="Games that wait for a slot; those of paused jobs do not.")
    running: int
    backlog_engine_seconds: float = Field(description="What the games that wait are to take.")
    oldest_seconds: float | None = Field(
        description="The age of the oldest job of which a game waits; null where none does."
    )


class AtHand(_Frozen):
    """A game that a worker is at; whose and which, is not told."""

    task_id: int
    job_id: int
    of_class: str = ClassName
    attempt: int = Field(description="After the third, a game is given up.")
    seconds: float = Field(description="For so long it has been at it.")


class WorkerStatus(Worker):
    """A process that analyses, and what it is at."""

    at_hand: list[AtHand]


class Rates(_Frozen):
    """What all engines together have finished lately."""

    over_seconds: float
    games: int
    games_a_minute: float
    nodes_a_second: int


class Failure(_Frozen):
    """A game that was given up."""

    task_id: int
    job_id: int
    of_class: str = ClassName
    attempts: int
    reason: str = Field(description="Without what it quotes of somebody's games.")
    ended_ms: int


class DatabaseStatus(_Frozen):
    """The database."""

    kind: str = Field(description="`SQLite` or `PostgreSQL`.")
    version: str
    tables: str | None = Field(description="The version of the tables.")
    size_bytes: int


class ServerStatus(_Frozen):
    """How the server does."""

    version: str
    now_ms: int
    queue: list[ClassStatus]
    open_jobs: dict[str, int] = Field(description="Jobs that have not ended, by state.")
    workers: list[WorkerStatus] = Field(description="Such as were seen in the last day.")
    rates: Rates
    failed_in_a_day: int = Field(description="Games that were given up in the last 24 hours.")
    failures: list[Failure] = Field(description="The latest of them; 20 at most.")
    database: DatabaseStatus


@router.get("/status")
def show_status(_who: Administrator, reading: Reading, now_ms: Now) -> ServerStatus:
    """Show how the server does: what waits, who works and at what, how fast, and what failed."""
    return ServerStatus.model_validate(status_object(describe_server(reading, now_ms=now_ms)))
