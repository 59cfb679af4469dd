"""Games as PGN over the API: one or many, as they came or annotated."""

import io
import re

import chess.pgn
from fastapi.testclient import TestClient

from chess_analytics.games.fingerprint import moves_key
from chess_analytics.games.model import Game
from chess_analytics.games.pgn import read_pgn
from chess_analytics.store.runs import RunSource
from tests.accounts import DAY_MS
from tests.api.serving import Served
from tests.builders import game
from tests.library import MOVES, SCHOLARS_MATE, id_of, keep_game, keep_run


def _read(text: str) -> list[Game]:
    entries = list(read_pgn(io.StringIO(text), "download"))
    games = [entry for entry in entries if isinstance(entry, Game)]
    assert len(games) == len(entries)
    return games


def test_a_game_is_downloaded_as_it_came(served: Served, ada: TestClient) -> None:
    text = '[White "Ada"]\n[Odd  "tag" ]\n\n1.e4 {why   not} e5 (1...c5) 2. Ke2?? *'
    game_id = keep_game(served.store, id_of(ada), game("1. e4 e5 2. Ke2 *", white="Ada"), pgn=text)
    answer = ada.get(f"games/{game_id}/pgn")
    assert answer.text == f"{text}\n\n"
    assert answer.headers["content-type"] == "application/x-chess-pgn; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_an_annotated_game_has_evaluations_judgments_and_the_players_own_words(
    served: Served, ada: TestClient
) -> None:
    text = "1. e4 {my comment} e5 2. Nf3 Nc6 3. Ba6 bxa6 4. O-O Nf6 *"
    game_id = keep_game(served.store, id_of(ada), MOVES, pgn=text)
    keep_run(served.store, game_id, engine="Stockfish 17")
    annotated = ada.get(f"games/{game_id}/pgn", params={"annotated": True}).text
    parsed = chess.pgn.read_game(io.StringIO(annotated))
    assert parsed is not None
    nodes = list(parsed.mainline())
    assert "my comment" in nodes[0].comment
    assert "[%eval -4.50]" in nodes[4].comment
    assert nodes[4].nags == {chess.pgn.NAG_BLUNDER}
    assert parsed.headers["Annotator"] == "chess-analytics (Stockfish 17)"


def test_the_analysis_that_lists_show_is_written_unless_another_is_named(
    served: Served, ada: TestClient
) -> None:
    game_id = keep_game(served.store, id_of(ada), "1. a3 a6 *")
    ours = keep_run(served.store, game_id, "1. a3 a6 *", scores_cp=[11, 12])
    theirs = keep_run(
        served.store, game_id, "1. a3 a6 *", scores_cp=[21, 22], source=RunSource.SUPPLIED
    )
    path = f"games/{game_id}/pgn"
    assert "[%eval 0.11]" in ada.get(path, params={"annotated": True}).text
    assert "[%eval 0.11]" in ada.get(path, params={"run_id": ours}).text
    assert "[%eval 0.21]" in ada.get(path, params={"run_id": theirs}).text
    assert "eval" not in ada.get(path).text


def test_what_cannot_be_annotated_is_told_in_words(served: Served, ada: TestClient) -> None:
    game_id, other = (keep_game(served.store, id_of(ada)) for _ in range(2))
    run_id = keep_run(served.store, other)
    none_yet = ada.get(f"games/{game_id}/pgn", params={"annotated": True})
    assert none_yet.status_code == 404
    assert none_yet.json()["type"] == "not-analysed"
    for wrong in (run_id, run_id + 1):
        answer = ada.get(f"games/{game_id}/pgn", params={"run_id": wrong})
        assert (answer.status_code, answer.json()["type"]) == (404, "not-found")
    assert ada.get("games/12345/pgn").status_code == 404


def test_a_text_that_is_no_game_any_more_is_told_so(served: Served, ada: TestClient) -> None:
    game_id = keep_game(served.store, id_of(ada), pgn="1. e4 e5 2. Qh8 *")
    keep_run(served.store, game_id)
    answer = ada.get(f"games/{game_id}/pgn", params={"annotated": True})
    assert answer.status_code == 409
    assert "delete the game and import it again" in answer.json()["detail"]
    # Among others it is written as it came: it must not take them from their owner.
    assert "1. e4 e5 2. Qh8 *" in ada.get("games.pgn", params={"annotated": True}).text


def test_a_downloads_name_is_safe_on_any_disk_and_in_any_header(
    served: Served, ada: TestClient
) -> None:
    played = game("1. e4 *", white='../../etc/"x"\r\nSet-Cookie: a', black="Grünfeld, Ernst")
    game_id = keep_game(served.store, id_of(ada), played, played_ms=DAY_MS)
    header = ada.get(f"games/{game_id}/pgn").headers["content-disposition"]
    name = re.fullmatch(r'attachment; filename="([A-Za-z0-9.-]+)"', header)
    assert name
    assert name[1] == f"1970-01-02-etc-x-Set-Cookie-a-Gr-nfeld-Ernst-{game_id}.pgn"


def test_all_games_of_a_list_come_as_one_file_in_its_order(served: Served, ada: TestClient) -> None:
    for day, moves in enumerate(("1. a3 *", "1. b3 *", "1. c3 *")):
        keep_game(served.store, id_of(ada), moves, played_ms=day * DAY_MS)
    newest_first = ada.get("games.pgn")
    assert [found.moves[0].written for found in _read(newest_first.text)] == ["c3", "b3", "a3"]
    assert newest_first.headers["content-type"] == "application/x-chess-pgn; charset=utf-8"
    assert newest_first.headers["content-disposition"].startswith("attachment; ")
    some = ada.get("games.pgn", params={"until_ms": 2 * DAY_MS, "sort": "played"})
    assert [found.moves[0].written for found in _read(some.text)] == ["a3", "b3"]


def test_more_games_than_fit_a_page_are_all_there(served: Served, ada: TestClient) -> None:
    for number in range(120):
        played = game("1. e4 e5 2. Nf3 *", tags={"Round": str(number)})
        keep_game(served.store, id_of(ada), played, played_ms=number % 3 * DAY_MS)
    rounds = [found.headers["Round"] for found in _read(ada.get("games.pgn").text)]
    assert sorted(map(int, rounds)) == list(range(120))


def test_annotated_files_hold_the_games_without_analysis_as_well(
    served: Served, ada: TestClient
) -> None:
    analysed = keep_game(served.store, id_of(ada), MOVES, played_ms=DAY_MS)
    keep_run(served.store, analysed)
    keep_game(served.store, id_of(ada), SCHOLARS_MATE)
    text = ada.get("games.pgn", params={"annotated": True}).text
    assert text.count("[%eval") == 8
    assert [moves_key(found) for found in _read(text)] == [
        moves_key(game(MOVES)),
        moves_key(game(SCHOLARS_MATE)),
    ]


def test_an_empty_list_is_an_empty_file(ada: TestClient) -> None:
    answer = ada.get("games.pgn")
    assert (answer.status_code, answer.content) == (200, b"")


def test_games_without_a_tag_do_not_run_into_each_other(served: Served, ada: TestClient) -> None:
    for moves in ("1. e4 e5", "1. e4 e5 2. Nf3"):
        keep_game(served.store, id_of(ada), f"{moves} *", pgn=moves)
    assert sorted(len(found.moves) for found in _read(ada.get("games.pgn").text)) == [2, 3]


def test_downloads_hold_nothing_of_another_user(
    served: Served, ada: TestClient, bob: TestClient
) -> None:
    keep_game(served.store, id_of(ada), game("1. e4 *", white="Ada"))
    keep_game(served.store, id_of(bob), game("1. d4 *", white="Bob"))
    assert [found.headers["White"] for found in _read(bob.get("games.pgn").text)] == ["Bob"]


def test_nobody_downloads_without_signing_in(served: Served, ada: TestClient) -> None:
    game_id = keep_game(served.store, id_of(ada))
    stranger = served.client()
    assert stranger.get("games.pgn").status_code == 401
    assert stranger.get(f"games/{game_id}/pgn").status_code == 401
