"""What an analysis would take, told before it is started."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from chess_analytics.actions.describe_game import describe_game
from chess_analytics.actions.engine_speed import DEFAULT_NPS
from chess_analytics.engine.profile import FAST
from chess_analytics.games.fingerprint import moves_key
from chess_analytics.games.positions import shared_fens
from chess_analytics.store.evaluations import save_evaluations
from chess_analytics.store.games import insert_games
from tests.accounts import NOW_MS
from tests.analysing import Hands, keep_batch
from tests.api.serving import Served
from tests.builders import game
from tests.library import MOVES, evaluated, id_of, keep_game, keep_run

PLIES = 8


def estimate(user: TestClient, **wish: Any) -> dict[str, Any]:
    answer = user.post("analysis-jobs/estimate", json=wish)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def for_profile(found: dict[str, Any], name: str) -> dict[str, Any]:
    (one,) = [each for each in found["profiles"] if each["profile"] == name]
    assert isinstance(one, dict)
    return one


def test_nothing_to_analyse_takes_nothing(ada: TestClient) -> None:
    found = estimate(ada)
    assert (found["games"], found["positions"], found["engines"]) == (0, 0, 0)
    fast = for_profile(found, "fast")
    assert (fast["engine_seconds"], fast["minutes"]) == (0, None)


def test_games_and_positions_are_those_that_a_job_would_have(
    served: Served, ada: TestClient, bob: TestClient
) -> None:
    analysed = keep_game(served.store, id_of(ada))
    keep_run(served.store, analysed)
    keep_game(served.store, id_of(ada), played_ms=5)
    keep_game(served.store, id_of(bob))
    assert (estimate(ada)["games"], estimate(ada)["positions"]) == (1, PLIES)
    assert estimate(ada, reanalyse=True)["games"] == 2
    assert estimate(ada, games={"since_ms": 6}, reanalyse=True)["games"] == 0
    assert ada.get("analysis-jobs").json()["items"] == []


def test_without_a_measure_a_stated_speed_is_taken_and_said(
    served: Served, ada: TestClient
) -> None:
    keep_game(served.store, id_of(ada))
    found = estimate(ada, nodes=600_000)
    assert (found["is_speed_measured"], found["nodes_a_second"]) == (False, DEFAULT_NPS)
    assert for_profile(found, "nodes-600000")["engine_seconds"] == pytest.approx(PLIES, abs=1)
    assert for_profile(found, "deep")["nodes"] > 4 * for_profile(found, "standard")["nodes"]


def test_a_speed_that_was_measured_goes_before_it(served: Served, ada: TestClient) -> None:
    keep_game(served.store, id_of(ada))
    Hands(served.store, served.clock).appear(slots=4, nps=60_000)
    found = estimate(ada, nodes=600_000)
    assert (found["is_speed_measured"], found["nodes_a_second"], found["engines"]) == (
        True,
        60_000,
        4,
    )
    mine = for_profile(found, "nodes-600000")
    assert mine["engine_seconds"] == pytest.approx(PLIES * 10, rel=0.05)
    assert mine["minutes"] == mine["minutes_alone"] == round(mine["engine_seconds"] / 4 / 60, 1)


def test_the_work_of_others_goes_before_only_as_far_as_a_fair_share_goes(
    served: Served, ada: TestClient, bob: TestClient
) -> None:
    hands = Hands(served.store, served.clock)
    hands.appear(slots=1, nps=10_000)
    for _ in range(20):
        keep_game(served.store, id_of(bob))
    keep_batch(served.store, id_of(bob))
    keep_game(served.store, id_of(ada))
    found = estimate(ada)
    fast = for_profile(found, "fast")
    assert found["others_engine_seconds"] == pytest.approx(20 * fast["engine_seconds"], rel=0.05)
    assert fast["minutes"] == pytest.approx(2 * fast["minutes_alone"], abs=0.2)


def test_positions_that_are_known_need_no_search(served: Served, ada: TestClient) -> None:
    keep_game(served.store, id_of(ada))
    alone = for_profile(estimate(ada), "fast")
    assert alone["cached_share"] == 0
    # The same moves once more: each of them is searched once for both.
    keep_game(served.store, id_of(ada))
    assert for_profile(estimate(ada), "fast")["cached_share"] == 0.5
    fens = list(shared_fens(game(MOVES)).values())
    evaluations = [each for each in evaluated([10] * len(fens)) if each]
    with served.store.writing() as connection:
        save_evaluations(
            connection, dict(zip(fens, evaluations, strict=True)),
            engine_key="any", nodes=FAST.shared_nodes, today=1,
        )  # fmt: skip
    found = estimate(ada)
    assert found["games_looked_at"] == 2
    assert for_profile(found, "fast")["cached_share"] == 1
    # Known with another budget is not known.
    assert for_profile(found, "deep")["cached_share"] == 0.5
    assert for_profile(estimate(ada, nodes=1000), "nodes-1000")["cached_share"] == 0


def test_of_many_games_a_sample_is_looked_at(served: Served, ada: TestClient) -> None:
    played = game("1. e4 *")
    new = describe_game(played, moves_key(played))
    with served.store.writing() as connection:
        insert_games(connection, id_of(ada), None, [new] * 250, now_ms=NOW_MS)
    found = estimate(ada)
    assert found["games"] == found["positions"] == 250
    assert found["games_looked_at"] == 125
    assert for_profile(found, "fast")["cached_share"] == pytest.approx(124 / 125, abs=0.001)
