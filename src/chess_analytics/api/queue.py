"""Administration: what waits for engines, and how much anybody may ask for."""

from http import HTTPStatus

from pydantic import BaseModel, ConfigDict, Field

from chess_analytics.api import problems
from chess_analytics.api.identity import Administrator
from chess_analytics.api.resources import TheSettings
from chess_analytics.api.routes import Reading, Router
from chess_analytics.store.job_queue import OpenJob, open_jobs
from chess_analytics.store.job_rows import JobState

router = Router(
    tags=["administration"],
    responses=problems.responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN),
)

_MOST_JOBS = 200


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class QueuedJob(_Frozen):
    """Somebody's job that has not ended; which games, is nobody's business."""

    id: int
    user: str = Field(description="Whose it is.")
    kind: str = Field(description="`batch`, or `single`: one game that somebody waits for.")
    profile: str
    state: JobState
    total: int = Field(description="Its games.")
    waiting: int = Field(description="Of these, such as wait for an engine.")
    running: int = Field(description="Of these, such as an engine is at.")
    created_ms: int


class Quotas(_Frozen):
    """How much users may have analysed; the operator's settings say so."""

    places: int = Field(description="Batch jobs of all users that may run at once.")
    has_line: bool = Field(description="Whether a batch without a place waits in line.")
    daily_games: int | None = Field(description="Of one user in 24 hours; null for no limit.")
    weekly_games: int | None = Field(description="Of one user in 7 days; null for no limit.")
    waiting_jobs: int = Field(description="Batches of one user that may wait in line.")
    waiting_games: int = Field(description="Single games of one user that may wait.")


class QueueView(_Frozen):
    """What the engines have before them."""

    jobs: list[QueuedJob] = Field(description="The oldest first; 200 at most.")
    quotas: Quotas


@router.get("/queue")
def show_queue(_who: Administrator, reading: Reading, settings: TheSettings) -> QueueView:
    """Show the jobs of all users that have not ended, and the limits that hold for everybody."""
    limits = settings.job_limits
    return QueueView(
        jobs=[_shown(job) for job in open_jobs(reading, _MOST_JOBS)],
        quotas=Quotas(
            places=limits.places,
            has_line=limits.line,
            daily_games=limits.daily_games,
            weekly_games=limits.weekly_games,
            waiting_jobs=limits.most_waiting_a_user,
            waiting_games=limits.most_singles_a_user,
        ),
    )


def _shown(job: OpenJob) -> QueuedJob:
    return QueuedJob(
        id=job.id,
        user=job.user,
        kind=job.kind,
        profile=job.profile,
        state=job.state,
        total=job.total,
        waiting=job.queued,
        running=job.running,
        created_ms=job.created_ms,
    )
