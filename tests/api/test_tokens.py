"""Tokens: shown once, limited, revocable, and nobody else's."""

from typing import Any

from fastapi.testclient import TestClient

from tests.accounts import DAY_MS, NOW_MS
from tests.api.serving import Served

WISH = {"name": "nightly backup", "scopes": ["read"]}


def test_a_token_is_shown_once_and_listed_without_its_secret(ada: TestClient) -> None:
    made = ada.post("tokens", json={**WISH, "expires_ms": NOW_MS + DAY_MS})
    assert made.status_code == 201
    secret = made.json().pop("token")
    assert secret.startswith("cap_")
    assert len(secret) >= 47
    item = {
        "id": made.json()["id"],
        "name": "nightly backup",
        "scopes": ["read"],
        "created_ms": NOW_MS,
        "expires_ms": NOW_MS + DAY_MS,
        "used_ms": None,
    }
    assert made.json() == {**item, "token": secret}
    listed = ada.get("tokens")
    assert listed.json() == {"items": [item], "next": None}
    assert secret not in listed.text


def test_every_token_is_another(ada: TestClient) -> None:
    assert len({ada.post("tokens", json=WISH).json()["token"] for _ in range(5)}) == 5


def test_the_last_use_is_listed_to_the_hour(served: Served, ada: TestClient) -> None:
    program = served.program(ada, "read")
    served.clock.advance(minutes=10)
    for _ in range(2):
        assert program.get("me").status_code == 200
        assert ada.get("tokens").json()["items"][0]["used_ms"] == NOW_MS + 600_000
        served.clock.advance(minutes=5)


def test_nobody_sees_or_revokes_another_users_tokens(
    served: Served, ada: TestClient, bob: TestClient
) -> None:
    program = served.program(ada, "read")
    (token,) = ada.get("tokens").json()["items"]
    assert bob.get("tokens").json()["items"] == []
    refused = bob.delete(f"tokens/{token['id']}")
    assert refused.status_code == 404
    assert refused.json()["detail"] == "there is no such token, or it is not yours"
    assert program.get("me").status_code == 200
    assert ada.delete(f"tokens/{token['id']}").status_code == 204
    assert ada.delete(f"tokens/{token['id']}").status_code == 404


NO_TOKENS: list[dict[str, Any]] = [
    {},
    {**WISH, "scopes": []},
    {**WISH, "scopes": ["everything"]},
    {**WISH, "name": ""},
    {**WISH, "name": "x" * 61},
    {**WISH, "name": "a\0b"},
    {**WISH, "name": "  "},
    {**WISH, "expires_ms": NOW_MS},
    {**WISH, "expires_ms": -1},
    {**WISH, "expires_ms": 2**70},
]


def test_what_is_no_token_is_refused(ada: TestClient) -> None:
    for wish in NO_TOKENS:
        refused = ada.post("tokens", json=wish)
        assert refused.status_code == 422, wish
        assert refused.json()["detail"]
    assert ada.get("tokens").json()["items"] == []


def test_a_token_can_have_all_scopes_and_no_end(ada: TestClient) -> None:
    wish = {**WISH, "scopes": ["write", "read", "read"], "expires_ms": None}
    made = ada.post("tokens", json=wish).json()
    assert (made["scopes"], made["expires_ms"]) == (["read", "write"], None)


def test_what_is_no_number_of_a_token_is_told(ada: TestClient) -> None:
    for number in ("0", "-1", "9223372036854775808", "x", "1.5"):
        assert ada.delete(f"tokens/{number}").status_code == 422, number


def test_the_fifty_first_token_is_refused(ada: TestClient) -> None:
    for _ in range(50):
        assert ada.post("tokens", json=WISH).status_code == 201
    refused = ada.post("tokens", json=WISH)
    assert refused.status_code == 409
    assert refused.json()["type"] == "too-many-tokens"
