"""Who a request is of, and what they may do."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from fastapi.testclient import TestClient

from chess_analytics.actions.keep_sessions import SESSION_IDLE_MS, SESSION_LIFE_MS
from chess_analytics.api.identity import Administrator, Owner, Reader, Visitor, Writer
from chess_analytics.api.resources import Has
from chess_analytics.api.routes import Router, Writing
from chess_analytics.store.accounts import count_administrators
from chess_analytics.store.tokens import find_token
from tests.api.serving import Served


def add_pages(app: FastAPI) -> None:
    """Serve a page for each kind of visitor."""
    router = Router()

    @router.get("/visitor")
    def _visitor(who: Visitor) -> str:
        return who.name if who else "nobody"

    @router.get("/reader")
    def _reader(who: Reader) -> str:
        return f"{who.name} by {who.how}"

    @router.get("/writer")
    def _writer(who: Writer) -> str:
        return f"{who.name} by {who.how}"

    @router.get("/owner")
    def _owner(who: Owner) -> str:
        return f"{who.name} by {who.how}"

    @router.get("/administrator")
    def _administrator(who: Administrator) -> str:
        return f"{who.name} by {who.how}"

    @router.get("/busy")
    def _busy(writing: Writing, who: Reader) -> str:
        count_administrators(writing)
        return who.name

    add_streamed_page(router)
    app.include_router(router)


def add_streamed_page(router: Router) -> None:
    """Serve a page that reads, while it is sent, when its reader's token was last used."""

    @router.get("/told")
    def _told(who: Reader, has: Has) -> StreamingResponse:
        def told() -> Iterator[str]:
            with has.store.reading() as reading:
                found = find_token(reading, who.key_hash or "", now_ms=has.now_ms())
                yield f"used at {found.used_ms}" if found else "gone"

        return StreamingResponse(told())


@pytest.fixture
def served(served: Served) -> Served:
    add_pages(served.app)
    return served


KINDS = ("visitor", "reader", "writer", "owner", "administrator")


def statuses(client: TestClient) -> list[int]:
    return [client.get(kind).status_code for kind in KINDS]


def test_nobody_is_asked_to_sign_in(anonymous: TestClient) -> None:
    assert statuses(anonymous) == [200, 401, 401, 401, 401]
    assert anonymous.get("visitor").json() == "nobody"
    refused = anonymous.get("reader")
    assert refused.headers["www-authenticate"] == "Bearer"
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["type"] == "not-signed-in"
    assert "POST /api/v1/sessions" in refused.json()["detail"]


def test_a_session_is_the_user_themself(ada: TestClient, bob: TestClient) -> None:
    assert statuses(ada) == [200, 200, 200, 200, 200]
    assert statuses(bob) == [200, 200, 200, 200, 403]
    assert ada.get("owner").json() == "ada by session"
    assert bob.get("reader").json() == "bob by session"
    assert bob.get("administrator").json()["type"] == "administrators-only"


@pytest.mark.parametrize(
    ("scopes", "may"),
    [
        (["read"], [200, 200, 403, 403, 403]),
        (["write"], [200, 403, 200, 403, 403]),
        (["read", "write"], [200, 200, 200, 403, 403]),
    ],
    ids=["read", "write", "both"],
)
def test_a_token_may_do_what_its_scopes_say_and_nothing_of_the_users_own(
    served: Served, ada: TestClient, scopes: list[str], may: list[int]
) -> None:
    program = served.program(ada, *scopes)
    assert statuses(program) == may
    assert program.get("visitor").json() == "ada"
    assert program.get("owner").json()["type"] == "log-in-needed"


def test_what_scope_is_missing_is_said(served: Served, ada: TestClient) -> None:
    refused = served.program(ada, "read").get("writer")
    assert refused.json()["type"] == "scope-missing"
    assert "'write'" in refused.json()["detail"]


NO_TOKENS = (
    b"Bearer cap_unknown",
    b"Bearer ",
    b"Bearer",
    b"",
    b"Basic YWRhOnBhc3N3b3Jk",
    b"cap_unknown",
    b"Bearer \xff\xfe",
    b"Bearer a b",
)


def test_a_token_that_is_none_is_refused_even_beside_a_session(ada: TestClient) -> None:
    for authorization in NO_TOKENS:
        for kind in KINDS:
            refused = ada.get(kind, headers=[(b"authorization", authorization)])
            assert refused.status_code == 401, (kind, authorization)
            assert "this token is unknown" in refused.json()["detail"]
    assert ada.get("reader").status_code == 200


def test_a_token_acts_for_its_owner_whoever_is_signed_in(
    served: Served, ada: TestClient, bob: TestClient
) -> None:
    authorization = served.program(ada, "read").headers["authorization"]
    answer = bob.get("reader", headers={"Authorization": authorization})
    assert answer.json() == "ada by token"


def test_the_word_before_a_token_can_be_written_in_any_way(served: Served, ada: TestClient) -> None:
    program = served.program(ada, "read")
    token = program.headers["authorization"].removeprefix("Bearer ")
    for word in ("bearer", "BEARER", "Bearer  "):
        program.headers["authorization"] = f"{word} {token}"
        assert program.get("reader").json() == "ada by token", word


def test_a_revoked_token_opens_nothing(served: Served, ada: TestClient) -> None:
    program = served.program(ada, "read")
    (token,) = ada.get("tokens").json()["items"]
    assert ada.delete(f"tokens/{token['id']}").status_code == 204
    assert statuses(program) == [401] * 5


def test_an_expired_token_opens_nothing(served: Served, ada: TestClient) -> None:
    expires_ms = served.clock.now_ms + 1000
    wish = {"name": "short", "scopes": ["read"], "expires_ms": expires_ms}
    token = ada.post("tokens", json=wish).json()["token"]
    program = served.client(Authorization=f"Bearer {token}")
    assert program.get("reader").status_code == 200
    served.clock.now_ms = expires_ms
    assert program.get("reader").status_code == 401


def test_a_session_that_is_not_used_ends_and_one_that_is_goes_on(
    served: Served, ada: TestClient
) -> None:
    other = served.log_in("ada")
    days = SESSION_IDLE_MS / 86_400_000
    served.clock.advance(days=days - 1)
    assert ada.get("reader").status_code == 200
    served.clock.advance(days=1)
    assert other.get("reader").status_code == 401
    assert ada.get("reader").status_code == 200


def test_a_session_ends_at_the_latest_after_its_life(served: Served, ada: TestClient) -> None:
    for _ in range(3):
        served.clock.now_ms += SESSION_LIFE_MS // 3 - 1
        assert ada.get("reader").status_code == 200
    served.clock.now_ms += 3
    assert ada.get("reader").status_code == 401


def test_a_key_that_opens_no_session_is_nobodys(anonymous: TestClient) -> None:
    for key in (b"", b"made-up", b"\xff", b"a" * 5000):
        cookie = (b"cookie", b"chess_analytics_session=" + key)
        assert anonymous.get("reader", headers=[cookie]).status_code == 401


def test_noting_that_a_session_is_used_waits_for_no_transaction_of_the_request(
    served: Served, ada: TestClient
) -> None:
    # The page opens its transaction before anybody looks who asks; on SQLite there is one at a
    # time, so that noting it any earlier would wait for ever.
    served.clock.advance(minutes=61)
    assert ada.get("busy").json() == "ada"
    (session,) = ada.get("sessions").json()["items"]
    assert session["seen_ms"] == served.clock.now_ms


def test_that_a_token_is_used_is_noted_when_the_answer_is_sent(
    served: Served, ada: TestClient
) -> None:
    program = served.program(ada, "read")
    assert program.get("told").text == "used at None"
    assert program.get("told").text == f"used at {served.clock()}"
