"""Linked players over the API."""

from functools import partial

import pytest
from fastapi.testclient import TestClient

from chess_analytics.actions.link_players import MOST_PLAYERS
from tests.accounts import NOW_MS, all_at_once
from tests.api.importing import Worker, linked, uploaded
from tests.api.serving import Served

GAMES = """[Site "https://lichess.org/abcdEFGH"]
[White "Ann"]
[Black "Bob"]
[Result "1-0"]

1. e4 e5 1-0

[White "Carlsen, Magnus"]
[Black "Ann"]
[Result "1-0"]

1. d4 d5 1-0
"""


@pytest.fixture(autouse=True)
def worker(served: Served) -> Worker:
    return Worker(served)


def test_a_name_is_linked_and_its_games_are_ones_own(ada: TestClient, worker: Worker) -> None:
    uploaded(ada, GAMES)
    worker.work()
    answer = ada.post("players", json={"site": "lichess", "name": " ANN "})
    assert answer.status_code == 201
    player = answer.json()
    assert player == {
        "id": player["id"], "site": "lichess", "name": "ANN", "games": 1, "created_ms": NOW_MS,
        "synced_ms": None,
    }  # fmt: skip
    other = linked(ada, "Magnus Carlsen", "other")
    assert ada.get("players").json() == {"items": [player, other], "next": None}
    seen = {
        game["opponent"]: (game["player_id"], game["color"], game["outcome"])
        for game in ada.get("games").json()["items"]
    }
    assert seen == {
        "Bob": (player["id"], "white", "win"),
        "Ann": (other["id"], "white", "win"),
    }


def test_an_unlinked_name_leaves_its_games(ada: TestClient, worker: Worker) -> None:
    player = linked(ada)
    uploaded(ada, GAMES)
    worker.work()
    assert ada.get("players").json()["items"][0]["games"] == 1
    assert ada.delete(f"players/{player['id']}").status_code == 204
    games = ada.get("games").json()["items"]
    assert [(game["player_id"], game["color"], game["opponent"]) for game in games] == [
        (None, None, None)
    ] * 2
    assert ada.delete(f"players/{player['id']}").status_code == 404


@pytest.mark.parametrize(
    ("site", "name", "status", "kind"),
    [
        ("lichess", "../token", 422, "player-refused"),
        ("lichess", "a", 422, "player-refused"),
        ("chesscom", "ann?x=1", 422, "player-refused"),
        ("chesscom", "x" * 26, 422, "player-refused"),
        ("other", "???", 422, "player-refused"),
        ("other", "\x00", 422, "player-refused"),
        ("other", "", 422, "unprocessable"),
        ("other", "x" * 101, 422, "unprocessable"),
        ("myspace", "Ann", 422, "unprocessable"),
    ],
)
def test_a_name_that_nobody_can_have_is_refused(
    ada: TestClient, site: str, name: str, status: int, kind: str
) -> None:
    refused = ada.post("players", json={"site": site, "name": name})
    assert refused.status_code == status
    assert refused.json()["type"].startswith(kind)
    assert ada.get("players").json()["items"] == []


def test_a_name_is_linked_once_whatever_its_capitals(ada: TestClient, bob: TestClient) -> None:
    linked(ada, "Ann")
    refused = ada.post("players", json={"site": "lichess", "name": "aNN"})
    assert (refused.status_code, refused.json()["type"]) == (409, "player-linked")
    linked(ada, "Ann", "chesscom")
    # Nobody owns a name: who shares a computer shares it.
    linked(bob, "Ann")


def test_so_many_names_can_be_linked_and_no_more(ada: TestClient) -> None:
    for number in range(MOST_PLAYERS):
        linked(ada, f"Player No {number}", "other")
    refused = ada.post("players", json={"site": "other", "name": "One More"})
    assert (refused.status_code, refused.json()["type"]) == (409, "too-many-players")


def test_fetching_is_accepted_and_is_one_import_until_it_ends(ada: TestClient) -> None:
    player = linked(ada)
    first = ada.post(f"players/{player['id']}/imports")
    assert first.status_code == 202
    assert first.headers["location"] == f"/api/v1/imports/{first.json()['id']}"
    assert (first.json()["kind"], first.json()["name"]) == ("lichess", "Ann")
    assert first.json()["player_id"] == player["id"]
    assert ada.post(f"players/{player['id']}/imports").json() == first.json()
    ada.post(f"imports/{first.json()['id']}/cancel")
    again = ada.post(f"players/{player['id']}/imports")
    assert again.json()["id"] != first.json()["id"]


def test_fetching_asked_for_many_times_at_once_is_one_import(
    ada: TestClient, served: Served
) -> None:
    player = linked(ada)
    browsers = [served.log_in("ada") for _ in range(4)]

    def fetch(one: TestClient) -> int:
        import_id: int = one.post(f"players/{player['id']}/imports").json()["id"]
        return import_id

    answers = all_at_once([partial(fetch, one) for one in browsers])
    assert len(set(answers)) == 1, answers
    assert len(ada.get("imports").json()["items"]) == 1


def test_a_key_gives_the_same_answer_after_the_import_has_ended(ada: TestClient) -> None:
    player = linked(ada)
    headers = {"Idempotency-Key": "k1"}
    first = ada.post(f"players/{player['id']}/imports", headers=headers)
    ada.post(f"imports/{first.json()['id']}/cancel")
    again = ada.post(f"players/{player['id']}/imports", headers=headers)
    assert (again.status_code, again.content) == (202, first.content)


def test_a_name_in_pgns_has_no_site_to_fetch_from(ada: TestClient) -> None:
    player = linked(ada, "Magnus Carlsen", "other")
    refused = ada.post(f"players/{player['id']}/imports")
    assert (refused.status_code, refused.json()["type"]) == (409, "no-site")
    assert "upload" in refused.json()["detail"]


def test_a_name_that_is_unlinked_takes_its_waiting_import_along(ada: TestClient) -> None:
    player = linked(ada)
    waiting = ada.post(f"players/{player['id']}/imports").json()
    ada.delete(f"players/{player['id']}")
    found = ada.get(f"imports/{waiting['id']}").json()
    assert (found["state"], found["player_id"]) == ("cancelled", None)


@pytest.mark.parametrize(
    ("method", "address"), [("DELETE", "players/{}"), ("POST", "players/{}/imports")]
)
def test_another_users_players_are_not_there(
    ada: TestClient, bob: TestClient, method: str, address: str
) -> None:
    player = linked(ada)
    refused = bob.request(method, address.format(player["id"]))
    assert refused.status_code == 404
    assert bob.get("players").json()["items"] == []
    assert bob.get("imports").json()["items"] == []
    assert [each["id"] for each in ada.get("players").json()["items"]] == [player["id"]]
    assert ada.get("imports").json()["items"] == []


def test_a_token_that_only_reads_changes_nothing(ada: TestClient, served: Served) -> None:
    player = linked(ada)
    reader = served.program(ada, "read")
    assert reader.get("players").status_code == 200
    assert reader.post("players", json={"site": "other", "name": "X Y"}).status_code == 403
    assert reader.delete(f"players/{player['id']}").status_code == 403
    assert reader.post(f"players/{player['id']}/imports").status_code == 403


def test_the_same_name_linked_twice_at_once_is_linked_once(ada: TestClient, served: Served) -> None:
    browsers = [served.log_in("ada") for _ in range(4)]
    wish = {"site": "lichess", "name": "Ann"}

    def link(one: TestClient) -> int:
        return one.post("players", json=wish).status_code

    statuses = all_at_once([partial(link, one) for one in browsers])
    assert sorted(map(str, statuses)) == ["201", "409", "409", "409"]
    assert len(ada.get("players").json()["items"]) == 1
