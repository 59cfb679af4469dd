"""What SQLite and PostgreSQL say differently."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from sqlalchemy import Connection, Table, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DatabaseError

if TYPE_CHECKING:
    import psycopg

Row = tuple[int | float | str | bytes | None, ...]
"""A value for each column of a table, in the table's order."""


def insert_new(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Begin an insert that leaves alone every row whose key is there already."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert many rows by the quickest way there is (bench/storing.py compares the ways)."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        _copy(connection, table, rows)
    else:
        statement = insert(table).compile(dialect=connection.dialect)
        connection.exec_driver_sql(str(statement), list(rows))


def _copy(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    driver = cast("psycopg.Connection", connection.connection.driver_connection)
    statement = f"COPY {table.name} ({', '.join(table.c.keys())}) FROM STDIN"
    try:
        with driver.cursor() as cursor, cursor.copy(statement.encode()) as copy:
            for row in rows:
                copy.write_row(row)
    except connection.dialect.loaded_dbapi.Error as error:
        # What goes around SQLAlchemy fails like what does not.
        raise DatabaseError(statement, None, error) from error
