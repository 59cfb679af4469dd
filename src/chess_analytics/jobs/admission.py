"""Let games in to be analysed: which ones, what each is expected to take, and within the limits."""

import json
from dataclasses import asdict, dataclass, fields

from sqlalchemy import Connection

from chess_analytics.actions.engine_speed import look_at_engines
from chess_analytics.engine.profile import Profile
from chess_analytics.store.game_filters import GameFilter
from chess_analytics.store.games import find_game
from chess_analytics.store.job_admission import (
    JobLimits,
    NewJob,
    NewTask,
    admit_job,
    games_to_analyse,
)
from chess_analytics.store.job_rows import JobKind, Service, StoredJob


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchWish:
    """What a user wants analysed in the background."""

    user_id: int
    games: GameFilter
    profile: Profile
    reanalyse: bool = False
    """Also games that an engine of ours has analysed: as new runs, the old ones stay."""
    priority: int = 0
    most_running_s: float | None = None
    most_engine_s: float | None = None


# What conditions are called where users see them.
_NAMES = {"speeds": "speed", "is_analysed": "analysed"}


def start_batch(
    connection: Connection, wish: BatchWish, limits: JobLimits, *, now_ms: int
) -> StoredJob:
    """Accept a job for all games that are wanted.

    Raises:
        JobRefused: there is nothing to do, or no room for it; see `store.job_refusals`.
    """
    games = games_to_analyse(connection, wish.user_id, wish.games, reanalyse=wish.reanalyse)
    new = NewJob(
        user_id=wish.user_id,
        kind=JobKind.BATCH,
        service=Service.BATCH,
        profile=wish.profile.name,
        wanted_json=_as_shown(wish),
        priority=wish.priority,
        most_running_s=wish.most_running_s,
        most_engine_s=wish.most_engine_s,
    )
    tasks = _tasks(connection, games, wish.profile, now_ms)
    return admit_job(connection, new, tasks, limits, now_ms=now_ms)


def start_single(
    connection: Connection,
    user_id: int,
    game_id: int,
    profile: Profile,
    limits: JobLimits,
    *,
    now_ms: int,
) -> StoredJob | None:
    """Accept one game that somebody waits for: it goes first. Nothing if the user has none such.

    Raises:
        JobRefused: the user waits for too many already, or has no games left of a quota.
    """
    stored = find_game(connection, user_id, game_id)
    if stored is None:
        return None
    new = NewJob(
        user_id=user_id,
        kind=JobKind.SINGLE,
        service=Service.INTERACTIVE,
        profile=profile.name,
        wanted_json=f'{{"game_id": {game_id}}}',
    )
    tasks = _tasks(connection, [(game_id, stored.listed.plies)], profile, now_ms)
    return admit_job(connection, new, tasks, limits, now_ms=now_ms)


def _as_shown(wish: BatchWish) -> str:
    """Write down what was asked for, as the job tells it."""
    asked = asdict(wish.games)
    given = {
        _NAMES.get(field.name, field.name): asked[field.name]
        for field in fields(wish.games)
        if asked[field.name] != field.default
    }
    return json.dumps({"games": given, "reanalyse": wish.reanalyse})


def _tasks(
    connection: Connection, games: list[tuple[int, int]], profile: Profile, now_ms: int
) -> list[NewTask]:
    second = look_at_engines(connection, now_ms=now_ms).seconds_a_position(profile)
    return [NewTask(game_id, plies * second) for game_id, plies in games]
