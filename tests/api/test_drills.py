"""Training over the API: what is due, answers and what they change, files, and moves tried."""

import threading
from typing import Any

import chess
import pytest
from fastapi.testclient import TestClient

from chess_analytics.actions.check_move import ChecksBusy
from chess_analytics.engine.evaluation import Score
from chess_analytics.games.model import Side
from chess_analytics.jobs.move_checks import MOST_WAITING, MoveChecks
from chess_analytics.training.drill import DrillPosition
from tests.accounts import DAY_MS, NOW_MS
from tests.api.serving import Served
from tests.drills import keep_drill, keep_mistaken_game
from tests.fakes import FakeEngine
from tests.library import MOVES, id_of, keep_game, keep_run, link_player

OTHER_MOVES = "1. e4 e6 2. Nf3 Nc6 3. Ba6 bxa6 4. O-O Nf6 *"


class Engines:
    """Where the server's own engine comes from."""

    def __init__(self, engine: FakeEngine) -> None:
        self.engine = engine

    def look(self) -> str:
        return "Fake 1"

    def start(self) -> FakeEngine:
        return self.engine


@pytest.fixture
def drill(served: Served, ada: TestClient) -> int:
    return keep_drill(served.store, id_of(ada))


def with_engine(served: Served, engine: FakeEngine) -> MoveChecks:
    """Let the server have an engine to check moves with."""
    checks = served.app.state.move_checks = MoveChecks(Engines(engine))
    return checks


def test_mistakes_are_gathered_and_offered_as_new_drills(served: Served, ada: TestClient) -> None:
    empty = ada.get("drills/due").json()
    assert (empty["items"], empty["counts"]["all"], empty["counts"]["games_to_read"]) == ([], 0, 0)
    game_id = keep_mistaken_game(served.store, id_of(ada), played_ms=DAY_MS)
    assert ada.get("drills/due").json()["counts"]["games_to_read"] == 1
    assert ada.post("drills/gather").json() == {"games": 1, "left": 0}
    due = ada.get("drills/due").json()
    assert due["counts"] == {
        "all": 1, "due": 0, "new": 1, "new_today": 1, "begun": 0, "suspended": 0,
        "next_ms": None, "games_to_read": 0,
    }  # fmt: skip
    (drill,) = due["items"]
    assert (drill["side"], drill["is_new"], drill["due_ms"]) == ("white", True, None)
    assert [(it["game_id"], it["ply"], it["san"]) for it in drill["mistakes"]] == [
        (game_id, 5, "Ba6")
    ]
    assert "a2a3" not in ada.get(f"drills/{drill['id']}").text


def test_an_answer_is_judged_graded_and_explained(
    served: Served, ada: TestClient, drill: int
) -> None:
    wrong = ada.post(f"drills/{drill}/answers", json={"move": "Ba6", "spent_ms": 4_000}).json()
    assert (wrong["answer"]["verdict"], wrong["grade"]) == ("wrong", "again")
    assert (wrong["answer"]["san"], wrong["answer"]["cp"]) == ("Ba6", -450)
    assert wrong["solution"] is None
    right = ada.post(f"drills/{drill}/answers", json={"move": "a2a3"}).json()
    assert (right["answer"]["verdict"], right["grade"]) == ("right", None)
    assert (right["solution"]["san"], right["solution"]["line"]) == ("a3", ["a3"])
    assert right["drill"]["due_ms"] == NOW_MS + DAY_MS
    assert ada.get("drills/due").json()["counts"]["next_ms"] == NOW_MS + DAY_MS
    served.clock.advance(days=1)
    assert [it["id"] for it in ada.get("drills/due").json()["items"]] == [drill]


def test_a_solution_that_was_shown_counts_as_wrong(ada: TestClient, drill: int) -> None:
    shown = ada.post(f"drills/{drill}/reveal").json()
    assert (shown["grade"], shown["solution"]["san"]) == ("again", "a3")


def test_an_unknown_move_is_checked_by_the_servers_engine(
    served: Served, ada: TestClient, drill: int
) -> None:
    unknown = ada.post(f"drills/{drill}/answers", json={"move": "Bb5"}).json()
    assert (unknown["answer"]["verdict"], unknown["grade"]) == ("unknown", None)
    engine = FakeEngine()
    with_engine(served, engine)
    checked = ada.post(f"drills/{drill}/answers", json={"move": "Bb5"}).json()
    assert checked["answer"]["verdict"] in ("right", "wrong")
    assert checked["grade"]
    (asked,) = engine.asked
    assert (asked.only, asked.moves, asked.nodes) == (("f1b5",), (), 400_000)


def test_an_engine_that_dies_leaves_a_move_unknown(
    served: Served, ada: TestClient, drill: int
) -> None:
    with_engine(served, FakeEngine(dies_at=lambda _: True))
    unknown = ada.post(f"drills/{drill}/answers", json={"move": "Bb5"}).json()
    assert (unknown["answer"]["verdict"], unknown["grade"]) == ("unknown", None)


def test_who_asks_while_too_many_wait_is_told_so(
    served: Served, ada: TestClient, drill: int
) -> None:
    goes_on, begun = threading.Event(), threading.Event()

    def wait(_request: object) -> None:
        begun.set()
        goes_on.wait(60)

    checks = with_engine(served, FakeEngine(before=wait))
    position = DrillPosition.of(chess.Board())
    asking = [threading.Thread(target=checks, args=(position, "e2e4")) for _ in range(MOST_WAITING)]
    for thread in asking:
        thread.start()
    assert begun.wait(60)
    while checks._places._value:
        pass
    busy = ada.post(f"drills/{drill}/answers", json={"move": "Bb5"})
    assert (busy.status_code, busy.json()["type"]) == (503, "busy")
    assert busy.headers["retry-after"]
    with pytest.raises(ChecksBusy):
        checks(position, "e2e4")
    goes_on.set()
    for thread in asking:
        thread.join()
    assert isinstance(checks(position, "e2e4"), Score)


@pytest.mark.parametrize("move", ["Ke3", "e2e5", "??", "a7a8q"])
def test_a_move_that_is_not_legal_is_refused_in_words(
    ada: TestClient, drill: int, move: str
) -> None:
    refused = ada.post(f"drills/{drill}/answers", json={"move": move})
    assert (refused.status_code, refused.json()["type"]) == (422, "move-not-legal")
    assert "no legal move here" in refused.json()["detail"]


def test_drills_are_skipped_set_aside_and_taken_back(ada: TestClient, drill: int) -> None:
    assert ada.post(f"drills/{drill}/skip").json()["due_ms"] == NOW_MS + DAY_MS
    assert ada.post(f"drills/{drill}/suspend").json()["is_suspended"]
    assert [it["id"] for it in ada.get("drills?suspended=true").json()["items"]] == [drill]
    assert ada.get("drills?suspended=false").json() == {"items": [], "next": None}
    assert not ada.post(f"drills/{drill}/resume").json()["is_suspended"]


def test_drills_are_listed_a_page_at_a_time_and_few_new_ones_a_day(
    served: Served, ada: TestClient
) -> None:
    for reply in ["b6", "c6", "d6", "f6", "g6", "h6", "c5", "g5", "h5", "Nh6", "Bc5", "Qe7", "Ke7"]:
        played = f"1. e4 e5 2. Nf3 {reply} 3. Ba6 Nxa6 *"
        keep_mistaken_game(served.store, id_of(ada), played)
    ada.post("drills/gather")
    due = ada.get("drills/due").json()
    assert (due["counts"]["new"], due["counts"]["new_today"], len(due["items"])) == (13, 10, 10)
    assert len(ada.get("drills/due?more_new=2").json()["items"]) == 12
    for drill in due["items"][:4]:
        ada.post(f"drills/{drill['id']}/answers", json={"move": "a3"})
    assert ada.get("drills/due").json()["counts"]["new_today"] == 6
    first = ada.get("drills?limit=8").json()
    rest = ada.get(f"drills?limit=8&after={first['next']}").json()
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (8, 5, None)


def test_drills_of_a_finding_are_those_that_come_from_its_moves(
    served: Served, ada: TestClient, bob: TestClient
) -> None:
    store, user_id = served.store, id_of(ada)
    name = link_player(store, user_id, "ada_plays")
    for opponent, played in (("Bob", MOVES), ("Cyd", OTHER_MOVES)):
        seen_by = (name, Side.WHITE)
        kept = keep_game(store, user_id, played, white="ada_plays", black=opponent, seen_by=seen_by)
        keep_run(store, kept, played)
    assert ada.post("drills/gather").json() == {"games": 2, "left": 0}

    def due(user: TestClient, **asked: Any) -> tuple[list[str], int, int]:
        answer = user.get("drills/due-from", params=asked)
        assert answer.status_code == 200, answer.text
        found = answer.json()
        opponents = [drill["mistakes"][0]["black"] for drill in found["items"]]
        return sorted(opponents), found["counts"]["all"], found["counts"]["new_today"]

    assert due(ada) == (["Bob", "Cyd"], 2, 2)
    assert due(ada, only=["opponent=Cyd", "phase=opening|middlegame"]) == (["Cyd"], 1, 1)
    assert due(ada, only="phase=endgame") == ([], 0, 0)
    assert due(ada, limit=1)[1:] == (2, 2)
    assert due(bob) == ([], 0, 0)
    refused = ada.get("drills/due-from", params={"only": "moon=full"})
    assert (refused.status_code, refused.json()["type"]) == (422, "question-refused")


def test_drills_are_files_for_other_programs(ada: TestClient, drill: int) -> None:
    pgn, cards = ada.get("drills.pgn"), ada.get("drills.anki.txt")
    assert f'[Event "Drill {drill}"]' in pgn.text
    assert "ada-drills-" in pgn.headers["content-disposition"]
    assert cards.text.startswith("#separator:tab\n")
    assert cards.headers["content-type"] == "text/plain; charset=utf-8"


def test_a_program_that_may_only_read_changes_nothing(
    served: Served, ada: TestClient, drill: int
) -> None:
    program = served.program(ada, "read")
    assert program.get(f"drills/{drill}").status_code == 200
    for action in ("answers", "reveal", "skip", "suspend", "resume"):
        refused = program.post(f"drills/{drill}/{action}", json={"move": "a3"})
        assert (refused.status_code, refused.json()["type"]) == (403, "scope-missing")
    assert program.post("drills/gather").status_code == 403


def test_other_moves_are_tried_in_a_game(served: Served, ada: TestClient) -> None:
    game_id = keep_mistaken_game(served.store, id_of(ada))
    run_id = ada.get(f"games/{game_id}").json()["run"]["id"]

    def tried(ply: int, move: str) -> tuple[int, str]:
        path = f"games/{game_id}/runs/{run_id}/tries"
        answer = ada.post(path, json={"ply": ply, "move": move})
        return answer.status_code, answer.json().get("verdict") or answer.json()["type"]

    assert tried(5, "a3") == (200, "right")
    assert tried(5, "Ba6") == (200, "wrong")
    assert tried(5, "Bb5") == (200, "unknown")
    assert tried(5, "Ba3") == (422, "move-not-legal")
    assert tried(99, "a3") == (422, "unprocessable-content")
    engine = FakeEngine()
    with_engine(served, engine)
    assert tried(5, "Bb5")[1] in ("right", "wrong")
    assert len(engine.asked) == 1
    assert ada.get("drills/due").json()["counts"]["all"] == 0
