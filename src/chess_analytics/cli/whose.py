"""Whose library a command works on."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection

from chess_analytics.cli.overrides import read_settings
from chess_analytics.errors import ChessAnalyticsError
from chess_analytics.store.accounts import Account, accounts_after, find_account_by_name
from chess_analytics.store.session import Store, open_store

UserOption = Annotated[
    str | None,
    typer.Option("--user", metavar="NAME", help="Whose; needed where there are several users."),
]
DataDirOption = Annotated[
    Path | None, typer.Option(metavar="FOLDER", help="Where the library is kept, with SQLite.")
]


class UserUnknown(ChessAnalyticsError):
    """Nobody is called so, or it has to be said who is meant."""


@dataclass(frozen=True, slots=True)
class Library:
    """An open store, and the user whose part of it is meant."""

    store: Store
    owner: Account


@contextmanager
def open_library(user: str | None, data_dir: Path | None) -> Iterator[Library]:
    """Open the store for one user.

    Raises:
        UserUnknown: there is no such user, or nobody was named and there are several.
        StoreError: the store cannot be opened.
    """
    settings = read_settings(data_dir=data_dir)
    with open_store(settings.data_dir, settings.database) as store:
        with store.reading() as connection:
            owner = _named(connection, user) if user else _only_one(connection)
        yield Library(store, owner)


def library_words(user: str | None, data_dir: Path | None) -> list[str]:
    """Write these options as one types them, for another command on the same library."""
    given = {"--user": user, "--data-dir": data_dir}
    return [word for name, value in given.items() if value for word in (name, str(value))]


def _named(connection: Connection, name: str) -> Account:
    account = find_account_by_name(connection, name)
    if account is None:
        raise UserUnknown(f"there is no user {name!r}; `chess-analytics user list` names them all")
    return account


def _only_one(connection: Connection) -> Account:
    match accounts_after(connection, 0, 2):
        case [only]:
            return only.account
        case []:
            raise UserUnknown("there is no user yet; `chess-analytics user add NAME` makes one")
        case _:
            raise UserUnknown("there are several users; say whose games you mean: --user NAME")
