"""Follow a job as it goes on: server-sent events, for browsers and for curl."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Header, Response
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from chess_analytics.actions.recognise import Who, is_still_signed_in
from chess_analytics.api import problems
from chess_analytics.api.analysis_views import JobId
from chess_analytics.api.identity import Reader
from chess_analytics.api.job_resources import TheJobWatch
from chess_analytics.api.job_watch import ended_id
from chess_analytics.api.resources import Has, Resources
from chess_analytics.api.routes import Router

router = Router(
    tags=["analysis"],
    responses=problems.responses(
        HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.UNPROCESSABLE_ENTITY
    ),
)

_EVENT_STREAM = "text/event-stream"
# Nothing on the way may keep it, change it, or hold it back until there is more.
_HEADERS = {"Cache-Control": "no-cache, no-store, no-transform", "X-Accel-Buffering": "no"}

_EVENT = {
    "type": "object",
    "description": "One event of the stream.",
    "properties": {
        "event": {"enum": ["progress", "ended"]},
        "id": {"type": "string", "description": "Send it as `Last-Event-ID` to go on from here."},
        "data": {
            "type": "string",
            "contentMediaType": "application/json",
            "contentSchema": {"$ref": "#/components/schemas/Job"},
        },
    },
    "required": ["event", "id", "data"],
}


class EventStream(StreamingResponse):
    """A stream of events; it lets go of everything as soon as nobody listens."""

    media_type = _EVENT_STREAM

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            close = getattr(self.body_iterator, "aclose", None)
            if close:
                await close()


@router.get(
    "/analysis-jobs/{job_id}/events",
    response_class=EventStream,
    responses={
        **problems.responses(HTTPStatus.NOT_FOUND),
        HTTPStatus.OK.value: {
            "description": "Events until the job has ended",
            "content": {_EVENT_STREAM: {"schema": _EVENT}},
        },
        HTTPStatus.NO_CONTENT.value: {
            "description": "The job has ended, and you know: do not come again"
        },
    },
)
async def follow_analysis_job(
    job_id: JobId,
    who: Reader,
    has: Has,
    watch: TheJobWatch,
    known: Annotated[
        str | None,
        Header(
            alias="Last-Event-ID",
            max_length=100,
            description="The id of the last event that you got; browsers send it by themselves.",
        ),
    ] = None,
) -> Response:
    """Follow a job: an event whenever something has changed, until it has ended.

    Each event `progress` holds the whole job, as `GET /analysis-jobs/{job_id}` shows it, and its id
    changes only when that does. Come again with `Last-Event-ID`, and you hear nothing twice and
    miss no change. `ended` is the last one. A comment every 15 seconds shows that the line is open.
    After an hour, or when the server stops, it ends, and browsers come again by themselves.
    """
    seen = await run_in_threadpool(watch.look, who.user_id, job_id)
    if seen is None:
        raise problems.not_found("job")
    if known is not None and seen.has_ended and known == ended_id(seen):
        return Response(status_code=HTTPStatus.NO_CONTENT)
    watch.check_room(who.user_id)
    events = watch.events((who.user_id, job_id), known, lambda: _is_welcome(has, who))
    return EventStream(events, headers=_HEADERS)


def _is_welcome(has: Resources, who: Who) -> bool:
    with has.store.reading() as connection:
        return is_still_signed_in(connection, who, now_ms=has.now_ms())
