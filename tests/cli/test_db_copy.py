"""``db copy`` moves a library from a laptop to a fleet."""

import pytest

from chess_analytics.store.games import find_game
from chess_analytics.store.session import open_database, open_folder
from tests.accounts import NOW_MS
from tests.cli.commands import Home
from tests.library import keep_game
from tests.store.made_up_rows import fill

pytestmark = pytest.mark.enable_socket


def test_a_library_in_a_folder_is_copied_and_told_table_by_table(
    home: Home, postgres_url: str
) -> None:
    folder = home.folder / "data"
    with open_folder(folder) as store:
        with store.writing() as connection:
            user_id = fill(connection, 1)["users"]["id"]
        game_id = keep_game(store, user_id, now_ms=NOW_MS)
    ended = home.run("db", "copy", str(folder), postgres_url)
    assert ended.code == 0, ended.err
    assert "counts and checksums are the same" in ended.out
    assert "games: 2 rows" in ended.err
    with open_database(postgres_url) as store, store.reading() as connection:
        assert find_game(connection, user_id, game_id) is not None


def test_a_database_with_rows_is_refused_in_a_sentence(home: Home, postgres_url: str) -> None:
    with open_database(postgres_url) as store, store.writing() as connection:
        fill(connection, 1)
    with open_folder(home.folder / "data"):
        pass
    ended = home.run("db", "copy", str(home.folder / "data"), postgres_url)
    assert ended.code == 1
    assert "not empty" in ended.err
    assert "Traceback" not in ended.err


def test_a_folder_without_a_library_is_refused_and_not_made(home: Home, postgres_url: str) -> None:
    ended = home.run("db", "copy", str(home.folder / "typo"), postgres_url)
    assert ended.code == 1
    assert "there is no library in the folder" in ended.err
    assert not (home.folder / "typo").exists()


def test_a_library_that_a_server_has_open_is_refused(home: Home, postgres_url: str) -> None:
    with open_folder(home.folder / "data"):
        ended = home.run("db", "copy", str(home.folder / "data"), postgres_url)
    assert ended.code == 1
    assert "another chess-analytics is using the data folder" in ended.err
