"""Jobs of analysis: paused, resumed, cancelled, tried again."""

from collections.abc import Callable
from http import HTTPStatus

from sqlalchemy import Connection

from chess_analytics.actions.describe_job import describe_job, standing_object
from chess_analytics.api import job_problems, problems
from chess_analytics.api.analysis_views import Job, JobId
from chess_analytics.api.identity import Writer
from chess_analytics.api.job_resources import Limits, TheBell
from chess_analytics.api.resources import Has, Resources
from chess_analytics.api.routes import Router
from chess_analytics.store.job_control import cancel_job, pause_job, resume_job, retry_failed
from chess_analytics.store.job_rows import StoredJob

router = Router(
    tags=["analysis"],
    responses=problems.responses(
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.CONFLICT,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    ),
)
_NEEDS_ROOM = job_problems.responses(HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
Change = Callable[[Connection, int], StoredJob | None]
"""Change a job at a moment; nothing if the user has no such job."""


@router.post("/analysis-jobs/{job_id}/pause")
def pause_analysis_job(job_id: JobId, who: Writer, has: Has, bell: TheBell) -> Job:
    """Pause a job: nothing new is begun, and its place goes to others.

    The games at hand are finished.
    """

    def _pause(connection: Connection, now_ms: int) -> StoredJob | None:
        return pause_job(connection, who.user_id, job_id, now_ms=now_ms)

    return _changed(has, bell, (who.user_id, job_id), _pause)


@router.post("/analysis-jobs/{job_id}/resume", responses=_NEEDS_ROOM)
def resume_analysis_job(job_id: JobId, who: Writer, has: Has, limits: Limits, bell: TheBell) -> Job:
    """Go on with a job that was paused, if there is a place for it."""

    def _resume(connection: Connection, now_ms: int) -> StoredJob | None:
        return resume_job(connection, who.user_id, job_id, limits, now_ms=now_ms)

    return _changed(has, bell, (who.user_id, job_id), _resume)


@router.post("/analysis-jobs/{job_id}/cancel")
def cancel_analysis_job(job_id: JobId, who: Writer, has: Has, bell: TheBell) -> Job:
    """Cancel a job; what is finished stays, and engines stop within seconds."""

    def _cancel(connection: Connection, now_ms: int) -> StoredJob | None:
        return cancel_job(connection, who.user_id, job_id, now_ms=now_ms)

    return _changed(has, bell, (who.user_id, job_id), _cancel)


@router.post("/analysis-jobs/{job_id}/retry", responses=_NEEDS_ROOM)
def retry_failed_games(job_id: JobId, who: Writer, has: Has, limits: Limits, bell: TheBell) -> Job:
    """Try the failed games of a job again."""

    def _retry(connection: Connection, now_ms: int) -> StoredJob | None:
        return retry_failed(connection, who.user_id, job_id, limits, now_ms=now_ms)

    return _changed(has, bell, (who.user_id, job_id), _retry)


def _changed(has: Resources, bell: TheBell, which: tuple[int, int], change: Change) -> Job:
    user_id, job_id = which
    now_ms = has.now_ms()
    with has.store.writing() as connection:
        if change(connection, now_ms) is None:
            raise problems.not_found("job")
        found = describe_job(connection, user_id, job_id, now_ms=now_ms)
        assert found is not None  # noqa: S101 - it was changed a line before
    bell(user_id, job_id)
    return Job.model_validate(standing_object(found))
