"""Whatever a user owns goes when the user goes, in every table that there is or will be."""

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    Table,
    delete,
    insert,
    select,
)

from chess_analytics.store.every_table import metadata
from chess_analytics.store.session import Store
from chess_analytics.store.tables import users

# Where a table does not take any value.
ALLOWED = {
    ("runs", "source"): "engine",
    ("jobs", "kind"): "batch",
    ("tasks", "state"): "queued",
}
NOBODYS = {
    "evaluations": "positions, whoever played them",
    "kept_runs": "of the command analyse, which knows no users",
    "leases": "what only one process may do at a time, for all users",
    "log_in_failures": "forgotten after a while; a name that is tried need not exist",
    "workers": "they work for everybody",
}


def _owners(table: Table) -> list[ForeignKey]:
    """List the keys of a table through which its rows go with others."""
    return [key for key in table.foreign_keys if key.ondelete == "CASCADE"]


def _is_owned(table: Table) -> bool:
    return table is users or any(_is_owned(key.column.table) for key in _owners(table))


OWNED = [table for table in metadata.sorted_tables if _is_owned(table)]


def _value(column: Column[Any], number: int, parents: dict[str, dict[str, Any]]) -> Any:
    """Make up a value that no other user's row has."""
    table = column.table.name
    if (table, column.name) in ALLOWED:
        return ALLOWED[table, column.name]
    if column.foreign_keys:
        [key] = column.foreign_keys
        return parents[key.column.table.name][key.column.name]
    match column.type:
        case Boolean():
            return False
        case Integer() | Float():
            return number
        case LargeBinary():
            return b"\x00"
        case _:
            return f"{column.name} {number}"


def _fill(connection: Connection, number: int) -> dict[str, dict[str, Any]]:
    """Give a new user one row in every table; give all the rows."""
    rows: dict[str, dict[str, Any]] = {}
    for table in OWNED:
        made_up = [column for column in table.c if column is not table.autoincrement_column]
        values = {column.name: _value(column, number, rows) for column in made_up}
        row = connection.execute(insert(table).values(values).returning(*table.c)).mappings().one()
        rows[table.name] = dict(row)
    return rows


def _all(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    return {
        table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
        for table in OWNED
    }


def test_a_table_is_a_users_or_known_to_be_nobodys() -> None:
    assert {table.name for table in metadata.sorted_tables} == {
        *(table.name for table in OWNED),
        *NOBODYS,
    }


def test_whatever_a_user_owns_goes_when_the_user_goes(store: Store) -> None:
    with store.writing() as connection:
        ada, bob = _fill(connection, 1), _fill(connection, 2)
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
    _fill(connection, 1)
    for gone in (table for table in OWNED if table in linked):
        connection.execute(delete(gone))
        for key in (key for key in keys if key.column.table is gone):
            left = connection.execute(select(key.parent)).scalars().all()
            assert left == [None], key.parent
