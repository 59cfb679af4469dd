"""A game judged over the API: labels with their reasons, better lines, and decisive moments."""

import chess
from fastapi.testclient import TestClient

from chess_analytics.api.reviews import ThresholdsName
from chess_analytics.review.thresholds import PROFILES
from tests.api.serving import Served
from tests.builders import game
from tests.library import MOVES, id_of, keep_game, keep_run


def test_every_move_says_why_it_has_its_label(served: Served, ada: TestClient) -> None:
    played = game(MOVES, clocks=[300, 299, 290, 295])
    game_id = keep_game(served.store, id_of(ada), played)
    run_id = keep_run(served.store, game_id, played)
    review = ada.get(f"games/{game_id}/runs/{run_id}/review").json()
    run = ada.get(f"games/{game_id}/runs/{run_id}").json()

    assert (review["run_id"], review["thresholds"]) == (run_id, "lichess")
    assert review["initial_fen"] == chess.STARTING_FEN
    for side in ("white", "black"):
        assert {name: review[side][name] for name in run[side]} == run[side]
    # What the run stored, and what is worked out again, are the same.
    both = set(run["moves"][0]) & set(review["moves"][0])
    assert both >= {"ply", "san", "uci", "cp", "mate", "judgment", "label", "loss", "phase"}
    for stored, judged in zip(run["moves"], review["moves"], strict=True):
        assert {name: judged[name] for name in both} == {name: stored[name] for name in both}
    blunder = review["moves"][4]
    assert blunder["judgment"] == "blunder"
    assert f"{blunder['win_before']:.0f} %" in blunder["why"]["text"]
    assert blunder["why"]["rule"]
    assert blunder["why"]["numbers"]
    moments = [(it["kind"], it["ply"], it["side"]) for it in review["moments"]]
    assert all(review["moves"][ply - 1]["side"] == side for _, ply, side in moments)
    assert [ply for _, ply, _ in moments] == sorted(ply for _, ply, _ in moments)


def test_a_game_is_judged_as_strictly_as_is_asked(served: Served, ada: TestClient) -> None:
    game_id = keep_game(served.store, id_of(ada))
    # White gives 4 points away, which only the strict call an inaccuracy.
    run_id = keep_run(served.store, game_id, scores_cp=(30, 30, -15, -15, -15, -15, -15, -15))

    def judged(**asked: str) -> tuple[str, str | None]:
        review = ada.get(f"games/{game_id}/runs/{run_id}/review", params=asked).json()
        return review["thresholds"], review["moves"][2]["judgment"]

    assert judged() == ("lichess", None)
    assert judged(thresholds="strict") == ("strict", "inaccuracy")
    for name in ThresholdsName:
        assert judged(thresholds=name)[0] == name
    assert set(ThresholdsName) == set(PROFILES)
    refused = ada.get(f"games/{game_id}/runs/{run_id}/review", params={"thresholds": "lenient"})
    assert refused.status_code == 422


def test_a_run_of_another_game_is_not_found(served: Served, ada: TestClient) -> None:
    first, second = (keep_game(served.store, id_of(ada), now_ms=at) for at in (1, 2))
    run_id = keep_run(served.store, second)
    assert ada.get(f"games/{first}/runs/{run_id}/review").status_code == 404


def test_games_are_chosen_by_their_numbers(served: Served, ada: TestClient) -> None:
    ids = [keep_game(served.store, id_of(ada), now_ms=at) for at in (1, 2, 3)]
    chosen = {"game_id": [ids[0], ids[2]]}
    listed = ada.get("games", params={**chosen, "count": True}).json()
    assert sorted(it["id"] for it in listed["items"]) == [ids[0], ids[2]]
    assert listed["total"] == 2
    assert ada.get("games.pgn", params=chosen).text.count("1. e4") == 2
    estimate = ada.post("analysis-jobs/estimate", json={"games": chosen}).json()
    assert estimate["games"] == 2
