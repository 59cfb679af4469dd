"""Analyses over the API: who made them, and what each move was worth."""

import pytest
from fastapi.testclient import TestClient

from chess_analytics.store.runs import RunSource
from tests.accounts import NOW_MS
from tests.api.serving import Served
from tests.builders import game
from tests.library import MOVES, SCHOLARS_MATE, id_of, keep_game, keep_run


def test_a_game_that_was_not_analysed_has_no_runs(served: Served, ada: TestClient) -> None:
    game_id = keep_game(served.store, id_of(ada))
    assert ada.get(f"games/{game_id}/runs").json() == {"items": [], "next": None}


def test_runs_are_listed_with_their_numbers_the_newest_first(
    served: Served, ada: TestClient
) -> None:
    game_id = keep_game(served.store, id_of(ada))
    first = keep_run(
        served.store, game_id, source=RunSource.SUPPLIED, engine="lichess server analysis"
    )
    second = keep_run(served.store, game_id, now_ms=NOW_MS + 1)
    newest, oldest = ada.get(f"games/{game_id}/runs").json()["items"]
    assert (oldest["id"], oldest["source"], oldest["engine"], oldest["profile"]) == (
        first,
        "supplied",
        "lichess server analysis",
        None,
    )
    assert {name: value for name, value in newest.items() if name not in ("white", "black")} == {
        "id": second,
        "game_id": game_id,
        "source": "engine",
        "engine": "Stockfish 17",
        "profile": "standard",
        "settings_key": newest["settings_key"],
        "nodes": 800,
        "seconds": 0.5,
        "created_ms": NOW_MS + 1,
    }
    assert newest["white"]["blunders"] == 1
    assert 0 < newest["white"]["accuracy"] < newest["black"]["accuracy"] <= 100


def test_a_run_is_shown_move_by_move(served: Served, ada: TestClient) -> None:
    played = game(MOVES, clocks=[300, 299, 290, 295])
    game_id = keep_game(served.store, id_of(ada), played)
    run_id = keep_run(served.store, game_id, played)
    shown = ada.get(f"games/{game_id}/runs/{run_id}").json()
    (listed,) = ada.get(f"games/{game_id}/runs").json()["items"]
    assert {name: shown[name] for name in listed} == listed
    assert [move["san"] for move in shown["moves"]] == [
        "e4", "e5", "Nf3", "Nc6", "Ba6", "bxa6", "O-O", "Nf6",
    ]  # fmt: skip
    blunder = shown["moves"][4]
    assert blunder == {
        "ply": 5,
        "uci": "f1a6",
        "san": "Ba6",
        "cp": -450,
        "mate": None,
        "best": "a2a3",
        "judgment": "blunder",
        "label": blunder["label"],
        "loss": pytest.approx(36.56, abs=0.01),
        "accuracy": blunder["accuracy"],
        "phase": "opening",
        "clock_s": None,
        "spent_s": None,
    }
    assert [move["clock_s"] for move in shown["moves"][:4]] == [300, 299, 290, 295]


def test_after_checkmate_there_is_no_evaluation(served: Served, ada: TestClient) -> None:
    game_id = keep_game(served.store, id_of(ada), SCHOLARS_MATE)
    run_id = keep_run(served.store, game_id, SCHOLARS_MATE, scores_cp=[30, 20, 10, 20, 30, 900])
    last = ada.get(f"games/{game_id}/runs/{run_id}").json()["moves"][-1]
    assert (last["san"], last["cp"], last["mate"]) == ("Qxf7#", None, None)


def test_a_run_is_found_at_its_own_game_only(served: Served, ada: TestClient) -> None:
    one, other = (keep_game(served.store, id_of(ada)) for _ in range(2))
    run_id = keep_run(served.store, one)
    assert ada.get(f"games/{one}/runs/{run_id}").status_code == 200
    for path in (f"games/{other}/runs/{run_id}", f"games/{one}/runs/{run_id + 1}"):
        answer = ada.get(path)
        assert answer.status_code == 404
        assert answer.json()["type"] == "not-found"


def test_runs_of_a_game_that_is_not_there_are_not_found(ada: TestClient) -> None:
    assert ada.get("games/12345/runs").status_code == 404
