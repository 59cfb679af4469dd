"""Jobs of analysis as the API shows them."""

from typing import Annotated, Any

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from chess_analytics.api.game_query import MOST
from chess_analytics.store.job_rows import JobKind, JobState, TaskState

JobId = Annotated[int, Path(ge=1, le=MOST, description="The job's number.")]


class JobCounts(BaseModel):
    """How many games of a job are in which state; together they are its `total`."""

    model_config = ConfigDict(frozen=True)

    queued: int
    running: int
    done: int
    failed: int = Field(description="They can be tried again: `POST …/retry`.")
    cancelled: int


class JobTask(BaseModel):
    """One game of a job."""

    model_config = ConfigDict(frozen=True)

    ordinal: int = Field(description="Its place in the job, from 1.")
    game_id: int | None = Field(description="Null once the game was deleted.")
    white: str | None
    black: str | None
    eco: str | None
    opening: str | None
    state: TaskState
    attempts: int = Field(description="How often an engine has begun; after the third it failed.")
    was_there: bool = Field(description="An analysis of the same settings was there already.")
    run_id: int | None = Field(description="The analysis, once it is done.")
    engine_seconds: float | None
    error: str | None = Field(description="Why the last attempt failed.")
    started_ms: int | None
    ended_ms: int | None


class JobTaskList(BaseModel):
    """A page of a job's games, in its order."""

    model_config = ConfigDict(frozen=True)

    items: list[JobTask]
    next: str | None = Field(description="Give it as `after` for the next page; null on the last.")


class ListedJob(BaseModel):
    """A job as lists show it; its counts are counted anew every time."""

    model_config = ConfigDict(frozen=True)

    id: int
    kind: JobKind = Field(description="`batch`: many games; `single`: one that goes first.")
    state: JobState = Field(
        description="`waiting` is in line for a place; `completed`, `completed_with_failures`, "
        "`failed` and `cancelled` are for good, unless failed games are tried again."
    )
    profile: str = Field(examples=["standard", "nodes-100000"])
    priority: int = Field(description="Among your own jobs, the highest goes first.")
    wanted: dict[str, Any] = Field(description="Which games were asked for.")
    most_minutes: float | None = Field(description="It pauses after so many minutes of running.")
    most_core_hours: float | None = Field(description="It pauses after so many engine hours.")
    total: int = Field(description="How many games it has.")
    counts: JobCounts
    percent: float = Field(description="How much of it has ended; 100 only when all has.")
    reason: str | None = Field(description="Why it paused, failed or was cancelled.")
    created_ms: int
    started_ms: int | None
    ended_ms: int | None


class Job(ListedJob):
    """A job with all that is known of how it gets on."""

    games_a_minute: float | None = Field(
        description="Of the last minutes; null while nothing was measured."
    )
    seconds_left: int | None = Field(
        description="From the measured speed, while the engines are shared as they are now; null "
        "while it is not known."
    )
    place_in_line: int | None = Field(description="From 1, while it is `waiting`.")
    engine_seconds_ahead: int | None = Field(
        description="While it is `waiting`: what engines have to do before its turn comes."
    )
    users_at_work: int = Field(description="How many users share the engines now.")
    at_hand: list[JobTask] = Field(description="The games that engines are at work on now.")


class JobList(BaseModel):
    """A page of jobs, the newest first."""

    model_config = ConfigDict(frozen=True)

    items: list[ListedJob]
    next: str | None = Field(description="Give it as `after` for the next page; null on the last.")


class JobLinks(BaseModel):
    """What can be done about a job that is in the way; what cannot be done now is null."""

    model_config = ConfigDict(frozen=True)

    job: str = Field(description="How it stands.")
    events: str = Field(description="Follow it to its end.")
    cancel: str | None
    pause: str | None
    resume: str | None
