"""``import``: games of files and sites come into the library while the user looks on."""

import json
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from chess_analytics.store.import_claims import claim_import, end_import
from chess_analytics.store.imports import ImportState, imports_before
from tests.accounts import signed_up
from tests.cli.commands import LONG_ENOUGH_S, Home
from tests.cli.libraries import Desk
from tests.cli.running import Running
from tests.pgns import MIXED, MOST_DIFFERENT, different, pgn
from tests.sources import lichess_player
from tests.sources.replay import LichessSite, Replay, dripping, refused, serving
from tests.workshop import Bench

MANY = different(MOST_DIFFERENT)
GAMES = MOST_DIFFERENT


@pytest.fixture
def desk(home: Home) -> Desk:
    """Give a machine with SQLite."""
    return with_ada(Desk(home, None))


@pytest.fixture
def any_desk(home: Home, database_url: str | None) -> Desk:
    """Give a machine with SQLite, and one with PostgreSQL."""
    return with_ada(Desk(home, database_url))


def with_ada(desk: Desk) -> Desk:
    with desk.library() as store:
        signed_up(store, "ada")
    return desk


def states_of(desk: Desk) -> list[tuple[ImportState, int, int]]:
    """Give state, games added and games found of all imports of the first user, oldest first."""
    with desk.library() as store, store.reading() as connection:
        found = imports_before(connection, 1, None, 99)
    return [(each.state, each.counts.added, each.counts.found) for each in reversed(found)]


def test_files_come_into_the_library_and_the_counts_add_up(desk: Desk) -> None:
    path = desk.home.write("my games.pgn", MIXED)
    ended = desk.run("import", path)
    assert ended.code == 0, ended.err
    assert ended.out == (
        "my games.pgn: done, 9 games found: 4 added, 2 already there, 2 set aside, 1 broken\n"
    )
    assert "set aside: " in ended.err
    line = MIXED.splitlines().index("1. e4 e5 2. Nf9 *") + 1
    assert f'game 5, line {line}: move 2 of White: "Nf9" is not a legal move here' in ended.err
    assert "not in the library: 1 (variant: Atomic)" in ended.err
    again = desk.run("import", path, "--json")
    found = json.loads(again.out)
    assert (found["added"], found["already_there"], found["state"]) == (0, 6, "done")
    assert len(desk.run("games", "--json").out.splitlines()) == 4


def test_folders_packed_files_and_standard_input_are_read(desk: Desk) -> None:
    home = desk.home
    for name in ("a.pgn", "b.pgn", "c.txt"):
        home.write(f"archive/{name}", pgn(f"1. {name[0]}4 {name[0]}5"))
    ended = home.run("import", str(home.folder / "archive"))
    assert ended.code == 0, ended.err
    assert "a.pgn and 1 more: done, 2 games found: 2 added" in ended.out
    assert "not read: " in ended.err
    piped = home.run("import", "-", feed=pgn("1. Nf3 Nf6"))
    assert "standard input: done, 1 game found: 1 added" in piped.out


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("import",), 2, "SOURCE"),
        (("import", "missing.pgn"), 1, "cannot open missing.pgn"),
        (("import", "lichess:a b"), 1, "names on Lichess have"),
        (("import", "games.pgn", "--user", "eve"), 1, "there is no user 'eve'"),
        (("import", "empty.pgn"), 1, "there are no games in it"),
    ],
)
def test_what_cannot_be_imported_is_told_in_a_sentence(
    desk: Desk, words: tuple[str, ...], code: int, says: str
) -> None:
    home = desk.home
    home.write("games.pgn", MIXED)
    home.write("empty.pgn", "\n\n")
    ended = home.run(*words)
    assert ended.code == code, ended.err
    assert says in ended.err
    assert "Traceback" not in ended.err


def test_games_go_to_the_user_who_is_named(desk: Desk) -> None:
    with desk.library() as store:
        signed_up(store, "bob")
    path = desk.home.write("games.pgn", MIXED)
    assert "several users" in desk.run("import", path).err
    assert desk.run("import", path, "--user", "BOB").code == 0
    assert desk.run("games", "--user", "ada", "--json").out == ""
    assert len(desk.run("games", "--user", "bob", "--json").out.splitlines()) == 4


@pytest.fixture
def lichess(socket_enabled: None) -> Iterator[Replay]:  # noqa: ARG001
    site = LichessSite("Ann", [lichess_player.game(number) for number in range(1, 6)])
    with serving(site) as replay:
        yield replay


def test_a_players_games_are_fetched_and_are_the_users_own(desk: Desk, lichess: Replay) -> None:
    settings = {**desk.settings, "CHESS_ANALYTICS_LICHESS_URL": lichess.base}
    first = desk.home.run("import", "lichess:ann", settings=settings)
    assert first.code == 0, first.err
    assert "ann: done, 5 games found: 5 added" in first.out
    assert "linked ann on lichess" in first.err
    second = desk.home.run("import", "lichess:Ann", "--json", settings=settings)
    assert json.loads(second.out)["found"] == 0
    assert "linked" not in second.err
    assert lichess.asked[-1].params["since"] == str(lichess_player.game(5)["createdAt"])
    listed = [json.loads(line) for line in desk.run("games", "--json").out.splitlines()]
    assert [game["outcome"] for game in listed] == ["win"] * 5


def test_a_site_that_refuses_fails_the_import_in_words(desk: Desk, lichess: Replay) -> None:
    lichess.faults.append(refused(403))
    settings = {"CHESS_ANALYTICS_LICHESS_URL": lichess.base}
    ended = desk.home.run("import", "lichess:ann", settings=settings)
    assert ended.code == 1
    assert "ann: failed, 0 games found" in ended.out
    assert "Lichess refuses our requests (403)" in ended.err


def _added(desk: Desk) -> int:
    """Look into the database while a command has it, and count the games that are in."""
    question = "SELECT coalesce(max(added), 0) FROM imports WHERE state = 'running'"
    if desk.database_url:
        with psycopg.connect(desk.database_url.replace("+psycopg", "")) as connection:
            row: Any = connection.execute(question).fetchone()
    else:
        file = desk.home.folder / "data" / "analyses.sqlite3"
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as looking:
            row = looking.execute(question).fetchone()
        looking.close()
    return int(row[0])


def _wait_for(claim: Callable[[], bool], process: Running) -> None:
    deadline = time.monotonic() + LONG_ENOUGH_S
    while not claim():
        assert process.poll() is None, "it ended before it could be stopped"
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.005)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_an_import_that_is_stopped_or_killed_goes_on_with_the_same_command(
    any_desk: Desk, how: signal.Signals
) -> None:
    desk = any_desk
    path = desk.home.write("many.pgn", MANY)
    process = desk.home.start("import", path, settings=desk.settings)
    _wait_for(lambda: _added(desk) > 0, process)
    process.send_signal(how)
    process.communicate(timeout=LONG_ENOUGH_S)
    assert process.returncode == (-how if how is signal.SIGKILL else 130)
    desk.let_leases_run_out()
    ended = desk.run("import", path)
    assert ended.code == 0, ended.err
    (first, added_first, found_first), (second, added_second, found_second) = states_of(desk)
    ends = {signal.SIGKILL: ImportState.FAILED, signal.SIGINT: ImportState.CANCELLED}
    assert (first, second) == (ends[how], ImportState.DONE)
    assert 0 < added_first == found_first < GAMES
    assert added_first + added_second == found_second == GAMES
    assert len(desk.run("games", "--limit", "0", "--json").out.splitlines()) == GAMES


def test_a_fetch_that_is_killed_goes_on_as_the_same_import(any_desk: Desk, lichess: Replay) -> None:
    desk = any_desk
    settings = {**desk.settings, "CHESS_ANALYTICS_LICHESS_URL": lichess.base}
    lichess.faults.append(dripping(0.05))
    process = desk.home.start("import", "lichess:ann", settings=settings)
    _wait_for(lambda: _added(desk) > 0, process)
    process.kill()
    process.communicate(timeout=LONG_ENOUGH_S)
    desk.let_leases_run_out()
    ended = desk.home.run("import", "lichess:ann", settings=settings)
    assert ended.code == 0, ended.err
    assert states_of(desk) == [(ImportState.DONE, 5, 5)]


def test_it_waits_for_an_import_of_the_same_user(home: Home, postgres_url: str) -> None:
    desk = Desk(home, postgres_url)
    with desk.library() as store:
        ada = signed_up(store, "ada")
        bench = Bench(store, home.folder, user_id=ada.id, now_ms=int(time.time() * 1000))
        bench.upload(MIXED)
        with store.writing() as connection:
            taken = claim_import(connection, "server", bench.shop().desk.lease())
        assert taken
        process = home.start("import", home.write("a.pgn", MIXED), settings=desk.settings)
        assert process.stderr
        assert "waiting until another import" in process.stderr.readline()
        with store.writing() as connection:
            end_import(connection, taken[0], ImportState.DONE, error=None, now_ms=bench.now_ms)
        out, err = process.communicate(timeout=LONG_ENOUGH_S)
    assert "4 added" in out, err
