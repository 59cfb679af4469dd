"""The tables: made from nothing, from older ones, and the same as the code says."""

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DatabaseError

from chess_analytics.store import schema
from chess_analytics.store.every_table import metadata
from chess_analytics.store.kept_runs import count_kept_runs
from chess_analytics.store.session import (
    Store,
    StoreError,
    StoreOutdated,
    open_database,
    open_folder,
    open_store,
    upgrade_database,
)
from chess_analytics.store.tables import users
from tests.postgres import fresh_database


def test_the_migrations_make_the_tables_that_the_code_names(store: Store) -> None:
    with store.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_the_newest_version_is_the_one_that_the_migrations_lead_to() -> None:
    scripts = ScriptDirectory(str(Path(schema.__file__).parent / "migrations"))
    assert scripts.get_current_head() == schema.NEWEST_REVISION


def test_a_folder_of_the_first_version_keeps_its_runs(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "analyses.sqlite3") as old:
        old.executescript(
            """
            CREATE TABLE evaluations (fen VARCHAR NOT NULL, engine_key VARCHAR NOT NULL,
                nodes INTEGER NOT NULL, searched_nodes INTEGER NOT NULL, depth INTEGER, cp INTEGER,
                mate INTEGER, line VARCHAR NOT NULL, used_on INTEGER NOT NULL,
                PRIMARY KEY (fen, engine_key, nodes)) WITHOUT ROWID;
            CREATE INDEX ix_evaluations_used_on ON evaluations (used_on);
            CREATE TABLE runs (moves_key VARCHAR NOT NULL, settings_key VARCHAR NOT NULL,
                engine VARCHAR NOT NULL, profile VARCHAR NOT NULL, nodes INTEGER NOT NULL,
                seconds FLOAT NOT NULL, evaluations BLOB NOT NULL,
                PRIMARY KEY (moves_key, settings_key));
            INSERT INTO runs VALUES ('m', 's', 'Stockfish', 'fast', 1, 1.0, x'00');
            PRAGMA user_version = 1;
            """
        )
    old.close()
    with open_folder(tmp_path) as store, store.reading() as connection:
        assert count_kept_runs(connection) == 1
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


@pytest.mark.enable_socket
def test_a_postgresql_database_without_tables_says_what_to_do(postgres: str) -> None:
    with (
        fresh_database(postgres, "empty") as url,
        pytest.raises(StoreOutdated, match="db upgrade"),
        open_database(url),
    ):
        pass


def test_upgrading_twice_changes_nothing_the_second_time(postgres_url: str) -> None:
    upgrade_database(postgres_url)
    with open_database(postgres_url) as store, store.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_tables_of_a_newer_version_are_refused(postgres_url: str) -> None:
    with open_database(postgres_url) as store, store.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer version"), open_database(postgres_url):
        pass
    with pytest.raises(StoreError, match="newer version"):
        upgrade_database(postgres_url)


@pytest.mark.enable_socket
@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://user@host/name", "begins with postgresql"),
        ("no address", "cannot be understood"),
        ("postgresql+psycopg://me:secret@127.0.0.1:1/none", "failed"),
    ],
)
def test_an_address_that_leads_nowhere_is_told_without_the_password(url: str, words: str) -> None:
    with pytest.raises(StoreError, match=words) as told, open_database(url):
        pass
    assert "secret" not in str(told.value)


def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    def write_and_fail() -> None:
        with store.writing() as connection:
            connection.execute(
                insert(users).values(name="a", name_key="a", is_admin=True, created_ms=1)
            )
            connection.execute(text("this is no SQL"))

    with pytest.raises(DatabaseError):
        write_and_fail()
    with store.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM users")).scalar_one() == 0


def test_reading_cannot_write(database_url: str | None, tmp_path: Path) -> None:
    with (
        pytest.raises(StoreError, match=r"read-?only"),
        open_store(tmp_path, database_url) as store,
        store.reading() as connection,
    ):
        connection.execute(text("DELETE FROM users"))


def test_reading_sees_one_moment(store: Store) -> None:
    count = select(func.count()).select_from(users)
    with store.reading() as reading:
        assert reading.execute(count).scalar_one() == 0
        with store.writing() as writing:
            ada = {"name": "a", "name_key": "a", "is_admin": True, "created_ms": 1}
            writing.execute(insert(users).values(**ada))
        assert reading.execute(count).scalar_one() == 0
    with store.reading() as reading:
        assert reading.execute(count).scalar_one() == 1
