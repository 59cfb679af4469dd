"""The archive of everything that is mine, over the API."""

import io
import json
import time
import zipfile
from typing import Any

from fastapi.testclient import TestClient

from chess_analytics.api.games import Game
from chess_analytics.api.runs import RunWithMoves
from chess_analytics.samples import SAMPLE
from tests.accounts import NOW_MS
from tests.api.importing import Worker, uploaded
from tests.api.serving import Served
from tests.builders import game
from tests.library import MOVES, id_of, keep_game, keep_run, link_player


def _unpacked(user: TestClient) -> dict[str, bytes]:
    answer = user.get("export")
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_everything_comes_as_one_file_with_a_name(ada: TestClient) -> None:
    answer = ada.get("export")
    assert answer.headers["content-type"] == "application/zip"
    assert (
        answer.headers["content-disposition"]
        == 'attachment; filename="chess-analytics-ada-2023-11-14.zip"'
    )
    assert "no-store" in answer.headers["cache-control"]
    assert "content-length" not in answer.headers


def test_a_game_in_it_is_what_the_api_shows(served: Served, ada: TestClient) -> None:
    game_id = keep_game(served.store, id_of(ada), game(MOVES, white="Ada"))
    run_id = keep_run(served.store, game_id)
    (line,) = _unpacked(ada)["games.jsonl"].splitlines()
    exported = json.loads(line)
    assert Game.model_validate(exported).model_dump(mode="json") == (
        ada.get(f"games/{game_id}").json()
    )
    (run,) = exported["runs"]
    assert RunWithMoves.model_validate(run).model_dump(mode="json") == (
        ada.get(f"games/{game_id}/runs/{run_id}").json()
    )


def test_my_archive_holds_nothing_of_another_user(
    served: Served, ada: TestClient, bob: TestClient
) -> None:
    link_player(served.store, id_of(ada), "ada_plays")
    keep_game(served.store, id_of(ada), game("1. e4 *", white="ada_plays"))
    content = b"".join(_unpacked(bob).values())
    assert b"ada_plays" not in content
    assert b"ada_plays" in _unpacked(ada)["players.json"]


def test_nobody_gets_an_archive_without_signing_in(served: Served, ada: TestClient) -> None:
    assert served.client().get("export").status_code == 401
    assert served.program(ada, "write").get("export").status_code == 403
    assert served.program(ada, "read").get("export").status_code == 200


def test_a_token_does_not_learn_where_else_somebody_is_signed_in(
    served: Served, ada: TestClient
) -> None:
    program = served.program(ada, "read")
    by_hand, by_token = (json.loads(_unpacked(it)["profile.json"]) for it in (ada, program))
    assert {"sessions", "tokens"} <= by_hand.keys()
    assert {*by_hand} - {*by_token} == {"sessions", "tokens"}


def test_it_tells_the_time_at_which_it_was_made(ada: TestClient) -> None:
    with zipfile.ZipFile(io.BytesIO(ada.get("export").content)) as archive:
        times = {member.date_time for member in archive.infolist()}
    assert times == {time.gmtime(NOW_MS / 1000)[:6]}


def _kept(user: TestClient) -> list[dict[str, Any]]:
    """List what a user keeps, without the numbers that differ from user to user."""
    items = user.get("games", params={"limit": 200, "sort": "added"}).json()["items"]
    own = ("id", "import_id", "run")
    return [{name: value for name, value in item.items() if name not in own} for item in items]


def test_another_user_who_imports_my_games_has_the_same_ones(
    served: Served, ada: TestClient, bob: TestClient
) -> None:
    worker = Worker(served)
    uploaded(ada, SAMPLE.read_bytes(), "sample.ndjson.gz")
    worker.work()
    again = uploaded(bob, _unpacked(ada)["games.pgn"], "games.pgn")
    worker.work()
    ended = bob.get(f"imports/{again['id']}").json()
    assert (ended["state"], ended["added"], ended["found"]) == ("done", 64, 64)
    assert _kept(bob) == _kept(ada)
    uploaded(ada, _unpacked(bob)["games.pgn"], "games.pgn")
    worker.work()
    assert ada.get("games", params={"count": True}).json()["total"] == 64
