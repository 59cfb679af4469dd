"""A user's machine with a library on it, which is filled before a command looks at it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from chess_analytics.store.session import Store, open_store
from tests.cli.commands import Ended, Home


@dataclass(frozen=True, slots=True)
class Desk:
    """A machine, and where its library is kept: in PostgreSQL, or in its data folder."""

    home: Home
    database_url: str | None

    @contextmanager
    def library(self) -> Iterator[Store]:
        """Open the library as long as no command runs."""
        with open_store(self.home.folder / "data", self.database_url) as store:
            yield store

    @property
    def settings(self) -> dict[str, str]:
        """Where commands find the library."""
        url = self.database_url
        return {"CHESS_ANALYTICS_DATABASE_URL": url} if url else {}

    def run(self, *words: str) -> Ended:
        return self.home.run(*words, settings=self.settings)
