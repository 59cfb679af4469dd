"""Estimate a job before it is started: what it takes, and when it would be done on this server."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from chess_analytics.actions.engine_speed import EngineSpeed, look_at_engines
from chess_analytics.actions.estimate_work import (
    WorkEstimate,
    estimate_work,
    look_at_first_positions,
)
from chess_analytics.engine.profile import Profile
from chess_analytics.store.game_filters import GameFilter
from chess_analytics.store.job_admission import games_to_analyse
from chess_analytics.store.job_pace import OpenWork, open_work, shared_time_s


@dataclass(frozen=True, slots=True)
class ProfileEstimate:
    """What a job would take with one profile."""

    work: WorkEstimate
    seconds: float | None
    """Until it is done, while users share the engines as now; absent where no engine works."""
    seconds_alone: float | None


@dataclass(frozen=True, slots=True)
class JobEstimate:
    """What a job would take."""

    games: int
    positions: int
    games_looked_at: int
    """The cached share was found in these."""
    engines: int
    speed: EngineSpeed
    others_engine_seconds: float
    profiles: tuple[ProfileEstimate, ...]


def estimate_job(
    connection: Connection,
    user_id: int,
    wanted: GameFilter,
    profiles: Sequence[Profile],
    *,
    reanalyse: bool,
    now_ms: int,
) -> JobEstimate:
    """Estimate a job for all games that are wanted."""
    games = games_to_analyse(connection, user_id, wanted, reanalyse=reanalyse)
    positions = sum(plies for _, plies in games)
    first = look_at_first_positions(connection, user_id, games)
    engines = look_at_engines(connection, now_ms=now_ms)
    queue = _Queue(open_work(connection), user_id, engines.slots)
    works = [estimate_work(connection, each, first, positions, engines) for each in profiles]
    return JobEstimate(
        len(games),
        positions,
        first.games,
        engines.slots,
        engines.speed,
        queue.others_s,
        tuple(queue.estimate(work) for work in works),
    )


class _Queue:
    """The engines, and what they have to do already."""

    def __init__(self, work: dict[int, OpenWork], user_id: int, engines: int) -> None:
        self._work = work
        self._user_id = user_id
        self.engines = engines
        self.others_s = sum(it.engine_s for other, it in work.items() if other != user_id)

    def estimate(self, work: WorkEstimate) -> ProfileEstimate:
        if not self.engines:
            return ProfileEstimate(work, None, None)
        mine = self._work.get(self._user_id, OpenWork(0.0, 1.0))
        own = OpenWork(mine.engine_s + work.engine_seconds, mine.weight)
        shared = {**self._work, self._user_id: own}
        return ProfileEstimate(
            work,
            shared_time_s(shared, self._user_id, self.engines),
            work.engine_seconds / self.engines,
        )
