"""A single user without a log-in, on one's own machine."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError

from chess_analytics.settings import Settings
from tests.accounts import NOW_MS, PASSWORD
from tests.api.serving import Served, serving
from tests.api.test_accounts import add_library


@pytest.fixture
def local(tmp_path: Path, database_url: str | None) -> Iterator[Served]:
    with serving(tmp_path, database_url, local=True) as served:
        yield served


@pytest.fixture
def somebody(local: Served) -> TestClient:
    return local.client()


def test_every_request_is_the_local_users(local: Served, somebody: TestClient) -> None:
    me = somebody.get("me").json()
    assert (me["name"], me["is_admin"], me["how"]) == ("local", True, "local")
    assert me["scopes"] == ["read", "write"]
    assert local.client().get("me").json() == me


def test_there_is_no_log_in(somebody: TestClient) -> None:
    credentials = {"name": "ada", "password": PASSWORD}
    answers = [
        somebody.post("users", json=credentials),
        somebody.post("sessions", json=credentials),
        somebody.patch("me", json={"name": "ada"}),
        somebody.put("me/password", json={"new_password": PASSWORD}),
        somebody.get("sign-in/lichess"),
        somebody.get("sign-in/lichess/callback"),
        somebody.delete("me/lichess"),
    ]
    assert [answer.status_code for answer in answers] == [409] * len(answers)
    assert {answer.json()["type"] for answer in answers} == {"not-in-local-mode"}
    assert "no log-in" in answers[0].json()["detail"]
    assert len(somebody.get("users").json()["items"]) == 1


def test_there_are_no_sessions_and_logging_out_does_nothing(somebody: TestClient) -> None:
    assert somebody.get("sessions").json()["items"] == []
    assert somebody.delete("sessions/current").status_code == 204
    assert somebody.get("me").status_code == 200


def test_programs_can_have_tokens_with_less_than_all_scopes(
    local: Served, somebody: TestClient
) -> None:
    program = local.program(somebody, "read")
    assert program.get("me").json()["how"] == "token"
    assert program.get("tokens").status_code == 403


def test_a_token_that_is_none_is_refused(local: Served) -> None:
    # A request that shows a token is not asked where it comes from, so it has to be one.
    for authorization in ("Bearer cap_made_up", "Basic eDp5"):
        assert local.client(Authorization=authorization).get("me").status_code == 401


def test_no_foreign_page_acts_for_the_local_user(somebody: TestClient) -> None:
    before = somebody.get("me").json()
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Host": "evil.example"},
    ):
        assert somebody.delete("me", headers=headers).status_code in (403, 421), headers
    assert somebody.get("me").json() == before


def test_leaving_empties_the_library_and_begins_anew(local: Served, somebody: TestClient) -> None:
    before = somebody.get("me").json()
    add_library(local, before["id"])
    local.clock.advance(minutes=1)
    assert somebody.delete("me").status_code == 204
    after = somebody.get("me").json()
    assert (after["name"], after["games"], after["created_ms"]) == ("local", 0, NOW_MS + 60_000)
    assert after["id"] != before["id"]
    assert list((local.settings.data_dir / "uploads").iterdir()) == []


def test_the_library_stays_when_the_server_starts_again(
    tmp_path: Path, database_url: str | None
) -> None:
    seen = []
    for _ in range(2):
        with serving(tmp_path, database_url, local=True) as served:
            seen.append(served.client().get("me").json())
    assert seen[0] == seen[1]


def test_with_a_log_in_nobody_is_the_local_user(tmp_path: Path, database_url: str | None) -> None:
    with serving(tmp_path, database_url, local=True) as served:
        assert served.client().get("me").status_code == 200
    with serving(tmp_path, database_url) as served:
        assert served.client().get("me").status_code == 401
        wish = {"name": "local", "password": PASSWORD}
        assert served.client().post("users", json=wish).status_code == 422
        assert served.client().post("sessions", json=wish).status_code == 401
        # Who signs up now is the first who can sign in.
        assert served.sign_up("ada").get("me").json()["is_admin"]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "chess.example"])  # noqa: S104
def test_it_is_refused_where_others_can_reach_the_server(host: str) -> None:
    about: dict[str, Any] = {"local": True, "host": host}
    with pytest.raises(ValidationError, match="nobody logs in"):
        Settings(**about)
