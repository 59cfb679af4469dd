"""Open the embedded database: one file, one process, one connection that writes."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import ConnectionPoolEntry

from chess_analytics.errors import ChessAnalyticsError
from chess_analytics.store.tables import metadata

SCHEMA_VERSION = 1
_FILE = "analyses.sqlite3"


class StoreError(ChessAnalyticsError):
    """The data folder cannot be used: in use, not writable, damaged, or of another version."""


class StoreInUse(StoreError):
    """Another process is using the data folder; nothing is wrong with it."""


@contextmanager
def open_store(folder: Path) -> Iterator[Connection]:
    """Open the data folder's database, made if it is missing, for this process alone.

    Raises:
        StoreError: the folder cannot be written, is in use, or its database is not ours.
    """
    with _folder_lock(folder):
        engine = create_engine(f"sqlite:///{folder / _FILE}")
        event.listen(engine, "connect", _set_pragmas)
        try:
            with engine.connect() as connection:
                _check_version(connection, folder / _FILE)
                yield connection
        except DatabaseError as error:
            raise StoreError(f"the database {folder / _FILE} failed: {error.orig}") from error
        finally:
            engine.dispose()


@contextmanager
def _folder_lock(folder: Path) -> Iterator[None]:
    # SQLite before 3.51.3 can damage a WAL database that two connections write to at once, so the
    # folder belongs to one process. The kernel frees the lock however that process ends.
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreError(
            f"the data folder {folder} cannot be written ({error.strerror}); "
            "name another one with --data-dir or CHESS_ANALYTICS_DATA_DIR"
        ) from error
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StoreInUse(
                f"another chess-analytics is using the data folder {folder}; "
                "wait until it ends, or name another one with --data-dir"
            ) from error
        yield
    finally:
        os.close(lock)


def _set_pragmas(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _check_version(connection: Connection, file: Path) -> None:
    version = connection.execute(text("PRAGMA user_version")).scalar_one()
    if version == 0:
        metadata.create_all(connection)
        connection.execute(text(f"PRAGMA user_version = {SCHEMA_VERSION}"))
    elif version != SCHEMA_VERSION:
        raise StoreError(
            f"{file} was written by another version of chess-analytics (its format is {version}, "
            f"ours is {SCHEMA_VERSION}); move it away or use another --data-dir"
        )
    connection.commit()
