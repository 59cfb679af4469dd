"""What an analysis would take, told before it is started."""

from http import HTTPStatus

from pydantic import BaseModel, ConfigDict, Field

from chess_analytics.api import problems
from chess_analytics.api.analysis_jobs import Nodes
from chess_analytics.api.game_query import GameConditions
from chess_analytics.api.identity import Reader
from chess_analytics.api.resources import Now
from chess_analytics.api.routes import Reading, Router
from chess_analytics.engine.profile import PROFILES, uniform
from chess_analytics.jobs.estimate import JobEstimate, ProfileEstimate, estimate_job

router = Router(
    tags=["analysis"],
    responses=problems.responses(
        HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.UNPROCESSABLE_ENTITY
    ),
)


class EstimateWish(BaseModel):
    """Which games an analysis is thought of for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    games: GameConditions = Field(
        default=GameConditions(), description="Which games; all of yours if nothing is said."
    )
    reanalyse: bool = Field(default=False, description="Also games that were analysed.")
    nodes: Nodes | None = Field(
        default=None, description="Beside the profiles: so many nodes for every position."
    )


class ForProfile(BaseModel):
    """What it would take with one profile."""

    model_config = ConfigDict(frozen=True)

    profile: str
    cached_share: float = Field(
        description="The part of the positions, 0 to 1, that is known from other games or needs "
        "one search for several of these."
    )
    nodes: int = Field(description="How many positions engines would visit.")
    engine_seconds: int = Field(description="Of one engine on one core.")
    minutes: float | None = Field(
        description="Until it is done, while the engines are shared as they are now; null while no "
        "engine is at work on this server."
    )
    minutes_alone: float | None = Field(description="The same with all engines for you alone.")


class Estimate(BaseModel):
    """What analysing some games would take."""

    model_config = ConfigDict(frozen=True)

    games: int
    positions: int
    games_looked_at: int = Field(
        description="How many games the cached share was found in: up to 200 games all of them, "
        "else a sample from all over them."
    )
    engines: int = Field(description="How many engines are at work on this server.")
    nodes_a_second: float = Field(description="Of one engine.")
    is_speed_measured: bool = Field(
        description="Whether that was measured here; else it is what one core of an ordinary "
        "machine reaches."
    )
    others_engine_seconds: int = Field(
        description="What other users' games still want of the engines; of it, no more goes before "
        "yours than yours want themselves."
    )
    profiles: list[ForProfile]


@router.post("/analysis-jobs/estimate")
def estimate_analysis_job(
    wish: EstimateWish, who: Reader, reading: Reading, now_ms: Now
) -> Estimate:
    """Estimate what an analysis would take: games, positions, what is known, and minutes.

    Nothing is started.
    """
    profiles = [*PROFILES.values(), *([uniform(wish.nodes)] if wish.nodes else [])]
    found = estimate_job(
        reading,
        who.user_id,
        wish.games.filter(),
        profiles,
        reanalyse=wish.reanalyse,
        now_ms=now_ms,
    )
    return _shown(found)


def _shown(found: JobEstimate) -> Estimate:
    return Estimate(
        games=found.games,
        positions=found.positions,
        games_looked_at=found.games_looked_at,
        engines=found.engines,
        nodes_a_second=round(found.speed.nodes_a_second),
        is_speed_measured=found.speed.is_measured,
        others_engine_seconds=round(found.others_engine_seconds),
        profiles=[_for_profile(each) for each in found.profiles],
    )


def _for_profile(found: ProfileEstimate) -> ForProfile:
    work = found.work
    return ForProfile(
        profile=work.profile,
        cached_share=round(work.cached_share, 3),
        nodes=round(work.nodes),
        engine_seconds=round(work.engine_seconds),
        minutes=_minutes(found.seconds),
        minutes_alone=_minutes(found.seconds_alone),
    )


def _minutes(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds / 60, 1)
