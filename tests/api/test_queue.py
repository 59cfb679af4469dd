"""What waits for engines, as administrators see it."""

from pathlib import Path

from fastapi.testclient import TestClient

from tests.accounts import NOW_MS
from tests.analysing import Hands, keep_ended_job, keep_paused_job, keep_single
from tests.api.serving import Served, serving
from tests.library import id_of, keep_game


def test_an_administrator_sees_whose_jobs_wait_and_not_for_which_games(
    served: Served, ada: TestClient, bob: TestClient
) -> None:
    keep_ended_job(served.store, id_of(ada))
    first = keep_single(served.store, id_of(bob), keep_game(served.store, id_of(bob)))
    second = keep_paused_job(served.store, id_of(ada))
    Hands(served.store, served.clock).begin(first)
    jobs = ada.get("queue").json()["jobs"]
    assert jobs[0] == {
        "id": first,
        "user": "bob",
        "kind": "single",
        "profile": jobs[0]["profile"],
        "state": "running",
        "total": 1,
        "waiting": 0,
        "running": 1,
        "created_ms": NOW_MS,
    }
    assert [(it["id"], it["state"], it["waiting"]) for it in jobs[1:]] == [(second, "paused", 1)]


def test_nobody_else_sees_the_queue(
    served: Served, ada: TestClient, bob: TestClient, anonymous: TestClient
) -> None:
    assert (bob.get("queue").status_code, anonymous.get("queue").status_code) == (403, 401)
    assert served.program(ada, "read", "write").get("queue").status_code == 403


def test_the_limits_are_those_of_the_settings(tmp_path: Path) -> None:
    with serving(tmp_path, None, daily_games=500, job_places=7, job_line=True) as served:
        quotas = served.sign_up("ada").get("queue").json()["quotas"]
    assert (quotas["daily_games"], quotas["weekly_games"]) == (500, None)
    assert (quotas["places"], quotas["has_line"]) == (7, True)
