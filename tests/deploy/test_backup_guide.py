"""The guide to backups keeps its word: its own commands, on real databases, row by row."""

import os
import re
import stat
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2
import psycopg
import pytest
from alembic import command
from sqlalchemy import Connection, create_engine, insert, select
from sqlalchemy.pool import NullPool

from chess_analytics.store import schema
from chess_analytics.store.every_table import metadata
from chess_analytics.store.session import look_into_store, open_store
from chess_analytics.store.tables import users
from tests.accounts import NOW_MS
from tests.cli.commands import LONG_ENOUGH_S, Home
from tests.faults.players import add_player, small_games
from tests.guides import commands, run_shell
from tests.library import keep_game, keep_run
from tests.pgns import different
from tests.postgres import client_programs, fresh_database

if TYPE_CHECKING:
    import subprocess

pytestmark = pytest.mark.enable_socket

GUIDE = "backup.md"
# What servers write about themselves all the time.
_OF_THE_MOMENT = {"leases", "workers"}
_OLDER = "0007"
_OLD_S = 40 * 86_400

Rows = dict[str, list[str]]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    home = Home(tmp_path)
    yield home
    home.leave()


def carry_out(home: Home, heading: str, settings: Mapping[str, str]) -> None:
    """Run them as they stand there, in one shell; each has to succeed."""
    ended = run(home, heading, settings)
    assert ended.returncode == 0, ended.stderr


def run(
    home: Home, heading: str, settings: Mapping[str, str]
) -> "subprocess.CompletedProcess[str]":
    return run_shell(home, commands(GUIDE, heading), settings, client_programs())


def rows(connection: Connection) -> Rows:
    """Read the whole library."""
    return {
        table.name: sorted(map(repr, connection.execute(select(table)).all()))
        for table in metadata.sorted_tables
        if table.name not in _OF_THE_MOMENT
    }


def contents(folder: Path, url: str | None = None) -> Rows:
    with look_into_store(folder, url) as store, store.reading() as connection:
        return rows(connection)


def seed(home: Home, url: str | None = None) -> str:
    """Fill a library with a few games, of which one is analysed; give its user's token."""
    with open_store(home.folder / "data", url) as store:
        user = add_player(store, "ada", small_games(3))
        keep_run(store, keep_game(store, user.id))
    return user.token


@contextmanager
def served(home: Home, token: str) -> Iterator[httpx2.Client]:
    """Run a server that works on imports alone."""
    process = home.start("serve", "--port", "0", "--workers", "0")
    assert process.stderr
    said = process.stderr.readline()
    found = re.search(r"http://[^ ,;]+", said)
    assert found, said + process.stderr.read()
    headers = {"Authorization": f"Bearer {token}"}
    with httpx2.Client(
        base_url=f"{found[0]}/api/v1", headers=headers, timeout=LONG_ENOUGH_S
    ) as client:
        yield client
    process.terminate()
    assert process.wait(LONG_ENOUGH_S) == 0


def bring(client: httpx2.Client, games: int) -> None:
    """Import so many games, and wait for that."""
    content = different(games, White="Zoe").encode()
    number = client.post("imports", params={"name": "a.pgn"}, content=content).json()["id"]
    until_s = time.monotonic() + LONG_ENOUGH_S
    while client.get(f"imports/{number}").json()["state"] != "done":
        assert time.monotonic() < until_s
        time.sleep(0.02)


def test_a_folder_is_backed_up_beside_its_server_and_restored(home: Home) -> None:
    token, data = seed(home), home.folder / "data"
    with served(home, token) as client:
        bring(client, 2)
        before = contents(data)
        carry_out(home, "Back up, also while the server runs", {})
        bring(client, 5)
        old = home.folder / "backups" / "2000-01-01"
        old.mkdir()
        os.utime(old, (time.time() - _OLD_S,) * 2)
        carry_out(home, "Every night", {})
    assert contents(data) != before
    carry_out(home, "Restore", {})
    assert contents(data) == before
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert (home.folder / "data.aside").is_dir()
    [nightly] = (home.folder / "backups").glob("20*")
    assert contents(nightly) == contents(home.folder / "data.aside")
    told = (home.folder / "backups" / "chess_analytics.prom").read_text()
    assert re.fullmatch(r"chess_analytics_backup_timestamp_seconds \d{10}\n", told)


def test_a_database_is_dumped_and_restored_beside_the_old_one(
    home: Home, postgres_url: str
) -> None:
    seed(home, postgres_url)
    before = contents(home.folder, postgres_url)
    settings = {"CHESS_ANALYTICS_DATABASE_URL": postgres_url}
    carry_out(home, "Back up a database, also while everything runs", settings)
    with open_store(home.folder, postgres_url) as store:
        add_player(store, "bob", small_games(1))
    with restored(postgres_url) as url:
        carry_out(home, "Restore a database", settings)
        assert contents(home.folder, url) == before
        assert contents(home.folder, postgres_url) != before
        # Numbers go on where they were.
        with open_store(home.folder, url) as store:
            add_player(store, "eve", small_games(1))


@contextmanager
def restored(url: str) -> Iterator[str]:
    """Name the database that the guide makes, and drop it in the end."""
    server = url.rpartition("/")[0]
    yield f"{server}/chess_restored"
    address = url.replace("+psycopg", "")
    with psycopg.connect(address, autocommit=True) as admin:
        admin.execute("DROP DATABASE IF EXISTS chess_restored WITH (FORCE)")


def make_older(url: str) -> list[str]:
    """Make tables as an older version had them, with a user; give the rows of users."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        command.upgrade(schema._config(connection), _OLDER)
        connection.commit()
    with engine.begin() as connection:
        ada = {"name": "ada", "name_key": "ada", "is_admin": True, "created_ms": NOW_MS}
        connection.execute(insert(users).values(**ada))
    return look(url)[1]


def look(url: str) -> tuple[str | None, list[str]]:
    """Tell the version of the tables, and who is in them."""
    with create_engine(url, poolclass=NullPool).connect() as connection:
        found = connection.execute(select(users)).all()
        return schema.revision(connection), [repr(row) for row in found]


def test_an_older_folder_is_upgraded_and_its_backup_stays_as_it_was(home: Home) -> None:
    (home.folder / "data").mkdir()
    url, kept = (
        f"sqlite:///{home.folder}/{folder}/analyses.sqlite3"
        for folder in ("data", "backups/monday")
    )
    older = make_older(url)
    carry_out(home, "Back up, also while the server runs", {})
    carry_out(home, "Upgrade", {})
    assert look(url) == (schema.NEWEST_REVISION, older)
    assert look(kept) == (_OLDER, older)


def test_an_older_database_is_upgraded_and_can_be_taken_back(
    home: Home,
    postgres: str,
    socket_enabled: None,  # noqa: ARG001
) -> None:
    with fresh_database(postgres, "older") as url, restored(url) as kept:
        settings = {"CHESS_ANALYTICS_DATABASE_URL": url}
        older = make_older(url)
        carry_out(home, "Back up a database, also while everything runs", settings)
        carry_out(home, "Upgrade", settings)
        assert look(url) == (schema.NEWEST_REVISION, older)
        # This version may not use what it made, and says so.
        ended = run(home, "Restore a database", settings)
        assert (ended.returncode, look(kept)) == (1, (_OLDER, older))
        assert "older than this version" in ended.stderr


@pytest.mark.parametrize(
    ("words", "why"),
    [(["taken"], "is there already"), (["new", "--data-dir", "nowhere"], "there is no library")],
)
def test_a_backup_that_cannot_be_made_is_refused_and_leaves_nothing(
    home: Home, words: list[str], why: str
) -> None:
    seed(home)
    (home.folder / "taken").mkdir()
    before = sorted(home.folder.iterdir())
    ended = home.run("db", "backup", *words)
    assert ended.code == 1
    assert why in ended.err
    assert "Traceback" not in ended.err
    assert sorted(home.folder.iterdir()) == before


def test_a_damaged_library_is_not_called_a_backup(home: Home) -> None:
    seed(home)
    file = home.folder / "data" / "analyses.sqlite3"
    content = bytearray(file.read_bytes())
    # The middle of the file: pages of tables, not the header.
    content[len(content) // 2 : len(content) // 2 + 8192] = b"\xff" * 8192
    file.write_bytes(content)
    ended = home.run("db", "backup", "new")
    assert (ended.code, "damaged" in ended.err or "malformed" in ended.err) == (1, True), ended.err
    assert not (home.folder / "new").exists()


def test_a_library_in_postgresql_is_left_to_its_own_programs(home: Home, postgres_url: str) -> None:
    settings = {"CHESS_ANALYTICS_DATABASE_URL": postgres_url}
    ended = home.run("db", "backup", "new", settings=settings)
    assert (ended.code, "pg_dump" in ended.err) == (1, True)
