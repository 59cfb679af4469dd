"""Signing up, and what users can do with their own account."""

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import func, insert, select

from chess_analytics.actions.passwords import argon2_passwords
from chess_analytics.actions.spool_uploads import uploads_folder
from chess_analytics.api.app import create_app
from chess_analytics.api.routes import PREFIX
from chess_analytics.settings import Settings
from chess_analytics.store.every_table import metadata
from chess_analytics.store.session import Store
from chess_analytics.store.tables import games, imports, users
from tests.accounts import NOW_MS, PASSWORD, WEAK
from tests.api.serving import BASE_URL, Served
from tests.empty_library import lay_empty_library

NEW_PASSWORD = "another good password"  # noqa: S105 - of nobody


def sign_up(client: TestClient, name: str, password: str = PASSWORD) -> Response:
    return client.post("users", json={"name": name, "password": password})


def log_in(client: TestClient, name: str, password: str = PASSWORD) -> int:
    answer = client.post("sessions", json={"name": name, "password": password})
    return answer.status_code


def delete_me(client: TestClient, password: str | None = None) -> Response:
    body = {} if password is None else {"json": {"password": password}}
    return client.request("DELETE", "me", **body)  # type: ignore[arg-type]


def problem(answer: Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["detail"]
    return answer.status_code, body["type"]


def kept_password(store: Store) -> str | None:
    with store.reading() as connection:
        return connection.scalar(select(users.c.password_hash))


def test_a_server_keeps_a_hash_as_strong_as_it_can_be(tmp_path: Path) -> None:
    lay_empty_library(tmp_path)
    app = create_app(Settings(data_dir=tmp_path, workers=0))
    with TestClient(app, base_url=f"{BASE_URL}{PREFIX}/") as client:
        assert sign_up(client, "ada").status_code == 201
        assert argon2_passwords().verify(PASSWORD, kept_password(app.state.resources.store)) == (
            True,
            None,
        )


@pytest.mark.usefixtures("ada")
def test_the_users_of_other_tests_cost_nothing(served: Served) -> None:
    kept = kept_password(served.store)
    # Two thousand of them took as long as all that is tested with them.
    assert WEAK.verify(PASSWORD, kept) == (True, None)


def test_who_signs_up_is_signed_in(anonymous: TestClient) -> None:
    answer = sign_up(anonymous, "Ada")
    assert answer.status_code == 201
    assert answer.json() == {
        "id": 1,
        "name": "Ada",
        "is_admin": True,
        "created_ms": NOW_MS,
        "has_password": True,
        "lichess_id": None,
    }
    assert anonymous.get("me").json() == {
        **answer.json(),
        "how": "session",
        "scopes": ["read", "write"],
        "players": 0,
        "imports": 0,
        "games": 0,
    }


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ({"name": "ADA", "password": PASSWORD}, 409, "name-taken"),
        ({"name": "a", "password": PASSWORD}, 422, "name-refused"),
        ({"name": "local", "password": PASSWORD}, 422, "name-refused"),
        ({"name": "a\0b", "password": PASSWORD}, 422, "name-refused"),
        ({"name": "bob", "password": "short"}, 422, "password-refused"),
        ({"name": "bob", "password": "x" * 10_000}, 422, "password-refused"),
        ({"name": "bob"}, 422, "unprocessable-content"),
        ({"name": 7, "password": PASSWORD}, 422, "unprocessable-content"),
        ([], 422, "unprocessable-content"),
    ],
    ids=["taken", "short", "local", "zero", "easy", "long", "none", "number", "list"],
)
def test_what_cannot_be_signed_up_with_is_told(
    anonymous: TestClient, body: Any, status: int, kind: str
) -> None:
    answer = anonymous.post("users", json=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"].startswith(kind.split("-", maxsplit=1)[0])
    assert "set-cookie" not in answer.headers


def test_half_a_character_is_refused_and_no_failure_of_ours(anonymous: TestClient) -> None:
    headers = {"Content-Type": "application/json"}
    for broken in (
        b'{"name": "ada", "password": "correct horse \\ud800"}',
        b'{"name": "ada\\udfff", "password": "correct horse battery staple"}',
    ):
        signing_up = anonymous.post("users", content=broken, headers=headers)
        assert signing_up.status_code == 422
        logging_in = anonymous.post("sessions", content=broken, headers=headers)
        assert logging_in.status_code in (401, 422)


def test_too_many_sign_ups_are_told_when_to_come_again(served: Served) -> None:
    for number in range(30):
        assert sign_up(served.client(), f"user{number}").status_code == 201
    refused = sign_up(served.client(), "one-more")
    assert problem(refused) == (429, "too-many-attempts")
    assert refused.headers["retry-after"] == "3600"
    assert sign_up(served.client("192.0.2.2"), "neighbour").status_code == 201


def test_i_can_go_by_another_name(ada: TestClient, bob: TestClient) -> None:
    answer = bob.patch("me", json={"name": "Robert"})
    assert answer.status_code == 200
    assert answer.json()["name"] == "Robert" == bob.get("me").json()["name"]
    assert problem(bob.patch("me", json={"name": "Ada"})) == (409, "name-taken")
    assert problem(bob.patch("me", json={"name": "!"})) == (422, "name-refused")
    assert ada.get("me").json()["name"] == "ada"
    assert bob.get("me").json()["name"] == "Robert"


def test_i_can_change_my_password_and_all_other_browsers_are_signed_out(
    served: Served, ada: TestClient, bob: TestClient
) -> None:
    stolen, program = served.log_in("ada"), served.program(ada, "read")
    change = {"old_password": PASSWORD, "new_password": NEW_PASSWORD}
    assert ada.put("me/password", json=change).status_code == 204
    assert [who.get("me").status_code for who in (ada, stolen, bob, program)] == [
        200,
        401,
        200,
        200,
    ]
    assert log_in(served.client(), "ada") == 401
    assert log_in(served.client(), "ada", NEW_PASSWORD) == 201


def test_a_password_is_not_changed_without_the_old_one(served: Served, ada: TestClient) -> None:
    wrong = {"old_password": "wrong password", "new_password": NEW_PASSWORD}
    assert problem(ada.put("me/password", json=wrong)) == (403, "proof-refused")
    missing = {"new_password": NEW_PASSWORD}
    assert problem(ada.put("me/password", json=missing)) == (403, "proof-refused")
    easy = {"old_password": PASSWORD, "new_password": "1234567890"}
    assert problem(ada.put("me/password", json=easy)) == (422, "password-refused")
    assert log_in(served.client(), "ada") == 201


def test_guessing_the_old_password_is_limited(ada: TestClient) -> None:
    wrong = {"old_password": "wrong password", "new_password": NEW_PASSWORD}
    for _ in range(10):
        assert ada.put("me/password", json=wrong).status_code == 403
    right = {"old_password": PASSWORD, "new_password": NEW_PASSWORD}
    refused = ada.put("me/password", json=right)
    assert problem(refused) == (429, "too-many-attempts")
    assert refused.headers["retry-after"] == "900"
    assert problem(delete_me(ada, PASSWORD)) == (429, "too-many-attempts")


def add_library(served: Served, user_id: int) -> None:
    """Give a user some games and an upload that waits."""
    folder = uploads_folder(served.settings.data_dir)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{user_id}.upload").write_text("1. e4")
    game = {"user_id": user_id, "site": "other", "variant": "standard", "result": "1-0"}
    game |= {"played_ms": 0, "plies": 1, "added_ms": 1}
    upload = {"kind": "upload", "name": "a.pgn", "state": "waiting", "created_ms": 1}
    with served.store.writing() as connection:
        connection.execute(insert(games), [{**game, "moves_key": f"{n}"} for n in range(3)])
        connection.execute(
            insert(imports).values(user_id=user_id, file=f"{user_id}.upload", **upload)
        )


def row_counts(served: Served) -> dict[str, int]:
    with served.store.reading() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
            # How often somebody signed up from an address is forgotten after an hour, and what is
            # leased is the server's own work.
            if table.name not in ("log_in_failures", "leases")
        }


def test_when_i_leave_everything_of_mine_is_gone_and_nothing_of_others(
    served: Served, ada: TestClient
) -> None:
    add_library(served, ada.get("me").json()["id"])
    before = row_counts(served)
    bob = served.sign_up("bob")
    bob_id = bob.get("me").json()["id"]
    add_library(served, bob_id)
    program = served.program(bob, "read", "write")
    assert bob.get("me").json()["games"] == 3
    gone = delete_me(bob, PASSWORD)
    assert gone.status_code == 204
    assert 'chess_analytics_session=""' in gone.headers["set-cookie"]
    assert row_counts(served) == before
    folder = uploads_folder(served.settings.data_dir)
    assert [path.name for path in folder.iterdir()] == [f"{ada.get('me').json()['id']}.upload"]
    assert [who.get("me").status_code for who in (bob, program)] == [401, 401]
    assert log_in(served.client(), "bob") == 401


@pytest.mark.parametrize("password", [None, "wrong password"])
def test_nobody_leaves_without_the_password(bob: TestClient, password: str | None) -> None:
    assert problem(delete_me(bob, password)) == (403, "proof-refused")
    assert bob.get("me").status_code == 200


def test_the_last_administrator_cannot_leave_while_others_are_here(
    ada: TestClient, bob: TestClient
) -> None:
    refused = delete_me(ada, PASSWORD)
    assert problem(refused) == (409, "last-administrator")
    assert "make another user one first" in refused.json()["detail"]
    assert delete_me(bob, PASSWORD).status_code == 204
    assert delete_me(ada, PASSWORD).status_code == 204


def test_after_the_last_has_left_the_next_is_the_first(served: Served, ada: TestClient) -> None:
    assert delete_me(ada, PASSWORD).status_code == 204
    assert served.sign_up("eve").get("me").json()["is_admin"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "me", {"name": "eve"}),
        ("PUT", "me/password", {"old_password": PASSWORD, "new_password": NEW_PASSWORD}),
        ("DELETE", "me", {"password": PASSWORD}),
        ("DELETE", "me/lichess", None),
        ("GET", "tokens", None),
        ("POST", "tokens", {"name": "another", "scopes": ["read"]}),
        ("DELETE", "tokens/1", None),
        ("GET", "sessions", None),
        ("DELETE", "sessions/0123456789abcdef", None),
        ("GET", "users", None),
        ("PATCH", "users/1", {"is_admin": True}),
        ("DELETE", "users/1", None),
    ],
)
def test_no_token_manages_the_account_and_nobody_unknown_does(
    served: Served, ada: TestClient, method: str, path: str, body: Any
) -> None:
    before = row_counts(served)
    program = served.program(ada, "read", "write")
    before["tokens"] += 1
    assert problem(program.request(method, path, json=body)) == (403, "log-in-needed")
    assert problem(served.client().request(method, path, json=body)) == (401, "not-signed-in")
    assert row_counts(served) == before
    assert ada.get("me").json()["name"] == "ada"
    assert log_in(served.client(), "ada") == 201
