"""Jobs of analysis: started, listed and looked at."""

from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from chess_analytics.actions.describe_job import describe_job, standing_object
from chess_analytics.actions.exports.job_json import job_object, task_object
from chess_analytics.api import job_problems, problems
from chess_analytics.api.analysis_views import (
    Job,
    JobId,
    JobList,
    JobTask,
    JobTaskList,
    ListedJob,
)
from chess_analytics.api.game_query import GameConditions
from chess_analytics.api.idempotency import Key, Once, carry_out
from chess_analytics.api.identity import Reader, Writer
from chess_analytics.api.job_resources import Limits, TheBell, TheForesight
from chess_analytics.api.resources import Has, Now
from chess_analytics.api.routes import Reading, Router
from chess_analytics.api.runs import GameId
from chess_analytics.engine.profile import PROFILES, Profile, uniform
from chess_analytics.jobs.admission import BatchWish, start_batch, start_single
from chess_analytics.observability.context import note_ids
from chess_analytics.observability.traces import link_job
from chess_analytics.store.game_names import names_of_games
from chess_analytics.store.job_rows import StoredJob, TaskState
from chess_analytics.store.jobs import find_job, jobs_before, task_counts, tasks_after

router = Router(
    tags=["analysis"],
    responses=problems.responses(
        HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.UNPROCESSABLE_ENTITY
    ),
)

MOST_NODES = 1_000_000_000
_MOST_PRIORITY = 100
_MOST_MINUTES = 60 * 24 * 366
_MOST_CORE_HOURS = 1_000_000
_PAGE = 50
_MOST_A_PAGE = 200

Limit = Annotated[int, Query(ge=1, le=_MOST_A_PAGE, description="How many at most.")]
After = Annotated[
    str | None,
    Query(pattern="^[0-9]{1,18}$", description="The `next` of the page before."),
]
ProfileName = Literal["fast", "standard", "deep"]
Nodes = Annotated[int, Field(ge=1, le=MOST_NODES)]


class HowHard(BaseModel):
    """How hard the engines work."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    profile: ProfileName = Field(
        default="standard", description="How hard the engines work; see the page on profiles."
    )
    nodes: Nodes | None = Field(
        default=None, description="The same number of nodes for every position instead."
    )

    def chosen(self) -> Profile:
        """Give the profile that is meant."""
        return uniform(self.nodes) if self.nodes else PROFILES[self.profile]


class AnalysisWish(HowHard):
    """Which games are to be analysed, and how."""

    games: GameConditions = Field(
        default=GameConditions(), description="Which games; all of yours if nothing is said."
    )
    reanalyse: bool = Field(
        default=False,
        description="Also games that were analysed: they get a new run, and keep the old ones. "
        "Where a run of the very same settings is there, no engine is asked.",
    )
    priority: int = Field(
        default=0,
        ge=-_MOST_PRIORITY,
        le=_MOST_PRIORITY,
        description="Among your own jobs, the highest goes first.",
    )
    most_minutes: float | None = Field(
        default=None, gt=0, le=_MOST_MINUTES, description="Pause after so many minutes of running."
    )
    most_core_hours: float | None = Field(
        default=None, gt=0, le=_MOST_CORE_HOURS, description="Pause after so many engine hours."
    )

    def wish(self, user_id: int) -> BatchWish:
        """Put it in the words of the jobs."""
        minutes, hours = self.most_minutes, self.most_core_hours
        return BatchWish(
            user_id=user_id,
            games=self.games.filter(),
            profile=self.chosen(),
            reanalyse=self.reanalyse,
            priority=self.priority,
            most_running_s=None if minutes is None else minutes * 60,
            most_engine_s=None if hours is None else hours * 3600,
        )


_STARTED: dict[int | str, dict[str, Any]] = {
    **problems.responses(HTTPStatus.CONFLICT),
    **job_problems.responses(HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE),
}


@router.post(
    "/analysis-jobs",
    status_code=HTTPStatus.ACCEPTED,
    response_model=Job,
    responses=_STARTED,
)
def start_analysis_job(
    wish: AnalysisWish, who: Writer, has: Has, limits: Limits, bell: TheBell, key: Key = None
) -> Response:
    """Analyse many games in the background: all that were not analysed, or those of a filter.

    Accepted means kept: the job and its games are in the database before the answer, and go on
    after any restart. Users share the engines evenly, however many games each has.
    """
    now_ms = has.now_ms()
    once = Once(who.user_id, key, ("POST /analysis-jobs", wish.model_dump_json()), now_ms)
    with has.store.writing() as connection:
        body, _ = carry_out(
            connection,
            once,
            lambda: _shown(
                connection,
                start_batch(connection, wish.wish(who.user_id), limits, now_ms=now_ms),
                now_ms,
            ),
        )
    return _accepted(body, who.user_id, bell)


@router.post(
    "/games/{game_id}/analyse",
    status_code=HTTPStatus.ACCEPTED,
    response_model=Job,
    responses={**_STARTED, **problems.responses(HTTPStatus.NOT_FOUND)},
)
def analyse_one_game(  # noqa: PLR0913 - what a request needs, each from its own place
    *,
    game_id: GameId,
    who: Writer,
    has: Has,
    limits: Limits,
    bell: TheBell,
    wish: HowHard | None = None,
    key: Key = None,
) -> Response:
    """Analyse one game now: it goes before all batches, those of other users included."""
    now_ms = has.now_ms()
    how = wish or HowHard()
    content = (f"POST /games/{game_id}/analyse", how.model_dump_json())

    def _start(connection: Connection) -> Job:
        job = start_single(connection, who.user_id, game_id, how.chosen(), limits, now_ms=now_ms)
        if job is None:
            raise problems.not_found("game")
        return _shown(connection, job, now_ms)

    with has.store.writing() as connection:
        once = Once(who.user_id, key, content, now_ms)
        body, _ = carry_out(connection, once, lambda: _start(connection))
    return _accepted(body, who.user_id, bell)


@router.get("/analysis-jobs")
def list_analysis_jobs(
    who: Reader, reading: Reading, limit: Limit = _PAGE, after: After = None
) -> JobList:
    """List my jobs, the newest first."""
    found = jobs_before(reading, who.user_id, int(after) if after else None, limit + 1)
    shown = found[:limit]
    counts = task_counts(reading, [job.id for job in shown])
    return JobList(
        items=[ListedJob.model_validate(job_object(job, counts[job.id])) for job in shown],
        next=str(shown[-1].id) if len(found) > limit else None,
    )


@router.get("/analysis-jobs/{job_id}", responses=problems.responses(HTTPStatus.NOT_FOUND))
def get_analysis_job(
    job_id: JobId, who: Reader, reading: Reading, now_ms: Now, foresight: TheForesight
) -> Job:
    """Tell how a job stands: counts, speed, time left, and the games at hand.

    To be asked again every few seconds it has an `ETag`; `GET …/events` tells of changes itself.
    """
    found = describe_job(reading, who.user_id, job_id, now_ms=now_ms, look=foresight)
    if found is None:
        raise problems.not_found("job")
    return Job.model_validate(standing_object(found))


@router.get("/analysis-jobs/{job_id}/tasks", responses=problems.responses(HTTPStatus.NOT_FOUND))
def list_analysis_tasks(
    job_id: JobId,
    who: Reader,
    reading: Reading,
    state: Annotated[
        list[TaskState] | None, Query(description="Any of these; say it again for another one.")
    ] = None,
    limit: Limit = _PAGE,
    after: After = None,
) -> JobTaskList:
    """List the games of a job, such as those that failed (`state=failed`) with the reasons."""
    if find_job(reading, who.user_id, job_id) is None:
        raise problems.not_found("job")
    states = state or list(TaskState)
    found = tasks_after(reading, job_id, int(after or 0), limit + 1, states)
    shown = found[:limit]
    names = names_of_games(reading, [task.game_id for task in shown if task.game_id is not None])
    return JobTaskList(
        items=[JobTask.model_validate(task_object(task, names)) for task in shown],
        next=str(shown[-1].ordinal) if len(found) > limit else None,
    )


def _shown(connection: Connection, job: StoredJob, now_ms: int) -> Job:
    found = describe_job(connection, job.user_id, job.id, now_ms=now_ms)
    assert found is not None  # noqa: S101 - it was added a line before
    return Job.model_validate(standing_object(found))


def _accepted(body: str, user_id: int, bell: TheBell) -> Response:
    job_id = Job.model_validate_json(body).id
    note_ids(job=job_id)
    link_job(job_id)
    bell(user_id, job_id)
    return Response(
        body,
        HTTPStatus.ACCEPTED,
        headers={"Location": f"/api/v1/analysis-jobs/{job_id}"},
        media_type="application/json",
    )
