"""Tell how a job stands, from its rows: counts, pace, the games at hand, its place in line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from chess_analytics.actions.exports.job_json import job_object, task_object
from chess_analytics.store.game_names import GameName, names_of_games
from chess_analytics.store.job_pace import (
    count_users_at_work,
    pace_of_job,
    time_left_s,
    work_ahead_s,
)
from chess_analytics.store.job_rows import JobState, StoredJob, StoredTask, TaskCounts
from chess_analytics.store.jobs import find_job, place_in_line, running_tasks, task_counts

# A time left is told no finer than it is known: from so many seconds on in steps of so many.
_STEPS_S = ((3600, 60), (600, 30), (60, 5), (0, 1))
# From so many games a minute on, tenths say nothing.
_MANY_A_MINUTE = 100


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is to be expected of a job; it takes all open work into account."""

    seconds_left: int | None
    """While users share the engines as they do now; absent while nobody knows."""
    users_at_work: int
    """How many users share the engines."""
    engine_seconds_ahead: int | None
    """Of all that goes before a job in line; absent for others."""


@dataclass(frozen=True, slots=True)
class JobStanding:
    """How a job stands at one moment."""

    job: StoredJob
    counts: TaskCounts
    at_hand: tuple[StoredTask, ...]
    names: Mapping[int, GameName]
    games_a_minute: float | None
    place_in_line: int | None
    """From 1, while it waits in line."""
    outlook: Outlook


LookAhead = Callable[[Connection, StoredJob, int], Outlook]
"""Tell what is to be expected of a job, at a moment."""


def look_ahead(connection: Connection, job: StoredJob, now_ms: int) -> Outlook:
    """Reckon what is to be expected of a job; it reads all open tasks, so not for every second."""
    is_waiting = job.state is JobState.WAITING
    return Outlook(
        rough_seconds(time_left_s(connection, job, now_ms=now_ms)),
        count_users_at_work(connection),
        round(work_ahead_s(connection, job)) if is_waiting else None,
    )


def describe_job(
    connection: Connection,
    user_id: int,
    job_id: int,
    *,
    now_ms: int,
    look: LookAhead = look_ahead,
) -> JobStanding | None:
    """Read how a job stands; nothing if this user has none of that number."""
    job = find_job(connection, user_id, job_id)
    if job is None:
        return None
    at_hand = tuple(running_tasks(connection, job_id))
    ids = [task.game_id for task in at_hand if task.game_id is not None]
    return JobStanding(
        job,
        task_counts(connection, [job_id])[job_id],
        at_hand,
        names_of_games(connection, ids),
        _games_a_minute(connection, job, now_ms),
        place_in_line(connection, job),
        look(connection, job, now_ms),
    )


def standing_object(standing: JobStanding) -> dict[str, Any]:
    """Show a job with all that is known of it."""
    return {
        **job_object(standing.job, standing.counts),
        "games_a_minute": standing.games_a_minute,
        "seconds_left": standing.outlook.seconds_left,
        "users_at_work": standing.outlook.users_at_work,
        "place_in_line": standing.place_in_line,
        "engine_seconds_ahead": standing.outlook.engine_seconds_ahead,
        "at_hand": [task_object(task, standing.names) for task in standing.at_hand],
    }


def rough_seconds(seconds: float | None) -> int | None:
    """Round a time left to what is known of it."""
    if seconds is None:
        return None
    step = next(step for least, step in _STEPS_S if seconds >= least)
    return max(1, round(seconds / step)) * step


def _games_a_minute(connection: Connection, job: StoredJob, now_ms: int) -> float | None:
    if job.state is not JobState.RUNNING:
        return None
    pace = pace_of_job(connection, job, now_ms=now_ms)
    if not pace.games:
        return None
    return round(pace.games_a_minute, 0 if pace.games_a_minute >= _MANY_A_MINUTE else 1)
