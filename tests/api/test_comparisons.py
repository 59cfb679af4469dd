"""Two analyses of a game beside each other."""

from fastapi.testclient import TestClient

from tests.api.serving import Served
from tests.library import SCORES_CP, id_of, keep_game, keep_run


def test_a_blunder_that_the_other_run_did_not_see_is_told(served: Served, ada: TestClient) -> None:
    game_id = keep_game(served.store, id_of(ada))
    old = keep_run(served.store, game_id)
    calm = keep_run(served.store, game_id, scores_cp=[30] * len(SCORES_CP))
    found = ada.get(f"games/{game_id}/runs/{old}/compare/{calm}").json()
    assert (found["before"]["id"], found["after"]["id"], found["moves"]) == (old, calm, 8)
    (changed,) = found["changed"]
    assert (changed["ply"], changed["before"]["san"]) == (5, "Ba6")
    assert (changed["before"]["judgment"], changed["after"]["judgment"]) == ("blunder", None)
    assert found["agreed"] == 87.5
    assert (found["counts_before"]["blunder"], found["counts_after"]["blunder"]) == (1, 0)


def test_a_run_of_another_game_is_not_compared(served: Served, ada: TestClient) -> None:
    mine, other = (keep_game(served.store, id_of(ada)) for _ in range(2))
    run, stray = keep_run(served.store, mine), keep_run(served.store, other)
    for one, two in ((run, stray), (stray, run)):
        assert ada.get(f"games/{mine}/runs/{one}/compare/{two}").status_code == 404
    assert ada.get(f"games/{mine}/runs/{run}/compare/{run}").json()["changed"] == []
