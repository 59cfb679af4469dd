"""Those who send requests that Schemathesis has made up: nobody, and a member who owns things."""

from http import HTTPStatus
from typing import Any

from schemathesis import Case
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.types import Receive, Scope, Send

from chess_analytics.actions.gather_drills import gather_drills
from chess_analytics.actions.recognise import recognise_session
from chess_analytics.actions.sign_up import Credentials, sign_up
from chess_analytics.api.session_cookie import NAME
from chess_analytics.games.model import Side
from tests.accounts import PASSWORD, WEAK, visit
from tests.analysing import keep_ended_job, keep_paused_job
from tests.api.serving import BASE_URL, Served
from tests.api.streaming import hurry
from tests.library import keep_game, keep_import, keep_run, link_player

CHECKS: list[CheckFunction] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
"""No break, and no status, content type, header or body that is not documented."""
MOST_THINGS = 3
"""A member owns so many of each; the first has the number 1."""


class Nobody:
    """Sends requests without a sign-in, each from another address: nobody is throttled."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self._addresses = 0
        # A stream of a job that does not end would not end either.
        hurry(served, longest_s=0.02)

    def send(self, case: Case[Any]) -> None:
        """Send a request, and hold the answer against the description of the API."""
        response = case.call(base_url=BASE_URL, headers=self._headers(), app=self._application)
        case.validate_response(response, checks=CHECKS)
        self._check(case, response.status_code)

    def _headers(self) -> dict[str, str]:
        return {}

    def _check(self, case: Case[Any], status: int) -> None:
        """See that nobody gets in where a sign-in is asked for."""
        description = case.operation.definition.raw
        assert "security" not in description or status >= HTTPStatus.BAD_REQUEST

    def _address(self) -> str:
        self._addresses += 1
        high, low = divmod(self._addresses, 256)
        return f"10.0.{high % 256}.{low}"

    async def _application(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise RuntimeError("it was started already")
        await self._served.app({**scope, "client": (self._address(), 50_000)}, receive, send)


class Member(Nobody):
    """Sends requests as a user who owns some of everything; when they have left, another one.

    The first of them may have joined already, in the library that is served.
    """

    def __init__(self, served: Served, joined: int = 0) -> None:
        super().__init__(served)
        self._members = joined
        self._key = _key(joined)

    def _headers(self) -> dict[str, str]:
        if not self._is_signed_in():
            self.join()
        return {"Cookie": f"{NAME}={self._key}"}

    def _check(self, case: Case[Any], status: int) -> None:
        """See that it was really sent by a member: else all answers would be the same."""
        description = case.operation.definition.raw
        assert "security" not in description or status != HTTPStatus.UNAUTHORIZED

    def _is_signed_in(self) -> bool:
        with self._served.store.reading() as connection:
            now_ms = self._served.clock.now_ms
            return recognise_session(connection, self._key, now_ms=now_ms) is not None

    def join(self) -> None:
        """Sign another one up, with some of everything."""
        store = self._served.store
        self._members += 1
        self._key = _key(self._members)
        at_the_door = visit(self._key, address=self._address())
        wish = Credentials(f"member-{self._members}", PASSWORD)
        user_id = sign_up(store, WEAK, wish, at_the_door, is_open=True).id
        for number in range(MOST_THINGS):
            name = link_player(store, user_id, f"name-{number}")
            keep_run(store, keep_game(store, user_id, seen_by=(name, Side.WHITE)))
            keep_import(store, user_id, problems=1)
        gather_drills(store, user_id, now_ms=self._served.clock.now_ms)
        # One of each kind, and none that goes on by itself.
        keep_ended_job(store, user_id)
        keep_ended_job(store, user_id, is_failed=True)
        keep_paused_job(store, user_id)


def _key(member: int) -> str:
    return f"key-of-member-{member}"
