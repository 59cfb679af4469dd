"""Games over the API: lists, one game, deleting; nobody reaches another user's."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from chess_analytics.games.model import Result, Side, Site
from chess_analytics.store.game_pages import GameSort
from tests.accounts import DAY_MS, NOW_MS
from tests.api.serving import Served
from tests.builders import game
from tests.library import SCHOLARS_MATE, id_of, keep_game, keep_run, link_player

NAJDORF = "1. e4 c5 2. Nf3 d6 3. d4 cxd4 4. Nxd4 Nf6 5. Nc3 a6 *"


def ids(answer: Any) -> list[int]:
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


@pytest.fixture
def player(served: Served, ada: TestClient) -> int:
    """Link ada's name on Lichess."""
    return link_player(served.store, id_of(ada), "ada_plays")


def test_a_user_without_games_gets_an_empty_list(ada: TestClient) -> None:
    assert ada.get("games").json() == {"items": [], "next": None, "total": None}


def test_a_list_shows_what_a_list_needs(served: Served, ada: TestClient, player: int) -> None:
    tags = {
        "WhiteElo": "1823",
        "BlackElo": "1790",
        "UTCDate": "2024.03.05",
        "UTCTime": "18:00:00",
        "TimeControl": "300+3",
    }
    played = game(
        SCHOLARS_MATE, white="ada_plays", black="Bob", tags=tags, site=Site.LICHESS,
        site_id="q7ZvsdUF",
    )  # fmt: skip
    game_id = keep_game(served.store, id_of(ada), played, seen_by=(player, Side.WHITE))
    assert ada.get("games").json()["items"] == [
        {
            "id": game_id,
            "site": "lichess",
            "site_id": "q7ZvsdUF",
            "variant": "standard",
            "white": "ada_plays",
            "black": "Bob",
            "white_rating": 1823,
            "black_rating": 1790,
            "result": "1-0",
            "played_ms": 1_709_661_600_000,
            "time_control": "300+3",
            "speed": "blitz",
            "eco": "C20",
            "opening": "King's Pawn Game: Wayward Queen Attack",
            "plies": 7,
            "added_ms": NOW_MS,
            "import_id": None,
            "player_id": player,
            "color": "white",
            "outcome": "win",
            "rating": 1823,
            "opponent": "Bob",
            "opponent_rating": 1790,
            "is_analysed": False,
            "run": None,
        }
    ]


def test_what_is_not_known_of_a_game_is_null(served: Served, ada: TestClient) -> None:
    keep_game(served.store, id_of(ada), game("1. a3 *"))
    (item,) = ada.get("games").json()["items"]
    unknown = ("white", "white_rating", "played_ms", "time_control", "speed", "site_id", "color")
    assert [item[name] for name in unknown] == [None] * len(unknown)


def test_a_list_shows_the_newest_analysis_of_an_engine_of_ours(
    served: Served, ada: TestClient
) -> None:
    game_id = keep_game(served.store, id_of(ada))
    keep_run(served.store, game_id, engine="Stockfish 16")
    newest = keep_run(served.store, game_id, engine="Stockfish 17")
    (item,) = ada.get("games").json()["items"]
    assert item["is_analysed"]
    assert (item["run"]["id"], item["run"]["engine"]) == (newest, "Stockfish 17")
    assert item["run"]["white"]["blunders"] == 1
    assert item["run"]["black"] == {
        "accuracy": pytest.approx(item["run"]["black"]["accuracy"]),
        "acpl": pytest.approx(item["run"]["black"]["acpl"]),
        "inaccuracies": 0,
        "mistakes": 0,
        "blunders": 0,
    }


def test_pages_follow_each_other_without_a_gap(served: Served, ada: TestClient) -> None:
    kept = [
        keep_game(served.store, id_of(ada), f"1. {move} *", played_ms=day // 2 * DAY_MS)
        for day, move in enumerate(("a3", "a4", "b3", "b4", "c3", "c4", "d3"))
    ]
    seen: list[int] = []
    after = None
    while True:
        page = ada.get("games", params={"limit": 3, **({"after": after} if after else {})})
        seen += ids(page)
        after = page.json()["next"]
        if after is None:
            break
    assert seen == kept[::-1]


def test_every_order_can_be_paged_through(served: Served, ada: TestClient, player: int) -> None:
    for number, rating in enumerate((1500, None, 1700, 1500, None)):
        tags = {"BlackElo": str(rating), "WhiteElo": "2000"} if rating else {}
        played = game("1. a3 a6 2. h3 h6 3. g3 *" if number % 2 else "1. h3 h6 *", tags=tags)
        kept = keep_game(
            served.store, id_of(ada), played, seen_by=(player, Side.BLACK),
            played_ms=number * DAY_MS, now_ms=NOW_MS - number,
        )  # fmt: skip
        if number in (1, 2):
            keep_run(served.store, kept, played)
    for sort in GameSort:
        whole = ids(ada.get("games", params={"sort": sort}))
        assert len(whole) == 5
        one_by_one: list[int] = []
        after: str | None = ""
        while after is not None:
            given = {"after": after} if after else {}
            page = ada.get("games", params={"sort": sort, "limit": 1, **given})
            one_by_one += ids(page)
            after = page.json()["next"]
        assert one_by_one == whole, sort


def test_the_number_of_all_games_is_told_on_request(served: Served, ada: TestClient) -> None:
    for move in ("a3", "a4", "b3"):
        keep_game(served.store, id_of(ada), f"1. {move} *")
    counted = ada.get("games", params={"limit": 1, "count": True}).json()
    assert (len(counted["items"]), counted["total"]) == (1, 3)


@pytest.fixture
def three(served: Served, ada: TestClient, player: int) -> dict[str, int]:
    """Give three games that differ in everything one can ask for."""
    store, user = served.store, id_of(ada)
    blitz = game(
        SCHOLARS_MATE, white="ada_plays", black="Grünfeld, Ernst",
        tags={"TimeControl": "300+3", "WhiteElo": "1800", "BlackElo": "2100"},
        site=Site.LICHESS, site_id="q7ZvsdUF",
    )  # fmt: skip
    rapid = game(
        NAJDORF, white="bob", black="ada_plays", result="1/2-1/2",
        tags={"TimeControl": "900+0", "WhiteElo": "1500", "BlackElo": "1900"},
        site=Site.CHESSCOM, site_id="457660339",
    )  # fmt: skip
    kept = {
        "blitz": keep_game(
            store, user, blitz, seen_by=(player, Side.WHITE), played_ms=10 * DAY_MS
        ),
        "rapid": keep_game(
            store, user, rapid, seen_by=(player, Side.BLACK), played_ms=20 * DAY_MS
        ),
        "others": keep_game(
            store, user, game("1. a3 a6 *", white="x", black="y", result="0-1"),
            played_ms=30 * DAY_MS,
        ),
    }  # fmt: skip
    keep_run(store, kept["rapid"], rapid, scores_cp=[20] * 10)
    return kept


CASES: list[tuple[dict[str, Any], str]] = [
    ({"site": "lichess"}, "blitz"),
    ({"site": "other"}, "others"),
    ({"speed": "blitz"}, "blitz"),
    ({"speed": ["blitz", "rapid"]}, "rapid blitz"),
    ({"color": "black"}, "rapid"),
    ({"outcome": "win"}, "blitz"),
    ({"outcome": "draw"}, "rapid"),
    ({"result": "0-1"}, "others"),
    ({"since_ms": 20 * DAY_MS}, "others rapid"),
    ({"until_ms": 20 * DAY_MS}, "blitz"),
    ({"since_ms": 10 * DAY_MS, "until_ms": 20 * DAY_MS}, "blitz"),
    ({"eco": "b9"}, "rapid"),
    ({"opening": "sicilian"}, "rapid"),
    ({"opening_part": "najdorf"}, "rapid"),
    ({"opening": "najdorf"}, ""),
    ({"opponent": "grunfeld, ernst"}, "blitz"),
    ({"opponent": "grunfeld"}, ""),
    ({"opponent_part": "ERNST"}, "blitz"),
    ({"rating_from": 1900}, "rapid"),
    ({"rating_to": 1899}, "blitz"),
    ({"opponent_rating_from": 2000}, "blitz"),
    ({"opponent_rating_to": 2000}, "rapid"),
    ({"analysed": True}, "rapid"),
    ({"analysed": False}, "others blitz"),
    ({"variant": "chess960"}, ""),
    ({"color": "white", "outcome": "loss"}, ""),
]


def test_a_list_holds_what_was_asked_for(ada: TestClient, three: dict[str, int]) -> None:
    for asked, found in CASES:
        answer = ada.get("games", params={**asked, "count": True})
        assert ids(answer) == [three[name] for name in found.split()], asked
        assert answer.json()["total"] == len(found.split()), asked


def test_games_of_one_player_or_import_can_be_asked_for(
    ada: TestClient, three: dict[str, int], player: int
) -> None:
    assert ids(ada.get("games", params={"player_id": player})) == [three["rapid"], three["blitz"]]
    assert ids(ada.get("games", params={"player_id": player + 1})) == []
    assert ids(ada.get("games", params={"import_id": 1})) == []


def test_a_percent_sign_is_a_letter_like_any_other(ada: TestClient, three: dict[str, int]) -> None:
    assert three
    for sign in ("%", "_", "\\"):
        assert ids(ada.get("games", params={"opponent_part": sign})) == []


def test_a_place_that_nobody_gave_out_is_refused_in_words(ada: TestClient) -> None:
    answer = ada.get("games", params={"after": "somewhere"})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("`after` is not what `next` said")
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_place_in_another_order_is_refused_in_words(served: Served, ada: TestClient) -> None:
    for move in ("a3", "a4"):
        keep_game(served.store, id_of(ada), f"1. {move} *")
    after = ada.get("games", params={"limit": 1, "sort": "-rating"}).json()["next"]
    answer = ada.get("games", params={"after": after})
    assert answer.status_code == 422
    assert "sorted by '-rating'" in answer.json()["detail"]


def test_what_cannot_be_understood_is_named(ada: TestClient) -> None:
    for name, value in (
        ("limit", 0),
        ("limit", 201),
        ("player_id", 2**63),
        ("since_ms", 2**63),
        ("speed", "quick"),
        ("sort", "luck"),
        ("analysed", "perhaps"),
        ("eco", "Najdorf"),
        ("eco", "B\x00"),
        ("opponnent", "bob"),
    ):
        answer = ada.get("games", params={name: value})
        assert answer.status_code == 422, name
        assert answer.json()["fields"][0]["where"].startswith(f"query.{name}")


def test_a_zero_character_finds_nothing_and_breaks_nothing(ada: TestClient) -> None:
    for name in ("opponent", "opponent_part", "opening", "opening_part"):
        assert ids(ada.get("games", params={name: "a\x00b"})) == []


def test_one_game_is_shown_with_headers_text_and_all_analyses(
    served: Served, ada: TestClient
) -> None:
    played = game(SCHOLARS_MATE, white="Ada", tags={"Annotator": "Ada herself"})
    game_id = keep_game(served.store, id_of(ada), played)
    first = keep_run(served.store, game_id, played, scores_cp=[30, 20, 10, 20, 30, 400])
    second = keep_run(served.store, game_id, played, scores_cp=[30, 20, 10, 20, 30, 500])
    shown = ada.get(f"games/{game_id}").json()
    assert shown["headers"]["Annotator"] == "Ada herself"
    assert shown["pgn"] == played.pgn
    assert [run["id"] for run in shown["runs"]] == [second, first]
    (listed,) = ada.get("games").json()["items"]
    assert {name: shown[name] for name in listed} == listed


def test_a_header_that_no_database_can_hold_hinders_nobody(served: Served, ada: TestClient) -> None:
    played = game("1. e4 *", tags={"Event": "half \ud83d a character", "Round": "zero \x00"})
    game_id = keep_game(served.store, id_of(ada), played, pgn="1. e4 *")
    assert ada.get(f"games/{game_id}").status_code == 200


def test_a_game_that_is_not_there_is_told_so(ada: TestClient) -> None:
    answer = ada.get("games/12345")
    assert answer.status_code == 404
    assert answer.json()["detail"] == "there is no such game, or it is not yours"
    assert ada.delete("games/12345").status_code == 404
    assert ada.get(f"games/{2**63}").status_code == 422


def test_a_deleted_game_is_gone_with_its_analyses(served: Served, ada: TestClient) -> None:
    game_id, other = (keep_game(served.store, id_of(ada), f"1. {move} *") for move in ("a3", "a4"))
    run_id = keep_run(served.store, game_id, "1. a3 *", scores_cp=[10])
    assert ada.delete(f"games/{game_id}").status_code == 204
    assert ada.get(f"games/{game_id}").status_code == 404
    assert ada.get(f"games/{game_id}/runs/{run_id}").status_code == 404
    assert ada.delete(f"games/{game_id}").status_code == 404
    assert ids(ada.get("games")) == [other]


def test_another_users_games_are_in_no_list_of_mine(
    served: Served, ada: TestClient, bob: TestClient
) -> None:
    hers = keep_game(served.store, id_of(ada))
    his = keep_game(served.store, id_of(bob))
    assert ids(ada.get("games")) == [hers]
    assert ids(bob.get("games")) == [his]
    assert bob.get("games", params={"count": True}).json()["total"] == 1


def test_nobody_sees_games_without_signing_in(served: Served, ada: TestClient) -> None:
    game_id = keep_game(served.store, id_of(ada))
    stranger = served.client()
    for path in ("games", f"games/{game_id}"):
        assert stranger.get(path).status_code == 401
    assert stranger.delete(f"games/{game_id}").status_code == 401
    assert ids(ada.get("games")) == [game_id]


def test_a_token_that_may_only_read_deletes_nothing(served: Served, ada: TestClient) -> None:
    game_id = keep_game(served.store, id_of(ada))
    program = served.program(ada, "read")
    assert ids(program.get("games")) == [game_id]
    assert program.delete(f"games/{game_id}").status_code == 403
    assert served.program(ada, "write").delete(f"games/{game_id}").status_code == 204
    assert ids(ada.get("games")) == []


def test_polling_a_list_that_has_not_changed_costs_nothing(served: Served, ada: TestClient) -> None:
    keep_game(served.store, id_of(ada))
    tag = ada.get("games").headers["etag"]
    assert ada.get("games", headers={"if-none-match": tag}).status_code == 304
    keep_game(served.store, id_of(ada), "1. a3 *", result=Result.DRAW)
    assert ada.get("games", headers={"if-none-match": tag}).status_code == 200
