"""``games``: what a user keeps, for the eye, for programs and as PGN."""

import io
import json

import chess.pgn
import pytest
from typer.testing import CliRunner

from chess_analytics.cli.main import build_app
from chess_analytics.games.model import Side
from tests.accounts import DAY_MS, signed_up
from tests.builders import game
from tests.cli.commands import Home
from tests.cli.libraries import Desk
from tests.library import MOVES, SCHOLARS_MATE, keep_game, keep_run, link_player


@pytest.fixture
def desk(home: Home, database_url: str | None) -> Desk:
    """Give a machine with three games of ada's on it, one of them analysed."""
    desk = Desk(home, database_url)
    blitz = game(
        SCHOLARS_MATE, white="ada_plays", black="Grünfeld, Ernst",
        tags={"TimeControl": "300+3", "WhiteElo": "1823"},
    )  # fmt: skip
    with desk.library() as store:
        ada = signed_up(store, "ada").id
        player = link_player(store, ada, "ada_plays")
        keep_game(store, ada, blitz, seen_by=(player, Side.WHITE), played_ms=10 * DAY_MS)
        analysed = keep_game(store, ada, MOVES, played_ms=20 * DAY_MS)
        keep_run(store, analysed)
        keep_game(store, ada, "1. a3 *")
    return desk


def test_games_are_listed_a_line_each_the_newest_first(desk: Desk) -> None:
    ended = desk.run("games")
    assert ended.code == 0, ended.err
    newest, blitz, undated = ended.out.splitlines()
    assert newest.split()[:3] == ["2", "1970-01-21", "*"]
    assert "%) - ? (" in newest
    assert "blitz" in blitz
    assert "ada_plays (1823) - Grünfeld, Ernst  C20 King's Pawn Game" in blitz
    assert undated.split()[:2] == ["3", "*"]
    assert ended.err == "3 of 3 games\n"


def test_programs_get_an_object_a_line(desk: Desk) -> None:
    ended = desk.run("games", "--json", "--limit", "2", "--sort", "played")
    first, second = map(json.loads, ended.out.splitlines())
    assert (first["played_ms"], first["white"], first["run"]) == (None, None, None)
    assert (second["opponent"], second["outcome"], second["rating"]) == (
        "Grünfeld, Ernst",
        "win",
        1823,
    )
    assert ended.err == "2 of 3 games; --limit 0 lists them all\n"


CONDITIONS = {
    "--player ADA_plays": [1],
    "--speed blitz --speed rapid": [1],
    "--outcome loss": [],
    "--color white --result 1-0": [1],
    "--since 1970-01-21": [2],
    "--until 1970-01-20 --since 1970-01-11": [1],
    "--until 1970-01-21 --since 1970-01-11": [2, 1],
    "--eco c2": [1],
    "--opening wayward": [1],
    "--opponent ernst --rating-from 1800 --rating-to 1900": [1],
    "--opponent-rating-from 1": [],
    "--opponent-rating-to 9999": [],
    "--analysed": [2],
    "--not-analysed": [1, 3],
    "--import 1": [],
    "--site other --variant standard": [2, 1, 3],
    "--limit 0 --sort plies": [3, 1, 2],
    "--limit 1": [2],
}


def test_conditions_are_met(desk: Desk) -> None:
    # In this process: there are many of them, and each start costs a second.
    runner = CliRunner(env={**desk.home.environment, **desk.settings})
    for words, ids in CONDITIONS.items():
        ended = runner.invoke(build_app(), ["games", "--json", *words.split()])
        assert ended.exit_code == 0, ended.output
        assert [json.loads(line)["id"] for line in ended.stdout.splitlines()] == ids, words


def test_games_come_out_as_pgn(desk: Desk) -> None:
    plain = desk.run("games", "--pgn", "--limit", "1")
    annotated = desk.run("games", "--pgn", "--annotated", "--analysed")
    assert plain.code == annotated.code == 0
    text = io.StringIO(plain.out)
    games = []
    while parsed := chess.pgn.read_game(text):
        games.append(parsed)
    assert [parsed.headers["Black"] for parsed in games] == ["?", "Grünfeld, Ernst", "?"]
    assert "[%eval" not in plain.out
    assert annotated.out.count("[%eval") == 8


def test_a_name_gives_no_orders_to_the_terminal(desk: Desk) -> None:
    with desk.library() as store:
        keep_game(store, 1, game("1. b3 *", white="\x1b[2Jevil\u202e"), played_ms=30 * DAY_MS)
    first = desk.run("games", "--limit", "1").out
    assert "evil" in first
    assert first.rstrip("\n").isprintable()


def test_whose_games_are_meant_has_to_be_said_where_there_are_several_users(desk: Desk) -> None:
    with desk.library() as store:
        bob = signed_up(store, "bob").id
        keep_game(store, bob, game("1. b3 *", white="bob_plays"))
    nobody = desk.run("games")
    assert (nobody.code, nobody.out) == (1, "")
    assert "say whose games you mean: --user NAME" in nobody.err
    assert "bob_plays" in desk.run("games", "--user", "Bob").out
    assert "bob_plays" not in desk.run("games", "--user", "ada").out
    unknown = desk.run("games", "--user", "carol")
    assert (unknown.code, unknown.out) == (1, "")
    assert "there is no user 'carol'" in unknown.err


def test_an_empty_library_is_told_what_to_do_next(home: Home) -> None:
    ended = home.run("games")
    assert ended.code == 1
    assert "chess-analytics user add NAME" in ended.err


def test_a_player_who_is_not_linked_is_told_who_is(desk: Desk) -> None:
    ended = desk.run("games", "--player", "carol")
    assert (ended.code, ended.out) == (1, "")
    assert "linked are: ada_plays" in ended.err


@pytest.mark.parametrize(
    "words",
    [
        ("--json", "--pgn"),
        ("--annotated",),
        ("--speed", "quick"),
        ("--since", "yesterday"),
        ("--limit", "-1"),
        ("--import", "9223372036854775808"),
    ],
)
def test_wrong_words_are_misuse(words: tuple[str, ...]) -> None:
    ended = CliRunner().invoke(build_app(), ["games", *words])
    assert (ended.exit_code, ended.stdout) == (2, "")


def test_a_library_that_a_server_uses_is_told_so(home: Home) -> None:
    desk = Desk(home, None)
    with desk.library():
        ended = desk.run("games")
    assert ended.code == 1
    assert "another chess-analytics is using the data folder" in ended.err
