"""How the server does, as administrators see it."""

from fastapi.testclient import TestClient

from chess_analytics import __version__
from chess_analytics.store.schema import NEWEST_REVISION
from tests.accounts import NOW_MS
from tests.analysing import Hands, keep_batch, keep_single
from tests.api.serving import Served
from tests.library import id_of, keep_game

_QUOTING_REASON = "no engine could read 'the immortal game' by \"bob\""


def test_an_administrator_sees_what_waits_who_is_at_what_and_what_failed(
    served: Served, ada: TestClient, bob: TestClient
) -> None:
    hands = Hands(served.store, served.clock)
    hands.appear(slots=2, nps=8e5)
    for _ in range(2):
        keep_game(served.store, id_of(bob))
    job_id = keep_batch(served.store, id_of(bob))
    hands.finish(hands.begin())
    keep_game(served.store, id_of(ada))
    failed_id = keep_single(served.store, id_of(ada), keep_game(served.store, id_of(ada)))
    hands.refuse(hands.begin(failed_id), _QUOTING_REASON)
    claim = hands.begin(job_id)
    single_id = keep_single(served.store, id_of(ada), keep_game(served.store, id_of(ada)))
    served.clock.advance(minutes=0.5)

    answer = ada.get("status")
    assert answer.status_code == 200, answer.text
    status = answer.json()
    assert (status["version"], status["now_ms"]) == (__version__, NOW_MS + 30_000)
    by_class = {each["class"]: each for each in status["queue"]}
    assert [*by_class] == ["interactive", "batch", "background"]
    assert (by_class["interactive"]["queued"], by_class["interactive"]["oldest_seconds"]) == (1, 30)
    assert (by_class["batch"]["queued"], by_class["batch"]["running"]) == (0, 1)
    assert by_class["batch"]["oldest_seconds"] is None
    assert status["open_jobs"] == {"waiting": 0, "pending": 1, "running": 1, "paused": 0}
    (worker,) = [it for it in status["workers"] if it["name"] == "hands"]
    assert (worker["engine"], worker["slots"], worker["is_alive"]) == ("Stockfish 17", 2, True)
    assert worker["at_hand"] == [
        {"task_id": claim.task_id, "job_id": job_id, "class": "batch", "attempt": 1, "seconds": 30}
    ]
    assert status["failed_in_a_day"] == 1
    (failure,) = status["failures"]
    assert (failure["job_id"], failure["attempts"]) == (failed_id, 1)
    assert failure["reason"] == "no engine could read (quoted) by (quoted)"
    assert "bob" not in answer.text
    assert single_id not in {failure["job_id"] for failure in status["failures"]}


def test_the_pace_counts_what_engines_did_in_the_last_minutes(
    served: Served, ada: TestClient
) -> None:
    hands = Hands(served.store, served.clock)
    for _ in range(3):
        keep_game(served.store, id_of(ada))
    keep_batch(served.store, id_of(ada))
    hands.do(1)
    served.clock.advance(minutes=6)
    hands.do(1)
    hands.finish(hands.begin(), was_there=True)
    rates = ada.get("status").json()["rates"]
    assert (rates["over_seconds"], rates["games"], rates["games_a_minute"]) == (300, 1, 0.2)
    assert rates["nodes_a_second"] > 0
    served.clock.advance(minutes=6)
    rates = ada.get("status").json()["rates"]
    assert (rates["games"], rates["games_a_minute"], rates["nodes_a_second"]) == (0, 0, 0)


def test_failures_of_yesterday_are_forgotten(served: Served, ada: TestClient) -> None:
    hands = Hands(served.store, served.clock)
    hands.refuse(
        hands.begin(keep_single(served.store, id_of(ada), keep_game(served.store, id_of(ada))))
    )
    assert ada.get("status").json()["failed_in_a_day"] == 1
    served.clock.advance(days=1)
    status = ada.get("status").json()
    assert (status["failed_in_a_day"], status["failures"]) == (0, [])


def test_the_database_is_named_with_its_version_and_size(served: Served, ada: TestClient) -> None:
    database = ada.get("status").json()["database"]
    assert database["kind"] == ("SQLite" if served.store.is_embedded else "PostgreSQL")
    assert int(database["version"].split(".")[0]) >= 3
    assert database["tables"] == NEWEST_REVISION
    assert database["size_bytes"] > 100_000


def test_nobody_else_sees_it(
    served: Served, ada: TestClient, bob: TestClient, anonymous: TestClient
) -> None:
    assert (bob.get("status").status_code, anonymous.get("status").status_code) == (403, 401)
    assert served.program(ada, "read", "write").get("status").status_code == 403
