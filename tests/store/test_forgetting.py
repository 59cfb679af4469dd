"""Whatever a user owns goes when the user goes, in every table that there is or will be."""

from typing import Any

from sqlalchemy import Connection, delete, select

from chess_analytics.store.every_table import metadata
from chess_analytics.store.session import Store
from chess_analytics.store.tables import users
from tests.store.made_up_rows import OWNED, fill

NOBODYS = {
    "evaluations": "positions, whoever played them",
    "kept_runs": "of the command analyse, which knows no users",
    "leases": "what only one process may do at a time, for all users",
    "log_in_failures": "forgotten after a while; a name that is tried need not exist",
    "workers": "they work for everybody",
}


def _all(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    return {
        table.name: [
            dict(row)
            for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()
        ]
        for table in OWNED
    }


def test_a_table_is_a_users_or_known_to_be_nobodys() -> None:
    assert {table.name for table in metadata.sorted_tables} == {
        *(table.name for table in OWNED),
        *NOBODYS,
    }


def test_whatever_a_user_owns_goes_when_the_user_goes(store: Store) -> None:
    with store.writing() as connection:
        ada, bob = fill(connection, 1), fill(connection, 2)
        everything = {name: [ada[name], bob[name]] for name in ada}
        assert _all(connection) == everything
    with store.writing() as connection:
        connection.execute(delete(users).where(users.c.id == ada["users"]["id"]))
    with store.reading() as connection:
        assert _all(connection) == {name: [row] for name, row in bob.items()}


def test_what_is_only_linked_stays_when_the_other_end_goes(connection: Connection) -> None:
    """A game outlives the import that brought it and the player whose it was."""
    keys = [key for table in OWNED for key in table.foreign_keys if key.ondelete == "SET NULL"]
    linked = {key.column.table for key in keys}
    assert {table.name for table in linked} >= {"players", "imports", "games"}
    fill(connection, 1)
    for gone in (table for table in OWNED if table in linked):
        connection.execute(delete(gone))
        for key in (key for key in keys if key.column.table is gone):
            left = connection.execute(select(key.parent)).scalars().all()
            assert left == [None], key.parent
