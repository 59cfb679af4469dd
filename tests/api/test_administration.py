"""What administrators see and do: users, and nothing of their games."""

from pathlib import Path

from fastapi.testclient import TestClient

from tests.accounts import NOW_MS, PASSWORD
from tests.api.serving import Served, serving
from tests.api.test_accounts import add_library, row_counts


def id_of(client: TestClient) -> int:
    number = client.get("me").json()["id"]
    assert isinstance(number, int)
    return number


def test_users_are_listed_with_how_much_they_keep_and_nothing_more(
    served: Served, ada: TestClient, bob: TestClient
) -> None:
    add_library(served, id_of(bob))
    assert ada.get("users").json() == {
        "items": [
            {"id": id_of(ada), "name": "ada", "is_admin": True, "created_ms": NOW_MS, "games": 0},
            {"id": id_of(bob), "name": "bob", "is_admin": False, "created_ms": NOW_MS, "games": 3},
        ],
        "next": None,
    }


def test_the_list_comes_page_by_page(served: Served, ada: TestClient) -> None:
    for number in range(6):
        served.sign_up(f"user{number}")
    seen, after = [], None
    for _ in range(4):
        page = ada.get("users", params={"limit": 2} | ({"after": after} if after else {})).json()
        seen.append([user["name"] for user in page["items"]])
        after = page["next"]
    assert seen == [["ada", "user0"], ["user1", "user2"], ["user3", "user4"], ["user5"]]
    assert after is None


def test_the_last_full_page_is_the_last(ada: TestClient, bob: TestClient) -> None:
    assert bob
    page = ada.get("users", params={"limit": 2}).json()
    assert (len(page["items"]), page["next"]) == (2, None)


def test_a_broken_place_in_the_list_is_told(ada: TestClient) -> None:
    for after in ("", "x", "u", "u-1", "u1.5", "u9223372036854775808", "7", "u²"):
        refused = ada.get("users", params={"after": after})
        assert refused.status_code == 422, after
        assert "no place in the list" in refused.json()["detail"]


def test_a_page_has_1_to_200_users(ada: TestClient) -> None:
    for limit in ("0", "201", "x"):
        assert ada.get("users", params={"limit": limit}).status_code == 422, limit


def test_only_administrators_administer(served: Served, ada: TestClient, bob: TestClient) -> None:
    before = row_counts(served)
    answers = [
        bob.get("users"),
        bob.patch(f"users/{id_of(bob)}", json={"is_admin": True}),
        bob.delete(f"users/{id_of(ada)}"),
    ]
    assert [answer.status_code for answer in answers] == [403] * 3
    assert {answer.json()["type"] for answer in answers} == {"administrators-only"}
    assert row_counts(served) == before
    assert not bob.get("me").json()["is_admin"]


def test_an_administrator_can_appoint_others_and_resign(ada: TestClient, bob: TestClient) -> None:
    alone = ada.patch(f"users/{id_of(ada)}", json={"is_admin": False})
    assert (alone.status_code, alone.json()["type"]) == (409, "last-administrator")
    appointed = ada.patch(f"users/{id_of(bob)}", json={"is_admin": True})
    assert appointed.status_code == 200
    assert appointed.json()["is_admin"]
    assert bob.get("users").status_code == 200
    assert ada.patch(f"users/{id_of(ada)}", json={"is_admin": False}).status_code == 200
    assert ada.get("users").status_code == 403


def test_an_administrator_can_remove_another_user(
    served: Served, ada: TestClient, bob: TestClient
) -> None:
    add_library(served, id_of(bob))
    address = f"users/{id_of(bob)}"
    assert ada.delete(address).status_code == 204
    assert bob.get("me").status_code == 401
    assert list((served.settings.data_dir / "uploads").iterdir()) == []
    assert ada.delete(address).status_code == 404
    assert ada.patch(address, json={"is_admin": True}).status_code == 404


def test_administrators_leave_by_the_door_that_asks_for_the_password(ada: TestClient) -> None:
    refused = ada.delete(f"users/{id_of(ada)}")
    assert (refused.status_code, refused.json()["type"]) == (409, "not-oneself")
    assert ada.get("me").status_code == 200


def test_what_is_no_number_of_a_user_is_told(ada: TestClient) -> None:
    for number in ("0", "-1", "9223372036854775808", "x"):
        assert ada.delete(f"users/{number}").status_code == 422, number
        assert ada.patch(f"users/{number}", json={"is_admin": True}).status_code == 422, number


def test_sign_up_can_be_closed_but_to_the_first(tmp_path: Path, database_url: str | None) -> None:
    with serving(tmp_path, database_url, sign_up=False) as served:
        ada = served.sign_up("ada")
        assert ada.get("me").json()["is_admin"]
        refused = served.client().post("users", json={"name": "bob", "password": PASSWORD})
        assert (refused.status_code, refused.json()["type"]) == (403, "sign-up-closed")
        assert len(ada.get("users").json()["items"]) == 1
