"""The sample archive, imported by one request."""

from fastapi.testclient import TestClient

from chess_analytics.samples import SAMPLE_PLAYERS
from tests.api.importing import Worker, linked, uploads_of
from tests.api.serving import Served


def test_every_game_of_the_sample_becomes_the_users_own(served: Served, ada: TestClient) -> None:
    worker = Worker(served)
    answer = ada.post("imports/sample")
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"/api/v1/imports/{answer.json()['id']}"
    worker.work()
    done = ada.get(f"imports/{answer.json()['id']}").json()
    assert (done["state"], done["added"], done["broken"]) == ("done", 64, 0)
    games = ada.get("games", params={"limit": 200}).json()["items"]
    assert len(games) == 64
    assert all(game["color"] for game in games)
    names = ada.get("players").json()["items"]
    # Other people have these names on Lichess.
    assert {it["name"]: it["site"] for it in names} == dict.fromkeys(SAMPLE_PLAYERS, "other")
    assert uploads_of(served) == []


def test_twice_is_once_and_names_that_are_linked_stay(served: Served, ada: TestClient) -> None:
    worker = Worker(served)
    linked(ada, "Hans", "other")
    for added, there in ((64, 0), (0, 64)):
        started = ada.post("imports/sample").json()
        worker.work()
        done = ada.get(f"imports/{started['id']}").json()
        assert (done["added"], done["already_there"]) == (added, there)
    assert len(ada.get("players").json()["items"]) == len(SAMPLE_PLAYERS)


def test_under_one_key_it_is_one_import(served: Served, ada: TestClient) -> None:
    Worker(served)
    first, second = (
        ada.post("imports/sample", headers={"Idempotency-Key": "once"}) for _ in range(2)
    )
    assert first.json() == second.json()
    assert len(uploads_of(served)) == 1


def test_a_refused_import_leaves_nothing_in_the_folder(served: Served, ada: TestClient) -> None:
    Worker(served)
    answers = [ada.post("imports/sample") for _ in range(21)]
    assert answers[-1].status_code == 429
    assert len(uploads_of(served)) == 20
