"""No page of another site acts for who is signed in, and we go by our own names only."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.accounts import PASSWORD
from tests.api.serving import Served, serving

FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "http://127.0.0.1:9999"},
    {"Origin": "http://127.0.0.1.evil.example"},
    {"Origin": "http://127.0.0.1@evil.example"},
    {"Origin": "http://[broken"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
]
OWN: list[Mapping[str, str]] = [
    {},
    {"Origin": "http://127.0.0.1"},
    {"Origin": "http://127.0.0.1", "Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
]


def test_a_foreign_page_changes_nothing(ada: TestClient) -> None:
    for headers in FOREIGN:
        answers = [
            ada.patch("me", json={"name": "eve"}, headers=headers),
            ada.post("tokens", json={"name": "mine", "scopes": ["read"]}, headers=headers),
            ada.request("DELETE", "me", json={"password": PASSWORD}, headers=headers),
            ada.delete("sessions/current", headers=headers),
        ]
        assert [answer.status_code for answer in answers] == [403] * 4, headers
        assert {answer.json()["type"] for answer in answers} == {"foreign-origin"}
    assert ada.get("me").json()["name"] == "ada"
    assert ada.get("tokens").json()["items"] == []


@pytest.mark.usefixtures("ada")
def test_a_foreign_page_signs_nobody_in(anonymous: TestClient) -> None:
    credentials = {"name": "ada", "password": PASSWORD}
    for headers in FOREIGN:
        for path in ("sessions", "users"):
            answer = anonymous.post(path, json=credentials, headers=headers)
            assert answer.status_code == 403, headers
            assert "set-cookie" not in answer.headers


def test_our_own_pages_and_programs_without_an_origin_are_let_in(ada: TestClient) -> None:
    for number, headers in enumerate(OWN):
        name = f"eve{number}"
        assert ada.patch("me", json={"name": name}, headers=headers).status_code == 200, headers
        assert ada.get("me").json()["name"] == name


def test_a_token_is_shown_by_nobody_who_does_not_hold_it(served: Served, ada: TestClient) -> None:
    program = served.program(ada, "read", "write")
    for headers in FOREIGN:
        # Let in, and told by the application itself that tokens cannot do this.
        answer = program.patch("me", json={"name": "eve"}, headers=headers)
        assert answer.json()["type"] == "log-in-needed", headers


def test_reading_changes_nothing_and_is_the_browsers_to_guard(ada: TestClient) -> None:
    for headers in FOREIGN:
        answer = ada.get("me", headers=headers)
        assert answer.status_code == 200, headers
        assert not [name for name in answer.headers if name.startswith("access-control")]


def test_a_foreign_name_for_this_machine_is_refused(ada: TestClient) -> None:
    for host in ("evil.example", "127.0.0.1.evil.example", "", "[", "192.0.2.1:8000"):
        for method in ("GET", "PATCH"):
            answer = ada.request(method, "me", json={"name": "eve"}, headers={"Host": host})
            assert answer.status_code == 421, host
            assert "CHESS_ANALYTICS_PUBLIC_URL" in answer.json()["detail"]
    assert ada.get("me").json()["name"] == "ada"


def test_this_machines_own_names_are_ours(ada: TestClient) -> None:
    for host in ("localhost:8000", "LOCALHOST", "[::1]:8000", "127.0.0.1:1"):
        headers = {"Host": host, "Origin": f"http://{host}"}
        answer = ada.patch("me", json={"name": "eve"}, headers=headers)
        assert answer.status_code == 200, host


def behind_a_proxy(served: Served) -> TestClient:
    """Give a browser whose requests come by a proxy that calls us by an inner name."""
    client = served.client(Host="127.0.0.1:8000", Origin="https://chess.example")
    client.base_url = "https://chess.example/api/v1/"
    return client


def test_behind_a_proxy_the_public_address_is_ours(
    tmp_path: Path, database_url: str | None
) -> None:
    public = "https://chess.example"
    with serving(tmp_path, database_url, public_url=public, host="0.0.0.0") as served:  # noqa: S104
        ada = behind_a_proxy(served)
        credentials = {"name": "ada", "password": PASSWORD}
        assert ada.post("users", json=credentials).status_code == 201
        assert ada.get("me").status_code == 200
        for host in ("chess.example", "127.0.0.1:8000"):
            headers = {"Host": host}
            assert ada.patch("me", json={"name": "eve"}, headers=headers).status_code == 200
        foreign = {"Origin": "https://evil.example"}
        assert ada.patch("me", json={"name": "mallory"}, headers=foreign).status_code == 403
        assert ada.get("me", headers={"Host": "evil.example"}).status_code == 421
        assert ada.get("me").json()["name"] == "eve"
