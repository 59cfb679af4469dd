"""A user's machine with a library on it, which is filled before a command looks at it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import update

from chess_analytics.store.session import Store, open_store
from chess_analytics.store.tables import imports
from tests.cli.commands import Ended, Home
from tests.empty_library import lay_empty_library


@dataclass(frozen=True, slots=True)
class Desk:
    """A machine, and where its library is kept: in PostgreSQL, or in its data folder."""

    home: Home
    database_url: str | None

    @contextmanager
    def library(self) -> Iterator[Store]:
        """Open the library as long as no command runs."""
        folder = self.home.folder / "data"
        if self.database_url is None:
            lay_empty_library(folder)
        with open_store(folder, self.database_url) as store:
            yield store

    def let_leases_run_out(self) -> None:
        """Have whoever was importing be dead for half a minute, if anybody was."""
        with self.library() as store, store.writing() as connection:
            held = imports.c.lease_ms.is_not(None)
            connection.execute(update(imports).where(held).values(lease_ms=1))

    @property
    def settings(self) -> dict[str, str]:
        """Where commands find the library."""
        url = self.database_url
        return {"CHESS_ANALYTICS_DATABASE_URL": url} if url else {}

    def run(self, *words: str, feed: str | None = None) -> Ended:
        return self.home.run(*words, feed=feed, settings=self.settings)
