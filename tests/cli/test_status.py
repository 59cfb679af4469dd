"""How the server does, in the terminal of who runs it."""

import json
import time
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from chess_analytics.store.session import (
    Store,
    StoreError,
    StoreOutdated,
    look_into_store,
    open_store,
)
from tests.analysing import Hands, keep_batch
from tests.cli.commands import Home
from tests.cli.libraries import Desk
from tests.library import keep_game
from tests.store.stored_games import add_user


@pytest.fixture
def desk(home: Home, database_url: str | None) -> Desk:
    return Desk(home, database_url)


def _keep_busy(store: Store) -> int:
    """Let a worker be at one game of a job; one was given up, and one waits. Give the job's id."""
    now_ms = time.time_ns() // 1_000_000
    with store.writing() as connection:
        user_id = add_user(connection, "grace")
    for _ in range(3):
        keep_game(store, user_id)
    job_id = keep_batch(store, user_id, now_ms=now_ms)
    hands = Hands(store, lambda: now_ms)
    hands.appear(slots=2, nps=812_345)
    hands.refuse(hands.begin(), "'Grace - Ada' is no game")
    hands.begin()
    return job_id


def test_it_tells_how_the_server_does_while_that_is_at_work(desk: Desk) -> None:
    # The library stays open in this process, as in a server.
    with desk.library() as store:
        job_id = _keep_busy(store)
        words, as_json = desk.run("status"), desk.run("status", "--json")
    assert (words.code, as_json.code) == (0, 0), words.err + as_json.err
    for line in (
        "batch        1 waiting, 1 at work; the oldest since ",
        "worker       hands: 0 of 2 slots busy, Stockfish 17, 812 thousand nodes/s",
        f"of job {job_id} (batch) for ",
        "failed       1 games in the last day",
        f"of job {job_id}, attempt 1: (quoted) is no game",
    ):
        assert line in words.out
    status = json.loads(as_json.out)
    assert [worker["is_alive"] for worker in status["workers"]] == [True]
    assert status["failures"][0]["reason"] == "(quoted) is no game"
    assert "race" not in words.out + as_json.out


def test_of_an_empty_library_it_tells_that_nothing_waits_and_nobody_works(desk: Desk) -> None:
    with desk.library():
        pass
    ended = desk.run("status")
    assert ended.code == 0, ended.err
    assert "jobs         none open" in ended.out
    assert "workers      none was seen in the last minute" in ended.out


def test_where_there_is_no_library_none_is_made(home: Home) -> None:
    ended = home.run("status")
    assert ended.code == 1
    assert "there is no library" in ended.err
    assert not (home.folder / "data").exists()


def test_who_looks_into_a_library_cannot_change_it_and_leaves_its_log_alone(
    tmp_path: Path,
) -> None:
    with open_store(tmp_path) as store:
        with store.writing() as connection:
            add_user(connection, "ada")
        log = tmp_path / "analyses.sqlite3-wal"
        before = log.read_bytes()
        with look_into_store(tmp_path) as seen:
            with seen.reading() as connection:
                assert connection.execute(text("SELECT name FROM users")).scalar_one() == "ada"
            with pytest.raises(OperationalError, match="readonly"), seen.writing() as connection:
                connection.execute(text("DELETE FROM users"))
        assert before
        assert log.read_bytes() == before


def test_tables_of_another_version_are_not_looked_into(tmp_path: Path) -> None:
    with open_store(tmp_path) as store, store.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0007'"))
    with pytest.raises(StoreOutdated, match="another version"), look_into_store(tmp_path):
        pass
    (tmp_path / "analyses.sqlite3").write_bytes(b"no database at all, whatever its name says " * 9)
    with pytest.raises(StoreError, match="failed"), look_into_store(tmp_path):
        pass
