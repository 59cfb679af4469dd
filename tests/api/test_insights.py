"""Questions about many games, asked of the API."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from chess_analytics.api.insight_resources import Insights
from chess_analytics.games.model import Side
from chess_analytics.insights.comparing import LEAST_PEERS
from chess_analytics.insights.dimensions import DIMENSIONS
from chess_analytics.insights.metrics import METRICS
from chess_analytics.insights.presets import PRESETS
from chess_analytics.store.fact_tables import run_facts
from tests.api.serving import Served, serving
from tests.levels import keep_career
from tests.library import MOVES, SCHOLARS_MATE, id_of, keep_game, keep_run, link_player
from tests.store.stored_games import add_user

# Every address that takes no more than whose games are meant, or what makes it complete.
ADDRESSES: dict[str, dict[str, Any]] = {
    "answers": {"metric": "loss", "by": "phase"},
    "preset-answers": {"preset": "phases"},
    "behind": {"metric": "loss"},
    "findings": {},
    "trends": {"metric": "loss"},
    "opening-tree": {"color": "white"},
    "opening-costs": {},
    "theory-exits": {},
    "repeated-mistakes": {},
    "time-map": {},
    "opponent-sheet": {"player": "Cyd"},
}


def _fill(served: Served, user: TestClient) -> list[int]:
    """Keep three analysed games of the user's against Bob and Cyd, and one that nobody analysed."""
    store, user_id = served.store, id_of(user)
    name = link_player(store, user_id, "ada_plays")
    ids = []
    for black, movetext in (("Bob", MOVES), ("Cyd", MOVES), ("Cyd", SCHOLARS_MATE)):
        said: dict[str, Any] = {"white": "ada_plays", "black": black, "speed": "blitz"}
        game_id = keep_game(store, user_id, movetext, seen_by=(name, Side.WHITE), **said)
        keep_run(store, game_id, movetext)
        ids.append(game_id)
    keep_game(store, user_id, "1. a3 *", seen_by=(name, Side.WHITE), speed="rapid")
    return ids


def _ask(user: TestClient, address: str, **asked: Any) -> dict[str, Any]:
    answer = user.get(f"insights/{address}", params=asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_everything_that_can_be_asked_is_named_and_explained(ada: TestClient) -> None:
    found = _ask(ada, "catalogue")
    assert [each["key"] for each in found["metrics"]] == list(METRICS)
    assert [each["key"] for each in found["dimensions"]] == list(DIMENSIONS)
    assert [each["key"] for each in found["presets"]] == list(PRESETS)
    by_key = {each["key"]: each for each in found["metrics"]}
    assert by_key["acpl"]["unit"] == "centipawns"
    assert by_key["acpl"]["about"] == "Average loss a move."
    phase = next(each for each in found["dimensions"] if each["key"] == "phase")
    assert phase["buckets"] == ["opening", "middlegame", "endgame"]


def test_a_question_is_answered_with_what_it_rests_on(served: Served, ada: TestClient) -> None:
    _fill(served, ada)
    found = _ask(ada, "answers", metric="blunder_rate", by="opponent")
    assert found["basis"] == {"games": 4, "analysed": 3, "moves": 12}
    assert found["metric"]["unit"] == "%"
    rows = {row["bucket"]: row for row in found["rows"]}
    assert rows["Bob"]["value"] == pytest.approx(25.0)
    assert (rows["Bob"]["moves"], rows["Bob"]["games"], rows["Bob"]["too_few"]) == (4, 1, True)
    assert rows["Bob"]["low"] is None
    # The mate counts nowhere: seven moves of two games, one of them a blunder.
    assert (rows["Cyd"]["moves"], rows["Cyd"]["games"]) == (7, 2)
    assert rows["Cyd"]["low"] < rows["Cyd"]["value"] < rows["Cyd"]["high"]
    [total] = found["total"]
    assert total["moves"] == 11


def test_filters_times_and_names_leave_only_what_they_say(served: Served, ada: TestClient) -> None:
    _fill(served, ada)
    store, user_id = served.store, id_of(ada)
    other = link_player(store, user_id, "ada_elsewhere")
    keep_game(store, user_id, MOVES, seen_by=(other, Side.BLACK), played_ms=1000)

    def games(**asked: Any) -> int:
        rows = _ask(ada, "answers", metric="moves_per_game", by="color", **asked)["total"]
        return sum(row["games"] for row in rows)

    assert games() == 3
    assert games(only="opponent=Bob") == 1
    assert games(only=["opponent=Bob|Cyd", "speed=blitz"]) == 3
    assert games(only="speed=rapid|bullet") == 0
    assert games(until_ms=2000) == 0
    assert games(player_id=other) == 0
    assert _ask(ada, "answers", metric="loss", player_id=other)["basis"]["games"] == 1


def test_a_question_in_words_has_all_its_answers(served: Served, ada: TestClient) -> None:
    _fill(served, ada)
    found = _ask(ada, "preset-answers", preset="phases", only="opponent=Bob")
    asked = [(each["question"]["metric"], each["question"]["by"]) for each in found["answers"]]
    assert asked == [("loss", "phase"), ("blunder_rate", "phase"), ("accuracy", "phase")]
    assert found["words"] == PRESETS["phases"].words
    assert all(each["total"][0]["games"] == 1 for each in found["answers"])


def test_behind_a_bar_are_its_games_and_moves(served: Served, ada: TestClient) -> None:
    bob, cyd, also_cyd = _fill(served, ada)
    asked = {"metric": "blunder_rate", "by": "opponent"}
    found = _ask(ada, "behind", **asked, bucket="Bob")
    assert (found["all_games"], found["all_moves"]) == (1, 4)
    worst = found["moves"][0]
    assert (worst["game_id"], worst["ply"], worst["uci"], worst["san"]) == (bob, 5, "f1a6", "Ba6")
    assert (worst["value"], worst["win_before"] > 50) == (1, True)
    assert [each["value"] for each in found["moves"]] == [1, 0, 0, 0]
    found = _ask(ada, "behind", **asked, bucket="Cyd")
    assert {each["game_id"] for each in found["games"]} == {cyd, also_cyd}
    assert (found["all_games"], found["all_moves"]) == (2, 7)
    page = _ask(ada, "behind", **asked, limit=1, skip=2)
    assert [each["value"] for each in page["moves"]] == [1]
    assert page["all_moves"] == 11


def test_reports_are_empty_not_broken_where_there_is_little(
    served: Served, ada: TestClient
) -> None:
    assert _ask(ada, "findings")["findings"] == []
    assert _ask(ada, "answers", metric="loss", by="phase")["rows"] == []
    assert _ask(ada, "opening-tree", color="black")["positions"] == {}
    _fill(served, ada)
    assert _ask(ada, "findings")["findings"] == []
    assert _ask(ada, "trends", metric="loss")["points"] == []
    assert _ask(ada, "time-map")["moves"] == 0


def test_openings_are_a_tree_with_costs_and_mistakes_made_again(
    served: Served, ada: TestClient
) -> None:
    bob, cyd, _ = _fill(served, ada)
    tree = _ask(ada, "opening-tree", color="white")
    first = tree["positions"][tree["root"]]
    assert (first["games"], first["moves"][0]["uci"]) == (3, "e2e4")
    [again] = _ask(ada, "repeated-mistakes")["items"]
    assert (again["uci"], again["times"]) == ("f1a6", 2)
    assert {(each["game_id"], each["san"]) for each in again["seen"]} == {
        (bob, "Ba6"),
        (cyd, "Ba6"),
    }
    exits = _ask(ada, "theory-exits")["items"]
    assert [(each["uci"], each["is_mine"], each["games"]) for each in exits] == [("f1a6", True, 2)]
    costs = _ask(ada, "opening-costs", variations=True)["items"]
    assert costs[0]["points"] >= costs[-1]["points"]
    assert costs[0]["color"] == "white"


def test_an_opponent_has_a_sheet(served: Served, ada: TestClient) -> None:
    _fill(served, ada)
    sheet = _ask(ada, "opponent-sheet", player="cyd")
    assert (sheet["games"], sheet["analysed"]) == (2, 2)
    assert sheet["trees"]["black"]["games"] == 2
    nobody = ada.get("insights/opponent-sheet", params={"player": "Nobody"})
    assert (nobody.status_code, nobody.json()["type"]) == (404, "not-found")


def test_nobody_elses_games_are_looked_at(served: Served, ada: TestClient, bob: TestClient) -> None:
    _fill(served, ada)
    [name] = [each["id"] for each in ada.get("players").json()["items"]]
    for address, asked in ADDRESSES.items():
        _ask(ada, address, **asked)
        theirs = bob.get(f"insights/{address}", params=asked | {"player": "ada_plays"})
        assert (theirs.status_code, theirs.json()["type"]) == (404, "not-found"), address
        if "player" not in asked:
            stolen = bob.get(f"insights/{address}", params=asked | {"player_id": name})
            nothing = bob.get(f"insights/{address}", params=asked | {"player_id": 999_999})
            assert stolen.status_code == 404, address
            assert stolen.json() == nothing.json()


def test_what_is_asked_again_is_not_sent_again(served: Served, ada: TestClient) -> None:
    _fill(served, ada)
    tags = {}
    for address, asked in ADDRESSES.items():
        first = ada.get(f"insights/{address}", params=asked)
        tags[address] = {"If-None-Match": first.headers["etag"]}
        again = ada.get(f"insights/{address}", params=asked, headers=tags[address])
        assert again.status_code == 304, address
    keep_run(served.store, _fill_one(served, ada), SCHOLARS_MATE)
    for address in ("answers", "findings", "opening-tree"):
        later = ada.get(f"insights/{address}", params=ADDRESSES[address], headers=tags[address])
        assert later.status_code == 200, address


def _fill_one(served: Served, user: TestClient) -> int:
    [name] = [each["id"] for each in user.get("players").json()["items"]]
    return keep_game(
        served.store,
        id_of(user),
        SCHOLARS_MATE,
        seen_by=(name, Side.WHITE),
        white="ada_plays",
        black="Cyd",
    )


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("answers", {"metric": "beauty"}, "there is no metric 'beauty'; there are: acpl, "),
    ("answers", {"metric": "loss", "by": "mood"}, "there is no dimension 'mood'; there are: "),
    ("answers", {"metric": "loss", "only": "phase"}, "is not of the form DIMENSION=BUCKET"),
    ("answers", {"metric": "loss", "only": "phase=dawn"}, "no bucket 'dawn'; there are: open"),
    ("answers", {"metric": "loss", "by": "hour", "zone": "Mars"}, "no time zone 'Mars'"),
    ("answers", {"metric": "loss", "player": "x", "player_id": 1}, "give one of them"),
    ("answers", {"metric": "loss", "phase": "opening"}, "check its spelling"),
    ("preset-answers", {"preset": "fate"}, "there is no question 'fate'; there are: punish"),
    ("trends", {"metric": "results"}, "has parts, and no trend; there are: "),
    ("behind", {"metric": "loss", "bucket": "opening"}, "no dimension to which 'opening'"),
    ("behind", {"metric": "results", "part": "luck"}, "no part 'luck'; there are: win, draw"),
]


def test_what_cannot_be_asked_is_refused_with_what_can(served: Served, ada: TestClient) -> None:
    _fill(served, ada)
    for address, asked, said in REFUSED:
        refused = ada.get(f"insights/{address}", params=asked)
        assert refused.status_code == 422, asked
        assert refused.headers["content-type"] == "application/problem+json"
        assert said in refused.json()["detail"]


def test_facts_of_an_older_version_are_said_to_be_on_their_way(
    served: Served, ada: TestClient
) -> None:
    _fill(served, ada)
    # Else it may have made them anew before we look.
    served.app.state.facts_renewal.stop()
    with served.store.writing() as connection:
        connection.execute(update(run_facts).values(version=0))
    answer = ada.get("insights/findings")
    assert (answer.status_code, answer.json()["type"]) == (503, "facts-outdated")
    assert answer.headers["retry-after"] == "30"
    assert answer.json()["detail"].startswith("3 analysed games are being prepared")


@pytest.mark.parametrize("allowed", [True, False])
def test_others_of_the_level_are_shown_only_where_the_operator_allows_it(
    tmp_path: Path, *, allowed: bool
) -> None:
    with serving(tmp_path, None, compare_levels=allowed) as served:
        ada = served.sign_up("ada")
        with served.store.writing() as connection:
            others = [add_user(connection, f"user {number}") for number in range(LEAST_PEERS)]
        for user_id in (id_of(ada), *others):
            keep_career(served.store, user_id, 1500)
        found = _ask(ada, "findings", rate=0.5)["findings"]
        assert found
        players = {each["level"]["players"] for each in found if each["level"]}
        assert players == ({LEAST_PEERS} if allowed else set())
        assert "user 3" not in json.dumps(found)


def test_reports_are_made_once_while_nothing_changes(served: Served, ada: TestClient) -> None:
    _fill(served, ada)
    made: list[str] = []
    with _watched(served, made):
        for _ in range(3):
            _ask(ada, "findings")
        assert made == ["FindingsQuery"]
        _ask(ada, "findings", most=1)
        keep_run(served.store, _fill_one(served, ada), SCHOLARS_MATE)
        _ask(ada, "findings")
    assert made == ["FindingsQuery"] * 3


@contextmanager
def _watched(served: Served, made: list[str]) -> Iterator[None]:
    """Note what is made, instead of found there."""

    class Watched(Insights):
        def made_once(self, facts: Any, key: Any, make: Any) -> Any:
            def noted() -> Any:
                made.append(key[0].__name__)
                return make()

            return super().made_once(facts, key, noted)

    before = served.app.state.insights
    served.app.state.insights = Watched()
    yield
    served.app.state.insights = before


def test_facts_are_taken_away_as_tables(served: Served, ada: TestClient) -> None:
    ids = _fill(served, ada)
    found = ada.get("insights/facts", params={"table": "moves", "format": "csv"})
    assert found.headers["content-type"] == "text/csv; charset=utf-8"
    assert found.headers["content-disposition"] == (
        'attachment; filename="ada-moves-2023-11-14.csv"'
    )
    moves = pl.read_csv(found.content)
    assert sorted(moves["game_id"].unique()) == ids
    games = pl.read_parquet(ada.get("insights/facts", params={"table": "games"}).content)
    assert (len(games), games["is_analysed"].sum()) == (4, 3)
    explained = _ask(ada, "facts/dictionary")
    assert [each["name"] for each in explained["games"]] == games.columns
    assert [each["name"] for each in explained["moves"]] == moves.columns
    loss = next(each for each in explained["moves"] if each["name"] == "loss")
    assert loss["unit"] == "points of winning chance, 0 to 100"
