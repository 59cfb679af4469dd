"""How the answer looks when something about a job cannot be done."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import Field

from chess_analytics.actions.describe_job import describe_job
from chess_analytics.api.analysis_views import JobLinks
from chess_analytics.api.job_watch import TooManyListeners
from chess_analytics.api.problems import MEDIA_TYPE, Problem, ProblemBody, answer
from chess_analytics.api.resources import Resources
from chess_analytics.store.job_refusals import (
    JobRefused,
    JobRunning,
    JobStateRefused,
    NothingToAnalyse,
    QuotaUsedUp,
    ServerFull,
    TooManySingles,
)
from chess_analytics.store.job_rows import ACTIVE, WORKABLE, JobState, StoredJob

# Where nothing was measured yet, nobody knows better.
_UNKNOWN_S = 60
_LONGEST_S = 24 * 60 * 60
_LISTENERS_S = 30

_KINDS: dict[type[JobRefused], tuple[HTTPStatus, str]] = {
    JobRunning: (HTTPStatus.TOO_MANY_REQUESTS, "job-running"),
    ServerFull: (HTTPStatus.SERVICE_UNAVAILABLE, "server-full"),
    QuotaUsedUp: (HTTPStatus.TOO_MANY_REQUESTS, "quota-used-up"),
    TooManySingles: (HTTPStatus.TOO_MANY_REQUESTS, "too-many-singles"),
    NothingToAnalyse: (HTTPStatus.CONFLICT, "nothing-to-analyse"),
    JobStateRefused: (HTTPStatus.CONFLICT, "job-state"),
}


class JobProblemBody(ProblemBody):
    """Why a job cannot be started, and what can be done; what does not apply is absent."""

    job_id: int | None = Field(default=None, description="Your job that is in the way.")
    state: JobState | None = Field(default=None, description="How that job stands.")
    percent: float | None = Field(default=None, description="How much of that job has ended.")
    seconds_left: int | None = Field(
        default=None, description="How long that job still takes, as far as it is known."
    )
    links: JobLinks | None = Field(default=None, description="What can be done about that job.")
    retry_after_s: int | None = Field(
        default=None, description="As the header Retry-After: when it is worth coming again."
    )
    games_left: int | None = Field(
        default=None, description="How many games are left of a daily or weekly quota."
    )


def responses(*statuses: HTTPStatus) -> dict[int | str, dict[str, Any]]:
    """Document refusals that say more than other problems."""
    schema = {"$ref": "#/components/schemas/JobProblemBody"}
    wait = {"schema": {"type": "integer"}, "description": "Seconds; come again then."}
    return {
        status.value: {
            "description": status.phrase,
            "headers": {"Retry-After": wait},
            "content": {MEDIA_TYPE: {"schema": schema}},
        }
        for status in statuses
    }


def install(app: FastAPI) -> None:
    """Make every refusal of a job a problem of its kind."""

    @app.exception_handler(JobRefused)
    def _refused(request: Request, error: JobRefused) -> JSONResponse:
        return answer(problem_of(error, request.app.state.resources))

    @app.exception_handler(TooManyListeners)
    def _listeners(_request: Request, error: TooManyListeners) -> JSONResponse:
        return answer(
            Problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                f"{error}; close some of them, or ask for the job itself now and then "
                "(GET /api/v1/analysis-jobs/{job_id})",
                kind="too-many-listeners",
                headers={"Retry-After": str(_LISTENERS_S)},
            )
        )


def problem_of(error: JobRefused, resources: Resources) -> Problem:
    """Say in the terms of HTTP what cannot be done, and when or how it can be."""
    status, kind = _KINDS[type(error)]
    more: dict[str, Any] = {}
    match error:
        case JobRunning():
            more = _in_the_way(error.job, resources)
        case QuotaUsedUp():
            more = {"games_left": error.left, "retry_after_s": error.retry_after_s}
        case ServerFull() | TooManySingles():
            more = {"retry_after_s": error.retry_after_s}
    wait_s = more.get("retry_after_s")
    headers = {} if wait_s is None else {"Retry-After": str(wait_s)}
    return Problem(status, str(error), kind=kind, headers=headers, more=more)


def _in_the_way(job: StoredJob, resources: Resources) -> dict[str, Any]:
    """Tell how the job stands that has to end first."""
    with resources.store.reading() as connection:
        found = describe_job(connection, job.user_id, job.id, now_ms=resources.now_ms())
    if found is None:
        return {"retry_after_s": 1}
    left_s = found.outlook.seconds_left
    wait_s = _UNKNOWN_S if left_s is None else left_s
    return {
        "job_id": job.id,
        "state": found.job.state.value,
        "percent": found.counts.percent,
        "seconds_left": left_s,
        "links": links_of(found.job).model_dump(),
        "retry_after_s": min(max(1, wait_s), _LONGEST_S),
    }


def links_of(job: StoredJob) -> JobLinks:
    """Say what can be done about a job."""
    address = f"/api/v1/analysis-jobs/{job.id}"
    is_open = job.state in ACTIVE or job.state is JobState.WAITING
    return JobLinks(
        job=address,
        events=f"{address}/events",
        cancel=f"{address}/cancel" if is_open else None,
        pause=f"{address}/pause" if job.state in WORKABLE else None,
        resume=f"{address}/resume" if job.state is JobState.PAUSED else None,
    )
