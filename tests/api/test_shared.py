"""Shared games: seen by who has the link, while there is one, and nothing else of the owner."""

import xml.etree.ElementTree as ET

import pytest
from fastapi.testclient import TestClient

from chess_analytics.games.model import Side
from tests.accounts import NOW_MS
from tests.api.serving import Served
from tests.builders import game
from tests.library import MOVES, id_of, keep_game, keep_run, link_player

NAMED = f'[White "ada_plays"]\n[Black "mallory"]\n[WhiteElo "1500"]\n[BlackElo "1999"]\n\n{MOVES}'
SVG = "{http://www.w3.org/2000/svg}"


def _share(owner: TestClient, game_id: int, **wish: bool) -> str:
    answer = owner.put(f"games/{game_id}/share", json=wish)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["secret"])


@pytest.fixture
def game_id(served: Served, ada: TestClient) -> int:
    """Give a game that Ada played with White, and its analysis."""
    played = game(MOVES, clocks=[300, 299, 290, 295])
    player = link_player(served.store, id_of(ada), "ada_plays")
    kept = keep_game(served.store, id_of(ada), played, seen_by=(player, Side.WHITE))
    keep_run(served.store, kept, played)
    return kept


def test_who_has_the_link_sees_the_game_with_its_review(
    ada: TestClient, anonymous: TestClient, game_id: int
) -> None:
    secret = _share(ada, game_id)
    assert len(secret) >= 43
    shown = anonymous.get(f"shared/{secret}").json()
    own = ada.get(f"games/{game_id}").json()
    run_id = own["run"]["id"]
    for field in ("white", "black", "result", "opening", "eco", "played_ms", "color"):
        assert shown[field] == own[field], field
    review = ada.get(f"games/{game_id}/runs/{run_id}/review").json()
    del review["run_id"]
    assert shown["review"] == review
    assert shown["moves"] == [move["uci"] for move in review["moves"]]


def test_nothing_else_of_the_owner_is_told(
    ada: TestClient, anonymous: TestClient, game_id: int
) -> None:
    shown = anonymous.get(f"shared/{_share(ada, game_id)}").json()
    assert not [name for name in shown if name.endswith("id")]
    assert not {"pgn", "headers", "site", "added_ms", "runs", "user"} & set(shown)
    # The link is no key: whoever has it is nobody everywhere else.
    for address in ("me", "games", f"games/{game_id}", f"games/{game_id}/share"):
        assert anonymous.get(address).status_code == 401


def test_the_opponent_is_hidden_where_the_owner_wishes_it(
    served: Served, ada: TestClient, anonymous: TestClient
) -> None:
    player = link_player(served.store, id_of(ada), "ada_plays")
    kept = keep_game(served.store, id_of(ada), game(NAMED), seen_by=(player, Side.WHITE))
    secret = _share(ada, kept, hides_opponent=True)
    answer = anonymous.get(f"shared/{secret}")
    assert "mallory" not in answer.text
    shown = answer.json()
    assert (shown["white"], shown["white_rating"]) == ("ada_plays", 1500)
    assert (shown["black"], shown["black_rating"]) == (None, None)
    # What is hidden may change; the link stays the same.
    assert _share(ada, kept, hides_opponent=False) == secret
    assert "mallory" in anonymous.get(f"shared/{secret}").text


def test_in_a_game_of_others_nobody_is_named(
    served: Served, ada: TestClient, anonymous: TestClient
) -> None:
    kept = keep_game(served.store, id_of(ada), game(NAMED))
    text = anonymous.get(f"shared/{_share(ada, kept, hides_opponent=True)}").text
    assert "ada_plays" not in text
    assert "mallory" not in text


def test_a_link_that_was_ended_shows_nothing_and_does_not_come_back(
    ada: TestClient, anonymous: TestClient, game_id: int
) -> None:
    secret = _share(ada, game_id)
    assert ada.delete(f"games/{game_id}/share").status_code == 204
    unknown = anonymous.get("shared/no-such-link")
    assert (unknown.status_code, unknown.json()["type"]) == (404, "not-found")
    for address in (f"shared/{secret}", f"shared/{secret}/position.svg"):
        assert anonymous.get(address).json() == unknown.json()
    assert ada.get(f"games/{game_id}/share").json()["secret"] is None
    assert ada.delete(f"games/{game_id}/share").status_code == 404
    assert _share(ada, game_id) != secret
    assert anonymous.get(f"shared/{secret}").status_code == 404


def test_a_link_goes_with_its_game(ada: TestClient, anonymous: TestClient, game_id: int) -> None:
    secret = _share(ada, game_id)
    assert ada.delete(f"games/{game_id}").status_code == 204
    assert anonymous.get(f"shared/{secret}").status_code == 404


def test_the_owner_finds_the_link_again(ada: TestClient, game_id: int) -> None:
    nothing = {"secret": None, "hides_opponent": False, "created_ms": None}
    assert ada.get(f"games/{game_id}/share").json() == nothing
    secret = _share(ada, game_id, hides_opponent=True)
    kept = {"secret": secret, "hides_opponent": True, "created_ms": NOW_MS}
    assert ada.get(f"games/{game_id}/share").json() == kept


def test_who_may_only_read_shares_nothing(served: Served, ada: TestClient, game_id: int) -> None:
    program = served.program(ada, "read")
    assert program.put(f"games/{game_id}/share").status_code == 403
    assert program.delete(f"games/{game_id}/share").status_code == 403


def _men(picture: str) -> dict[str, int]:
    """Count the men that a picture draws; definitions of men are not men."""
    uses = [it.attrib for it in ET.fromstring(picture).iter(f"{SVG}use")]  # noqa: S314 - ours
    names = [it.get("href", it.get("{http://www.w3.org/1999/xlink}href", "")) for it in uses]
    return {name: names.count(name) for name in names}


def test_a_position_is_drawn_for_its_owner_and_for_who_has_the_link(
    ada: TestClient, anonymous: TestClient, game_id: int
) -> None:
    start = ada.get(f"games/{game_id}/position.svg")
    assert start.headers["content-type"] == "image/svg+xml"
    assert start.headers["content-security-policy"].startswith("default-src 'none'")
    assert "script" not in start.text
    men = _men(start.text)
    assert (men["#white-pawn"], men["#black-king"]) == (8, 1)
    later = ada.get(f"games/{game_id}/position.svg", params={"ply": 2})
    turned = ada.get(f"games/{game_id}/position.svg", params={"ply": 2, "side": "black"})
    assert len({start.text, later.text, turned.text}) == 3
    past_the_end = ada.get(f"games/{game_id}/position.svg", params={"ply": 999})
    assert past_the_end.status_code == 200
    secret = _share(ada, game_id)
    shared = anonymous.get(f"shared/{secret}/position.svg", params={"ply": 2})
    assert shared.text == later.text
    assert anonymous.get(f"games/{game_id}/position.svg").status_code == 401
