"""Jobs over the API: started, listed, looked at, and refused with what can be done."""

import threading
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.accounts import NOW_MS, PASSWORD
from tests.analysing import Hands, keep_batch
from tests.api.serving import Served, serving
from tests.library import MOVES, SCHOLARS_MATE, id_of, keep_game, keep_run

Json = dict[str, Any]


@pytest.fixture
def hands(served: Served) -> Hands:
    return Hands(served.store, served.clock)


def keep_games(served: Served, user: TestClient, count: int) -> list[int]:
    return [keep_game(served.store, id_of(user), played_ms=n) for n in range(1, count + 1)]


def started(user: TestClient, **wish: Any) -> Json:
    answer = user.post("analysis-jobs", json=wish)
    assert answer.status_code == 202, answer.text
    body: Json = answer.json()
    return body


def test_all_games_that_were_not_analysed_are_accepted_at_once(
    served: Served, ada: TestClient
) -> None:
    first, *_ = keep_games(served, ada, 3)
    keep_run(served.store, first)
    answer = ada.post("analysis-jobs", json={})
    assert answer.status_code == 202
    job = answer.json()
    assert answer.headers["location"] == f"/api/v1/analysis-jobs/{job['id']}"
    assert (job["kind"], job["state"], job["profile"]) == ("batch", "pending", "standard")
    assert (job["total"], job["percent"], job["created_ms"]) == (2, 0, NOW_MS)
    assert job["counts"] == {"queued": 2, "running": 0, "done": 0, "failed": 0, "cancelled": 0}
    assert job["wanted"] == {"games": {}, "reanalyse": False}
    assert ada.get(answer.headers["location"].removeprefix("/api/v1/")).json() == job
    assert [each["id"] for each in ada.get("analysis-jobs").json()["items"]] == [job["id"]]


def test_a_filter_a_profile_and_a_budget_are_kept_and_shown(
    served: Served, ada: TestClient
) -> None:
    keep_games(served, ada, 3)
    job = started(
        ada, games={"since_ms": 2}, nodes=5000, priority=7, most_minutes=90, most_core_hours=0.5
    )
    assert (job["total"], job["profile"], job["priority"]) == (2, "nodes-5000", 7)
    assert (job["most_minutes"], job["most_core_hours"]) == (90, 0.5)
    assert job["wanted"]["games"] == {"since_ms": 2}


def test_games_are_analysed_again_where_that_is_wanted(served: Served, ada: TestClient) -> None:
    (game_id,) = keep_games(served, ada, 1)
    keep_run(served.store, game_id)
    refused = ada.post("analysis-jobs", json={})
    assert (refused.status_code, refused.json()["type"]) == (409, "nothing-to-analyse")
    assert started(ada, reanalyse=True, profile="deep")["total"] == 1


def test_a_wish_that_is_not_understood_is_no_job(ada: TestClient, served: Served) -> None:
    keep_games(served, ada, 1)
    wrong: dict[str, Json] = {
        "body.profile": {"profile": "quick"},
        "body.nodes": {"nodes": 0},
        "body.games.player": {"games": {"player": 3}},
        "body.most_minutes": {"most_minutes": 0},
        "body.speed": {"speed": "fast"},
    }
    for where, wish in wrong.items():
        answer = ada.post("analysis-jobs", json=wish)
        assert answer.status_code == 422
        assert answer.json()["fields"][0]["where"] == where
    assert ada.get("analysis-jobs").json()["items"] == []


def test_a_request_that_comes_twice_is_one_job(served: Served, ada: TestClient) -> None:
    keep_games(served, ada, 1)
    key = {"Idempotency-Key": "once"}
    answers = [ada.post("analysis-jobs", json={}, headers=key) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.text for answer in answers}) == 1
    assert len(ada.get("analysis-jobs").json()["items"]) == 1
    other = ada.post("analysis-jobs", json={"profile": "fast"}, headers=key)
    assert (other.status_code, other.json()["type"]) == (422, "key-used-otherwise")


def test_a_refusal_does_not_use_up_the_key(served: Served, ada: TestClient) -> None:
    key = {"Idempotency-Key": "again"}
    assert ada.post("analysis-jobs", json={}, headers=key).status_code == 409
    keep_games(served, ada, 1)
    assert ada.post("analysis-jobs", json={}, headers=key).status_code == 202


def test_a_second_job_is_refused_with_what_can_be_done_about_the_first(
    served: Served, ada: TestClient, hands: Hands
) -> None:
    keep_games(served, ada, 4)
    job = started(ada)
    served.clock.advance(minutes=1)
    hands.do(1)
    hands.appear()
    answer = ada.post("analysis-jobs", json={"reanalyse": True})
    assert answer.status_code == 429
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["type"], problem["job_id"], problem["percent"]) == (
        "job-running",
        job["id"],
        25,
    )
    assert "a job is already running" in problem["detail"]
    address = f"/api/v1/analysis-jobs/{job['id']}"
    assert problem["links"] == {
        "job": address, "events": f"{address}/events", "cancel": f"{address}/cancel",
        "pause": f"{address}/pause", "resume": None,
    }  # fmt: skip
    # What is left, by what the first game took.
    assert problem["seconds_left"] == problem["retry_after_s"] > 0
    assert answer.headers["retry-after"] == str(problem["retry_after_s"])
    assert ada.post(problem["links"]["cancel"].removeprefix("/api/v1/")).status_code == 200
    assert started(ada)["total"] == 3


def test_of_two_requests_at_once_only_one_is_accepted(served: Served, ada: TestClient) -> None:
    keep_games(served, ada, 3)
    statuses: list[int] = []
    barrier = threading.Barrier(8)

    def _ask() -> None:
        barrier.wait()
        statuses.append(ada.post("analysis-jobs", json={}).status_code)

    threads = [threading.Thread(target=_ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [202, *[429] * 7]


def test_a_server_without_a_place_says_when_to_come_again(
    tmp_path: Path, database_url: str | None
) -> None:
    with serving(tmp_path, database_url, job_places=1) as served:
        ada, bob = served.sign_up("ada"), served.sign_up("bob")
        keep_games(served, ada, 1)
        keep_games(served, bob, 1)
        job = started(ada)
        answer = bob.post("analysis-jobs", json={})
        assert (answer.status_code, answer.json()["type"]) == (503, "server-full")
        assert int(answer.headers["retry-after"]) == answer.json()["retry_after_s"] >= 30
        # A place that is given back is free at once.
        assert ada.post(f"analysis-jobs/{job['id']}/pause").json()["state"] == "paused"
        started(bob)
        again = ada.post(f"analysis-jobs/{job['id']}/resume")
        assert (again.status_code, again.json()["type"]) == (503, "server-full")


def test_with_the_line_switched_on_a_job_waits_and_knows_its_place(
    tmp_path: Path, database_url: str | None
) -> None:
    with serving(tmp_path, database_url, job_places=1, job_line=True) as served:
        users = [served.sign_up(name) for name in ("ada", "bob", "cid")]
        for user in users:
            keep_games(served, user, 2)
        first, second, third = (started(user) for user in users)
        assert (first["state"], first["place_in_line"]) == ("pending", None)
        assert [job["state"] for job in (second, third)] == ["waiting", "waiting"]
        assert [job["place_in_line"] for job in (second, third)] == [1, 2]
        assert second["engine_seconds_ahead"] > 0
        refused = users[2].post("analysis-jobs", json={"reanalyse": True})
        assert (refused.status_code, refused.json()["type"]) == (429, "job-running")
        assert refused.json()["links"]["pause"] is None


def test_a_place_that_is_given_back_is_the_next_ones_at_once(
    tmp_path: Path, database_url: str | None
) -> None:
    with serving(tmp_path, database_url, job_places=1, job_line=True) as served:
        users = [served.sign_up(name) for name in ("ada", "bob", "cid", "dan")]
        for user in users:
            keep_games(served, user, 2)
        jobs = [started(user)["id"] for user in users]

        def states() -> list[str]:
            found = zip(users[1:], jobs[1:], strict=True)
            return [user.get(f"analysis-jobs/{job}").json()["state"] for user, job in found]

        assert states() == ["waiting"] * 3
        users[0].post(f"analysis-jobs/{jobs[0]}/pause")
        assert states() == ["pending", "waiting", "waiting"]
        users[1].post(f"analysis-jobs/{jobs[1]}/cancel")
        assert states() == ["cancelled", "pending", "waiting"]
        gone = users[2].request("DELETE", "me", json={"password": PASSWORD})
        assert gone.status_code == 204, gone.text
        assert users[3].get(f"analysis-jobs/{jobs[3]}").json()["state"] == "pending"


def test_quotas_are_told_with_what_is_left(tmp_path: Path, database_url: str | None) -> None:
    with serving(tmp_path, database_url, daily_games=3) as served:
        ada = served.sign_up("ada")
        keep_games(served, ada, 5)
        answer = ada.post("analysis-jobs", json={})
        assert (answer.status_code, answer.json()["type"]) == (429, "quota-used-up")
        assert answer.json()["games_left"] == 3
        assert started(ada, games={"since_ms": 3})["total"] == 3


def test_a_single_game_goes_before_all_batches(
    served: Served, ada: TestClient, bob: TestClient, hands: Hands
) -> None:
    keep_games(served, bob, 3)
    started(bob)
    game_id, _ = keep_games(served, ada, 2)
    answer = ada.post(f"games/{game_id}/analyse")
    assert answer.status_code == 202
    job = answer.json()
    assert (job["kind"], job["total"], job["profile"]) == ("single", 1, "standard")
    assert hands.begin().game_id == game_id
    at_hand = ada.get(f"analysis-jobs/{job['id']}").json()["at_hand"]
    assert [(task["game_id"], task["state"]) for task in at_hand] == [(game_id, "running")]


def test_a_single_game_is_analysed_beside_a_batch_and_again_with_more_nodes(
    served: Served, ada: TestClient
) -> None:
    game_id, _ = keep_games(served, ada, 2)
    started(ada)
    key = {"Idempotency-Key": "this-one"}
    answers = [
        ada.post(f"games/{game_id}/analyse", json={"nodes": 1000}, headers=key) for _ in range(2)
    ]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["profile"] == "nodes-1000"
    assert len(ada.get("analysis-jobs").json()["items"]) == 2


def test_nobody_waits_for_more_single_games_than_is_allowed(
    tmp_path: Path, database_url: str | None
) -> None:
    with serving(tmp_path, database_url, waiting_games=2) as served:
        ada = served.sign_up("ada")
        answers = [ada.post(f"games/{it}/analyse") for it in keep_games(served, ada, 3)]
        assert [answer.status_code for answer in answers] == [202, 202, 429]
        assert answers[2].json()["type"] == "too-many-singles"
        assert int(answers[2].headers["retry-after"]) > 0


def test_counts_pace_and_time_left_are_those_of_the_rows(
    served: Served, ada: TestClient, hands: Hands
) -> None:
    keep_games(served, ada, 10)
    job = started(ada, profile="fast")
    assert (job["games_a_minute"], job["seconds_left"], job["users_at_work"]) == (None, None, 1)
    hands.appear(slots=1)
    hands.begin()
    served.clock.advance(minutes=1)
    hands.do(4)
    shown = ada.get(f"analysis-jobs/{job['id']}").json()
    assert shown["counts"] == {"queued": 5, "running": 1, "done": 4, "failed": 0, "cancelled": 0}
    assert (shown["state"], shown["percent"], shown["games_a_minute"]) == ("running", 40, 4)
    # Six games of four seconds each.
    assert shown["seconds_left"] == pytest.approx(24, abs=3)


def test_failed_games_are_told_with_the_reason_and_can_be_tried_again(
    served: Served, ada: TestClient, hands: Hands
) -> None:
    keep_game(served.store, id_of(ada), SCHOLARS_MATE, white="Ann", black="Bob")
    keep_games(served, ada, 2)
    job = started(ada)
    hands.do(2)
    hands.refuse(hands.begin(), "the text is no game any more")
    address = f"analysis-jobs/{job['id']}"
    ended = ada.get(address).json()
    assert (ended["state"], ended["percent"]) == ("completed_with_failures", 100)
    (failed,) = ada.get(f"{address}/tasks", params={"state": "failed"}).json()["items"]
    assert (failed["white"], failed["error"]) == ("Ann", "the text is no game any more")
    assert ada.post(f"{address}/retry").json()["counts"]["queued"] == 1
    hands.do(1)
    assert ada.get(address).json()["state"] == "completed"


def test_the_games_of_a_job_come_in_pages(served: Served, ada: TestClient, hands: Hands) -> None:
    keep_games(served, ada, 5)
    job = started(ada)
    hands.do(1)
    seen: list[Json] = []
    after = None
    while True:
        params = {"limit": 2, **({"after": after} if after else {})}
        page = ada.get(f"analysis-jobs/{job['id']}/tasks", params=params).json()
        seen += page["items"]
        after = page["next"]
        if after is None:
            break
    assert [task["ordinal"] for task in seen] == [1, 2, 3, 4, 5]
    assert seen[0]["state"] == "done"
    assert seen[0]["run_id"] == ada.get(f"games/{seen[0]['game_id']}").json()["runs"][0]["id"]


def test_jobs_come_in_pages_the_newest_first(served: Served, ada: TestClient) -> None:
    games = keep_games(served, ada, 5)
    ids = [ada.post(f"games/{game_id}/analyse").json()["id"] for game_id in games]
    first = ada.get("analysis-jobs", params={"limit": 3}).json()
    rest = ada.get("analysis-jobs", params={"limit": 3, "after": first["next"]}).json()
    assert [job["id"] for job in first["items"] + rest["items"]] == ids[::-1]
    assert rest["next"] is None


def test_a_job_that_is_polled_is_sent_again_only_when_it_has_changed(
    served: Served, ada: TestClient, hands: Hands
) -> None:
    keep_games(served, ada, 2)
    address = f"analysis-jobs/{started(ada)['id']}"
    tag = ada.get(address).headers["etag"]
    assert ada.get(address, headers={"If-None-Match": tag}).status_code == 304
    hands.do(1)
    assert ada.get(address, headers={"If-None-Match": tag}).status_code == 200


WAYS: tuple[tuple[str, list[str], int, str], ...] = (
    ("pause", [], 200, "paused"),
    ("pause", ["pause"], 200, "paused"),
    ("resume", ["pause"], 200, "pending"),
    ("resume", [], 200, "pending"),
    ("cancel", [], 200, "cancelled"),
    ("cancel", ["pause"], 200, "cancelled"),
    ("cancel", ["cancel"], 200, "cancelled"),
    ("pause", ["cancel"], 409, "cancelled"),
    ("resume", ["cancel"], 409, "cancelled"),
    ("retry", [], 409, "pending"),
)


def test_what_can_be_done_with_a_job_depends_on_how_it_stands(
    served: Served, ada: TestClient
) -> None:
    for last, before, status, state in WAYS:
        (game_id,) = keep_games(served, ada, 1)
        address = f"analysis-jobs/{ada.post(f'games/{game_id}/analyse').json()['id']}"
        for step in before:
            assert ada.post(f"{address}/{step}").status_code == 200
        answer = ada.post(f"{address}/{last}")
        assert answer.status_code == status, (last, before)
        assert status != 409 or answer.json()["type"] == "job-state"
        assert ada.get(address).json()["state"] == state


def test_a_token_needs_leave_to_change_anything(served: Served, ada: TestClient) -> None:
    keep_games(served, ada, 1)
    reader = served.program(ada, "read")
    assert reader.post("analysis-jobs", json={}).status_code == 403
    job = started(ada)
    assert reader.get(f"analysis-jobs/{job['id']}").status_code == 200
    assert reader.post(f"analysis-jobs/{job['id']}/cancel").status_code == 403
    assert reader.post("analysis-jobs/estimate", json={}).status_code == 200


def test_a_game_that_is_deleted_is_not_waited_for(
    served: Served, ada: TestClient, hands: Hands
) -> None:
    first, second = keep_games(served, ada, 2)
    job_id = keep_batch(served.store, id_of(ada))
    assert ada.delete(f"games/{first}").status_code == 204
    hands.do(1)
    hands.sweep()
    shown = ada.get(f"analysis-jobs/{job_id}").json()
    assert (shown["counts"]["done"], shown["counts"]["cancelled"]) == (1, 1)
    assert (shown["state"], shown["percent"]) == ("completed", 100)
    assert len(ada.get(f"games/{second}").json()["runs"]) == 1


def test_moves_of_a_long_game_count_for_more(served: Served, ada: TestClient) -> None:
    keep_game(served.store, id_of(ada), MOVES)
    short = ada.post("analysis-jobs/estimate", json={}).json()
    keep_game(served.store, id_of(ada), MOVES)
    both = ada.post("analysis-jobs/estimate", json={}).json()
    assert both["positions"] == 2 * short["positions"] == 16
