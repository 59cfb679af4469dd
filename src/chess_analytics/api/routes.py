"""Routes: what is done for every request around the function that answers it.

A request takes two errands to a thread: one to count it and recognise who makes it, and one for the
function with its transaction, which also writes down the answer. In FastAPI's own way they would be
seven. Where many ask at once, errands cost a server more than what is asked, and on a busy machine
each waits for its turn.
"""

from collections.abc import Callable, Coroutine
from functools import wraps
from http import HTTPStatus
from inspect import iscoroutinefunction, signature
from typing import Annotated, Any, get_type_hints

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from chess_analytics.api.identity import note_their_use, receive
from chess_analytics.api.resources import Has
from chess_analytics.store.session import Store

PREFIX = "/api/v1"

Reading = Annotated[Connection, Store.reading]
"""For a function of a `Router`: a connection that sees one moment of the database."""
Glancing = Annotated[Connection, Store.glancing]
"""A connection whose statements each see their own moment: two errands to PostgreSQL fewer."""
Writing = Annotated[Connection, Store.writing]
"""For a function of a `Router`: a transaction; what an answer says is committed before it is sent.

All of them end with the function, so that it does not wait for a slow reader.
"""


class UncountedRoute(APIRoute):
    """Runs a function in its transaction; for who watches the server and is never turned away."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **more: Any) -> None:
        status = more.get("status_code") or HTTPStatus.OK
        super().__init__(path, _writing_down(_in_transaction(endpoint), status), **more)


class Route(UncountedRoute):
    """Counts each request, and recognises who makes it, before anything else is done for it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Give what answers a request."""
        answer = super().get_route_handler()

        async def handle(request: Request) -> Response:
            await run_in_threadpool(receive, request)
            answered = await answer(request)
            note_their_use(request, answered)
            return answered

        return handle


class Router(APIRouter):
    """Routes of the API; a function of them may ask for a connection, see above.

    They bear their whole addresses, so that the application can have them all in one list: in
    routers that are included one asks each router in turn, and each of its routes, which took a
    request longer than anything else that is done for it.
    """

    def __init__(
        self, route_class: type[APIRoute] = Route, *, prefix: str = "", **more: Any
    ) -> None:
        super().__init__(
            prefix=f"{PREFIX}{prefix}",
            route_class=route_class,
            generate_unique_id_function=_name_of,
            **more,
        )


def _name_of(route: APIRoute) -> str:
    """Name an operation as its function, so that clients read like our own code."""
    return route.name


def _writing_down(endpoint: Callable[..., Any], status: int) -> Callable[..., Any]:
    """Have a model written down as JSON in the thread that has made it.

    FastAPI would have another thread look whether it is what it is said to be, which we know.
    """
    hints = get_type_hints(endpoint)
    model = hints.pop("return", None)
    is_one = isinstance(model, type) and issubclass(model, BaseModel)
    # Headers of an answer that a function was given are lost with that answer.
    if not is_one or iscoroutinefunction(endpoint) or Response in hints.values():
        return endpoint
    write = TypeAdapter(model).dump_json

    @wraps(endpoint)
    def call(**given: Any) -> Response:
        body = write(endpoint(**given), by_alias=True)
        return Response(body, int(status), media_type="application/json")

    return call


def _in_transaction(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """Make what FastAPI calls of a function that asks for a transaction."""
    hints = get_type_hints(endpoint, include_extras=True)
    asked = [name for name, hint in hints.items() if hint in (Reading, Glancing, Writing)]
    if not asked:
        return endpoint
    [name] = asked
    [opened] = hints[name].__metadata__

    @wraps(endpoint)
    def call(**given: Any) -> Any:
        with opened(given[name].store) as connection:
            return endpoint(**{**given, name: connection})

    declared = signature(endpoint)
    parameters = [
        each.replace(annotation=Has) if each.name == name else each
        for each in declared.parameters.values()
    ]
    # FastAPI reads there what to give.
    call.__signature__ = declared.replace(parameters=parameters)  # type: ignore[attr-defined]
    return call
