"""What is asked of Lichess, and what is made of its answers."""

import dataclasses
import json

import pytest

from chess_analytics.games.model import Game
from chess_analytics.sources.checkpoints import Checkpoint
from chess_analytics.sources.formats import MAX_JSON_GAME_BYTES
from chess_analytics.sources.http import (
    PlayerUnknown,
    SourceRefused,
)
from tests.games.pgn_builders import outline
from tests.shared_data import shared_data
from tests.sources.lichess_player import ALL, entries, fetch, game, ids
from tests.sources.replay import (
    LichessSite,
    Replay,
    cut,
    line_of,
)


def test_the_games_come_oldest_first_with_a_checkpoint_at_the_end(lichess: Replay) -> None:
    fetched = fetch(lichess)
    assert ids(fetched) == ALL
    assert fetched[-1] == Checkpoint(game(5)["createdAt"])
    assert [str(entry.place) for entry in entries(fetched)][:2] == [
        "lichess.org/@/Ann: game 1",
        "lichess.org/@/Ann: game 2",
    ]
    first = fetched[0]
    assert isinstance(first, Game)
    assert [move.clock_s for move in first.moves] == [180.03, 180.03, 179.0]


def test_one_request_asks_for_all_that_is_read(lichess: Replay) -> None:
    fetch(lichess)
    (asked,) = lichess.asked
    assert (asked.method, asked.path) == ("GET", "/api/games/user/Ann")
    assert asked.params == {
        "sort": "dateAsc",
        "finished": "true",
        "ongoing": "true",
        "moves": "true",
        "tags": "true",
        "pgnInJson": "true",
        "clocks": "true",
        "evals": "true",
        "accuracy": "true",
        "opening": "true",
        "division": "true",
        "literate": "false",
    }
    assert asked.headers["accept"] == "application/x-ndjson"
    assert asked.headers["user-agent"] == "chess-analytics/1 (contact: a@b.c)"
    assert "authorization" not in asked.headers


def test_a_second_import_asks_since_the_last_game(
    lichess: Replay, lichess_site: LichessSite
) -> None:
    checkpoint = fetch(lichess)[-1]
    assert isinstance(checkpoint, Checkpoint)
    lichess_site.games.append(game(6))
    assert ids(fetch(lichess, resume=checkpoint)) == ["game0005", "game0006"]
    assert lichess.asked[-1].params["since"] == str(game(5)["createdAt"])


def test_a_player_without_games_has_no_checkpoint(
    lichess: Replay, lichess_site: LichessSite
) -> None:
    lichess_site.games.clear()
    assert fetch(lichess) == []


def test_a_checkpoint_survives_json() -> None:
    checkpoint = Checkpoint(5, ("abcdefgh",))
    stored = json.loads(json.dumps(dataclasses.asdict(checkpoint)))
    assert stored == {"since_ms": 5, "unfinished": ["abcdefgh"]}


def test_an_import_killed_at_any_moment_resumes_without_loss(
    lichess: Replay, lichess_site: LichessSite
) -> None:
    lichess_site.games = [game(number) for number in range(1, 121)]
    items = fetch(lichess)
    kept = [at for at, item in enumerate(items) if isinstance(item, Checkpoint)]
    assert len(kept) == 3  # after 50 games, after 100, at the end
    for at in kept:
        checkpoint = items[at]
        assert isinstance(checkpoint, Checkpoint)
        before, after = ids(items[:at]), ids(fetch(lichess, resume=checkpoint))
        assert after[:1] == before[-1:]
        assert before + after[1:] == ids(items)


def test_lines_that_only_keep_the_connection_alive_are_no_entries(
    lichess: Replay, lichess_site: LichessSite
) -> None:
    lichess_site.games = [b"", game(1), b"{}", b"\r", b"{}", game(2), b""]
    assert outline(entries(fetch(lichess))) == ["game of 3", "game of 3"]


def test_lines_that_are_no_games_cost_only_themselves(
    lichess: Replay, lichess_site: LichessSite
) -> None:
    huge = json.dumps(game(3, moves="e4 " * (MAX_JSON_GAME_BYTES // 3))).encode()
    lichess_site.games = [
        b'{"id":',
        game(1),
        b"[1]",
        b'{"error":"ouch"}',
        game(2),
        huge,
        b"[" * 100_000,
        game(4, players="?"),
        game(5, createdAt=None, id=7),
        game(6),
    ]
    assert outline(entries(fetch(lichess))) == [
        "broken: this line is not a whole JSON object (line None)",
        "game of 3",
        "broken: this line is not a game as Lichess exports it (line None)",
        "broken: this line is not a game as Lichess exports it (line None)",
        "game of 3",
        "broken: this line is longer than any game: over 1,000,000 bytes (line None)",
        "broken: this line is not a whole JSON object (line None)",
        "game of 3",
        "game of 3",
        "game of 3",
    ]


def test_variants_are_set_aside_and_games_that_were_not_played_left_out(
    lichess: Replay, lichess_site: LichessSite
) -> None:
    lichess_site.games = [
        game(1, variant="atomic"),
        game(2, status="aborted"),
        game(3, status="noStart", moves=""),
        game(
            4,
            variant="chess960",
            initialFen="bbqnnrkr/pppppppp/8/8/8/8/PPPPPPPP/BBQNNRKR w HFhf -",
            moves="e4 e5",
        ),
    ]
    found = outline(entries(fetch(lichess)))
    assert found[0].startswith("set aside: ")
    assert "tomic" in found[0]
    assert found[1:] == [
        "set aside: no moves: they were not exported, or none was made",
        "game of 2",
    ]


def test_games_in_play_are_asked_for_by_name_the_next_time(
    lichess: Replay, lichess_site: LichessSite
) -> None:
    lichess_site.games = [
        game(1, status="started"),
        game(2),
        game(3, status="created"),
        game(4, status="started"),
        game(5),
    ]
    first = fetch(lichess)
    assert ids(first) == ["game0002", "game0005"]
    checkpoint = first[-1]
    assert checkpoint == Checkpoint(game(5)["createdAt"], ("game0001", "game0003", "game0004"))
    assert isinstance(checkpoint, Checkpoint)
    lichess_site.games = [game(1), game(2), game(4, status="started"), game(5)]
    second = fetch(lichess, resume=checkpoint)
    assert ids(second) == ["game0001", "game0005"]
    assert second[-1] == Checkpoint(game(5)["createdAt"], ("game0004",))
    asked = lichess.asked[-2]
    assert (asked.method, asked.path) == ("POST", "/api/games/export/_ids")
    assert asked.body == "game0001,game0003,game0004"
    assert asked.headers["content-type"] == "text/plain"
    assert asked.params["pgnInJson"] == "true"


def test_a_game_in_play_at_the_moment_of_the_checkpoint_comes_once(
    lichess: Replay, lichess_site: LichessSite
) -> None:
    lichess_site.games = [game(1), game(2, status="started")]
    checkpoint = fetch(lichess)[-1]
    assert isinstance(checkpoint, Checkpoint)
    lichess_site.games = [game(1), game(2)]
    second = fetch(lichess, resume=checkpoint)
    assert ids(second) == ["game0002"]
    assert second[-1] == Checkpoint(game(2)["createdAt"])


def test_many_games_in_play_are_asked_for_in_parts_and_never_twice(
    lichess: Replay, lichess_site: LichessSite
) -> None:
    lichess_site.games = [game(number) for number in range(1, 302)]
    names = tuple(f"game{number:04}" for number in range(1, 302))
    resume = Checkpoint(game(301)["createdAt"], ("../../evil", *names))
    size = len(line_of(game(1)))
    lichess.faults.append(cut(100 * size + 7))
    found = ids(fetch(lichess, resume=resume))
    assert found == list(names)
    assert [len(asked.body.split(",")) for asked in lichess.asked] == [300, 200, 1, 1]
    assert [asked.method for asked in lichess.asked] == ["POST", "POST", "POST", "GET"]


def test_games_out_of_order_are_refused_and_not_lost(
    lichess: Replay, lichess_site: LichessSite
) -> None:
    lichess_site.games.reverse()
    with pytest.raises(SourceRefused, match="order of their dates"):
        fetch(lichess)


def test_an_unknown_player_is_told_in_words(lichess: Replay) -> None:
    with pytest.raises(PlayerUnknown, match="Lichess has no player 'Nobody', or the account"):
        fetch(lichess, player="Nobody")


@pytest.mark.parametrize(
    "name",
    ["", "a", "../token", "ann?x=1", "ann/b", "ann b", "Änn", "-ann", "ann_", "a" * 31, "ann\n"],
)
def test_a_name_that_nobody_has_is_not_asked_for(lichess: Replay, name: str) -> None:
    with pytest.raises(PlayerUnknown, match="no player of Lichess is called"):
        fetch(lichess, player=name)
    assert lichess.asked == []


@pytest.mark.shared
def test_the_documented_answers_are_read(lichess: Replay, lichess_site: LichessSite) -> None:
    lines = shared_data("lichess_api/user_games_headers_only.ndjson").read_text().splitlines()
    lichess_site.games = [json.loads(line) for line in lines if line.strip()]
    for name in ("games-apiGamesUserJson.json", "games-gamesExportIds.json"):
        lichess_site.games.append(json.loads(shared_data(f"lichess_api/{name}").read_text()))
    lichess_site.games.sort(key=lambda each: each["createdAt"])  # type: ignore[call-overload]
    assert outline(entries(fetch(lichess))) == [
        "game of 41",
        "game of 38",
        "set aside: no moves: they were not exported, or none was made",
        "set aside: no moves: they were not exported, or none was made",
        "set aside: no moves: they were not exported, or none was made",
        "game of 91",
    ]
