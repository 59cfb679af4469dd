"""What requests about jobs work with: the limits, the watch, and the bell of the workers."""

import time
from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import Connection

from chess_analytics.actions.describe_job import (
    LookAhead,
    Outlook,
    describe_job,
    look_ahead,
    standing_object,
)
from chess_analytics.api.analysis_views import Job
from chess_analytics.api.job_watch import JobWatch, Look, Sighting
from chess_analytics.api.resources import Has, Resources
from chess_analytics.store.job_admission import JobLimits
from chess_analytics.store.job_rows import ENDED, JobState, StoredJob

_RECKON_EVERY_S = 10.0


class Foresight:
    """Remembers for some seconds what was to be expected: reckoning it reads all open work."""

    def __init__(self) -> None:
        # Any thread may look; what two reckon at the same moment is the same.
        self._known: dict[tuple[int, JobState], tuple[float, Outlook]] = {}

    def __call__(self, connection: Connection, job: StoredJob, now_ms: int) -> Outlook:
        now, key = time.monotonic(), (job.id, job.state)
        at, outlook = self._known.get(key, (float("-inf"), None))
        if outlook is None or now - at >= _RECKON_EVERY_S:
            outlook = look_ahead(connection, job, now_ms)
            # Others may be going through the old one, so that none is ever changed.
            fresh = {k: v for k, v in self._known.items() if now - v[0] < _RECKON_EVERY_S}
            self._known = {**fresh, key: (now, outlook)}
        return outlook


def look_through(resources: Resources, foresight: LookAhead) -> Look:
    """Give the eyes of a watch: each look is one short reading."""

    def _look(user_id: int, job_id: int) -> Sighting | None:
        with resources.store.reading() as connection:
            now_ms = resources.now_ms()
            found = describe_job(connection, user_id, job_id, now_ms=now_ms, look=foresight)
        if found is None:
            return None
        shown = Job.model_validate(standing_object(found))
        return Sighting(shown.model_dump_json(), has_ended=found.job.state in ENDED)

    return _look


async def _limits(has: Has) -> JobLimits:
    return has.settings.job_limits


async def _watch(request: Request) -> JobWatch:
    watch = request.app.state.job_watch
    assert isinstance(watch, JobWatch)  # noqa: S101 - the lifespan has set it
    return watch


async def _foresight(request: Request) -> LookAhead:
    foresight = request.app.state.foresight
    assert isinstance(foresight, Foresight)  # noqa: S101 - the lifespan has set it
    return foresight


async def _bell(request: Request) -> Callable[[int, int], None]:
    state = request.app.state

    def _ring(user_id: int, job_id: int) -> None:
        # It lets in who is next in line, and then there is more for the workers to do.
        state.line.tell(user_id, job_id)
        state.analysis_workers.ring()
        state.job_watch.ring(user_id, job_id)

    return _ring


async def _next_in_line(request: Request) -> Callable[[], None]:
    state = request.app.state

    def _look() -> None:
        state.line.look_again()
        state.analysis_workers.ring()

    return _look


Limits = Annotated[JobLimits, Depends(_limits)]
TheJobWatch = Annotated[JobWatch, Depends(_watch)]
TheForesight = Annotated[LookAhead, Depends(_foresight)]
TheBell = Annotated[Callable[[int, int], None], Depends(_bell)]
"""Ring it, with user and job, after something about a job was committed: it may have left a place
to whoever is next in line."""
NextInLine = Annotated[Callable[[], None], Depends(_next_in_line)]
"""Call it where jobs were removed with their user."""
