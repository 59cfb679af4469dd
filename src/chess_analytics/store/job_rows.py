"""Jobs and tasks as they leave the database."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from sqlalchemy import RowMapping


class JobKind(StrEnum):
    """What a job was asked for as."""

    BATCH = "batch"
    """Many games, in the background."""
    SINGLE = "single"
    """One game that somebody waits for."""


class Service(IntEnum):
    """Classes of work: as long as one has work, those after it get nothing new."""

    INTERACTIVE = 0
    BATCH = 1
    BACKGROUND = 2


class JobState(StrEnum):
    """How a job stands."""

    WAITING = "waiting"
    """In line for a place."""
    PENDING = "pending"
    """Accepted; no game was begun."""
    RUNNING = "running"
    PAUSED = "paused"
    COMPLETED = "completed"
    """Every game has its run."""
    COMPLETED_WITH_FAILURES = "completed_with_failures"
    FAILED = "failed"
    """No game has got a run."""
    CANCELLED = "cancelled"


WORKABLE = frozenset({JobState.PENDING, JobState.RUNNING})
"""Workers claim tasks of these."""
ACTIVE = WORKABLE | {JobState.PAUSED}
"""A user has at most one such batch."""
ENDED = frozenset(JobState) - ACTIVE - {JobState.WAITING}
"""Nothing more happens, unless failed games are tried again."""


class TaskState(StrEnum):
    """How one game of a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class StoredJob:
    """A job, without the counts of its tasks: these are always counted anew."""

    id: int
    user_id: int
    kind: JobKind
    service: Service
    state: JobState
    profile: str
    wanted: str
    """JSON: which games were asked for."""
    priority: int
    total: int
    place: int | None
    most_running_s: float | None
    most_engine_s: float | None
    ran_ms: int
    """Milliseconds of running before `resumed_ms`."""
    resumed_ms: int | None
    reason: str | None
    created_ms: int
    started_ms: int | None
    ended_ms: int | None

    def running_ms(self, now_ms: int) -> int:
        """How long it has been running, pauses left out."""
        return self.ran_ms + (now_ms - self.resumed_ms if self.resumed_ms is not None else 0)


@dataclass(frozen=True, slots=True)
class StoredTask:
    """One game of a job."""

    id: int
    job_id: int
    game_id: int | None
    ordinal: int
    state: TaskState
    attempts: int
    worker: str | None
    estimate_s: float
    cost_s: float | None
    run_id: int | None
    was_there: bool
    error: str | None
    started_ms: int | None
    ended_ms: int | None


@dataclass(frozen=True, slots=True)
class TaskCounts:
    """How many tasks of a job are in which state."""

    queued: int = 0
    running: int = 0
    done: int = 0
    failed: int = 0
    cancelled: int = 0

    @property
    def total(self) -> int:
        return self.queued + self.running + self.done + self.failed + self.cancelled

    @property
    def ended(self) -> int:
        return self.done + self.failed + self.cancelled

    @property
    def percent(self) -> float:
        """How much of the job has ended, 0 to 100; an empty one has."""
        return 100 * self.ended / self.total if self.total else 100.0


def stored_job(row: RowMapping) -> StoredJob:
    """Understand a row of the table of jobs."""
    values = {name: row[name] for name in _JOB_FIELDS}
    values |= {
        "kind": JobKind(row["kind"]),
        "service": Service(row["service"]),
        "state": JobState(row["state"]),
    }
    return StoredJob(**values)


def stored_task(row: RowMapping) -> StoredTask:
    """Understand a row of the table of tasks."""
    values = {name: row[name] for name in _TASK_FIELDS}
    return StoredTask(**(values | {"state": TaskState(row["state"])}))


_JOB_FIELDS = tuple(StoredJob.__dataclass_fields__)
_TASK_FIELDS = tuple(StoredTask.__dataclass_fields__)
