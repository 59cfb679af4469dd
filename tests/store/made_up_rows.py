"""Rows that nobody would write, one in every table, for tests that concern all tables."""

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
    insert,
)

from chess_analytics.store.every_table import metadata
from chess_analytics.store.tables import users

# Where a table does not take any value.
ALLOWED = {
    ("runs", "source"): "engine",
    ("jobs", "kind"): "batch",
    ("tasks", "state"): "queued",
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


def fill(connection: Connection, number: int) -> dict[str, dict[str, Any]]:
    """Give a new user one row in every table; give all the rows."""
    rows: dict[str, dict[str, Any]] = {}
    for table in OWNED:
        made_up = [column for column in table.c if column is not table.autoincrement_column]
        values = {column.name: _value(column, number, rows) for column in made_up}
        row = connection.execute(insert(table).values(values).returning(*table.c)).mappings().one()
        rows[table.name] = dict(row)
    return rows
