"""Logging in and out, and the cookie."""

from http.cookies import Morsel, SimpleCookie
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from tests.accounts import NOW_MS, PASSWORD
from tests.api.serving import Served, serving

NAME = "chess_analytics_session"
DAY_S = 24 * 60 * 60


def log_in(client: TestClient, name: str = "ada", password: str = PASSWORD) -> Response:
    return client.post("sessions", json={"name": name, "password": password})


def cookie(answer: Response) -> "Morsel[str]":
    (morsel,) = SimpleCookie(answer.headers["set-cookie"]).values()
    return morsel


@pytest.mark.usefixtures("ada")
def test_the_password_signs_a_browser_in(anonymous: TestClient) -> None:
    answer = log_in(anonymous, "Ada")
    assert answer.status_code == 201
    assert answer.json()["name"] == "ada"
    assert anonymous.get("me").json()["name"] == "ada"


@pytest.mark.usefixtures("ada")
def test_the_cookie_is_for_us_alone_and_out_of_reach_of_scripts(anonymous: TestClient) -> None:
    morsel = cookie(log_in(anonymous))
    assert morsel.key == NAME
    assert len(morsel.value) >= 43  # 256 bits
    assert (morsel["httponly"], morsel["samesite"], morsel["path"]) == (True, "lax", "/")
    assert (morsel["secure"], morsel["domain"]) == ("", "")
    assert int(morsel["max-age"]) == 90 * DAY_S


def test_over_https_the_cookie_is_bound_to_https_and_this_host(
    tmp_path: Path, database_url: str | None
) -> None:
    public = "https://chess.example"
    with serving(tmp_path, database_url, base_url=public, public_url=public) as served:
        ada = served.client()
        answer = ada.post("users", json={"name": "ada", "password": PASSWORD})
        morsel = cookie(answer)
        assert morsel.key == f"__Host-{NAME}"
        assert (morsel["secure"], morsel["path"], morsel["domain"]) == (True, "/", "")
        assert ada.get("me").status_code == 200
        plain = {"Cookie": f"{NAME}={morsel.value}"}
        # A page of a neighbouring host can set the plain name, but not the other.
        assert served.client().get("me", headers=plain).status_code == 401
        assert ada.delete("sessions/current").status_code == 204
        assert ada.get("me").status_code == 401


@pytest.mark.usefixtures("ada")
def test_whatever_is_wrong_gets_one_answer(anonymous: TestClient) -> None:
    for name in ("ada", "nobody", "", "not a name", "a\0"):
        answer = log_in(anonymous, name, "wrong password")
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.json() == {
            "type": "log-in-refused",
            "title": "Unauthorized",
            "status": 401,
            "detail": "the name or the password is wrong; check both and try again",
            "fields": [],
        }
        assert "set-cookie" not in answer.headers


@pytest.mark.usefixtures("ada")
def test_after_ten_failures_the_right_password_has_to_wait_too(
    served: Served, anonymous: TestClient
) -> None:
    for _ in range(10):
        assert log_in(anonymous, password="wrong password").status_code == 401  # noqa: S106
    served.clock.advance(minutes=5)
    for client in (anonymous, served.client("192.0.2.9")):
        refused = log_in(client)
        assert refused.status_code == 429
        assert refused.headers["retry-after"] == "600"
        assert refused.json()["type"] == "too-many-attempts"
        assert "in 10 minutes" in refused.json()["detail"]
    served.clock.advance(minutes=10)
    assert log_in(anonymous).status_code == 201


@pytest.mark.usefixtures("ada")
def test_what_a_browser_says_of_its_address_is_not_believed(served: Served) -> None:
    for number in range(50):
        liar = served.client(**{"X-Forwarded-For": f"198.51.100.{number}"})
        assert log_in(liar, f"user{number}").status_code == 401
    refused = log_in(served.client(Forwarded="for=198.51.100.99"))
    assert refused.status_code == 429
    assert "from your address" in refused.json()["detail"]
    assert log_in(served.client("192.0.2.2")).status_code == 201


def test_logging_in_again_replaces_the_key(ada: TestClient, served: Served) -> None:
    old = ada.cookies[NAME]
    new = cookie(log_in(ada)).value
    assert new != old
    assert ada.get("me").status_code == 200
    with_old = {"Cookie": f"{NAME}={old}"}
    assert served.client().get("me", headers=with_old).status_code == 401


def test_logging_out_ends_this_session_and_no_other(served: Served, ada: TestClient) -> None:
    other = served.log_in("ada")
    key = ada.cookies[NAME]
    answer = ada.delete("sessions/current")
    assert answer.status_code == 204
    assert int(cookie(answer)["max-age"]) == 0
    assert NAME not in ada.cookies
    with_old = {"Cookie": f"{NAME}={key}"}
    assert served.client().get("me", headers=with_old).status_code == 401
    assert other.get("me").status_code == 200


def test_logging_out_twice_is_no_fault(anonymous: TestClient) -> None:
    assert anonymous.delete("sessions/current").status_code == 204


def test_i_see_where_i_am_signed_in(served: Served, ada: TestClient, bob: TestClient) -> None:
    served.clock.advance(minutes=5)
    phone = served.client(**{"User-Agent": "a phone"})
    assert log_in(phone).status_code == 201
    listed = ada.get("sessions").json()
    assert listed["next"] is None
    assert [(s["agent"], s["is_current"], s["created_ms"]) for s in listed["items"]] == [
        ("a phone", False, NOW_MS + 300_000),
        ("testclient", True, NOW_MS),
    ]
    assert len(bob.get("sessions").json()["items"]) == 1


def test_i_can_sign_out_another_browser_of_mine(served: Served, ada: TestClient) -> None:
    stolen = served.log_in("ada")
    (id_,) = [s["id"] for s in ada.get("sessions").json()["items"] if not s["is_current"]]
    assert ada.delete(f"sessions/{id_}").status_code == 204
    assert stolen.get("me").status_code == 401
    assert ada.get("me").status_code == 200
    assert ada.delete(f"sessions/{id_}").status_code == 404


def test_nobody_ends_another_users_session(ada: TestClient, bob: TestClient) -> None:
    (session,) = ada.get("sessions").json()["items"]
    refused = bob.delete(f"sessions/{session['id']}")
    assert refused.status_code == 404
    assert refused.json()["detail"] == "there is no such session, or it is not yours"
    assert ada.get("me").status_code == 200


def test_what_names_no_session_is_told(ada: TestClient) -> None:
    for id_ in ("x", "0123456789abcde", "%00", "0123456789ABCDEF"):
        refused = ada.delete(f"sessions/{id_}")
        assert refused.status_code == 422, id_
        assert refused.json()["fields"][0]["where"] == "path.session_id"
