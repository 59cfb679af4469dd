"""Empty stores to measure with: SQLite in a temporary folder, and a PostgreSQL of our own.

The PostgreSQL is that of the tests. It does not wait for the disk at a commit, as a real one does:
figures of whole transactions are kinder than life, those of statements and of reading are not.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.postgres import fresh_database, postgres_server

from chess_analytics.store.session import Store, open_store, upgrade_database

KINDS = ("sqlite", "postgresql")


@contextmanager
def empty_store(kind: str) -> Iterator[Store]:
    """Open an empty store of one of the kinds; nothing is left of it."""
    if kind == "sqlite":
        with TemporaryDirectory() as folder, open_store(Path(folder)) as store:
            yield store
        return
    with database_of(kind) as url, open_store(Path(), url) as store:
        yield store


@contextmanager
def database_of(kind: str) -> Iterator[str | None]:
    """Give the address of an empty database; SQLite has none."""
    if kind == "sqlite":
        yield None
        return
    with postgres_server() as server, fresh_database(server, "measured") as url:
        upgrade_database(url)
        yield url
