"""What SQLite and PostgreSQL say differently."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Column, Connection, Dialect, Table, func, insert, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DatabaseError
from sqlalchemy.sql.dml import ReturningInsert

if TYPE_CHECKING:
    import psycopg

_SQLITE = sqlite.dialect(paramstyle="qmark")
_POSTGRESQL = postgresql.dialect(paramstyle="format")  # type: ignore[no-untyped-call]

Row = tuple[int | float | str | bytes | None, ...]
"""A value for each column of a table, in the table's order."""


def insert_new(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Begin an insert that leaves alone every row whose key is there already."""
    return _insert_new(connection.dialect.name, table)


def insert_new_returning(
    connection: Connection, table: Table, *columns: Column[Any]
) -> ReturningInsert[Any]:
    """Do the same, and give these columns of the rows that were not there."""
    return _insert_new_returning(connection.dialect.name, table, columns)


@cache
def _insert_new_returning(
    dialect: str, table: Table, columns: tuple[Column[Any], ...]
) -> ReturningInsert[Any]:
    return _insert_new(dialect, table).returning(*columns)


@cache
def _insert_new(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    # Made once: making a statement costs more than carrying it out.
    if dialect == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


def insert_rows(
    connection: Connection, table: Table, rows: Sequence[Row], *, columns: Sequence[str] = ()
) -> None:
    """Insert many rows by the quickest way there is (bench/storing.py compares the ways).

    ``columns`` names what the rows hold; without it they hold every column of the table.
    """
    if not rows:
        return
    names = columns or table.c.keys()
    if connection.dialect.name == "postgresql" and len(rows) > 1:
        _copy(connection, f"COPY {table.name} ({', '.join(names)}) FROM STDIN", rows)
    else:
        # In the order of the table, which need not be that of the names.
        order = [names.index(name) for name in table.c.keys() if name in names]  # noqa: SIM118 - not a dict
        ordered = [tuple(row[place] for place in order) for row in rows] if columns else list(rows)
        # One row alone is no case for COPY, which begins and ends with a question to the server.
        dialect = _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL
        statement = _insert_into(dialect, table, tuple(names))
        connection.exec_driver_sql(statement, ordered if len(ordered) > 1 else ordered[0])


@cache
def _insert_into(dialect: Dialect, table: Table, names: tuple[str, ...]) -> str:
    """Write an insert whose values stand in the order of the table."""
    return str(insert(table).inline().compile(dialect=dialect, column_keys=names))


def _copy(connection: Connection, statement: str, rows: Sequence[Row]) -> None:
    driver = cast("psycopg.Connection", connection.connection.driver_connection)
    try:
        with driver.cursor() as cursor, cursor.copy(statement.encode()) as copy:
            for row in rows:
                copy.write_row(row)
    except connection.dialect.loaded_dbapi.Error as error:
        # What goes around SQLAlchemy fails like what does not.
        raise DatabaseError(statement, None, error) from error


def last_number(connection: Connection, table: Table) -> int:
    """Tell the greatest number that a table has given to a row, also to one deleted since."""
    column = table.autoincrement_column
    if column is None:
        return 0
    greatest: int | None = connection.execute(select(func.max(column))).scalar_one()
    return max(greatest or 0, _numbers_given(connection, table, column.name))


def take_numbers(connection: Connection, table: Table, count: int) -> list[int]:
    """Give so many numbers for new rows, which nobody else is given.

    In SQLite they are taken only once the rows are there, in the same transaction; it must be one
    that writes, so that there is no other meanwhile.
    """
    if connection.dialect.name == "postgresql":
        words = text(
            "SELECT nextval(pg_get_serial_sequence(:name, :column)) FROM generate_series(1, :count)"
        )
        (column,) = table.primary_key.columns
        values = {"name": table.name, "column": column.name, "count": count}
        return sorted(connection.execute(words, values).scalars())
    first = last_number(connection, table) + 1
    return list(range(first, first + count))


def plan_for_these_values(connection: Connection) -> None:
    """Have PostgreSQL plan the rest of this transaction by the values that it is asked for.

    What was asked some times it plans once for whatever values, then: as if a search for a rare
    name found as much as one for a usual speed.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))


def set_last_number(connection: Connection, table: Table, number: int) -> None:
    """Let a table of PostgreSQL go on counting after this number."""
    column = table.autoincrement_column
    if column is not None and number:
        words = text("SELECT setval(pg_get_serial_sequence(:name, :column), :number)")
        values = {"name": table.name, "column": column.name, "number": number}
        connection.execute(words, values)


def _numbers_given(connection: Connection, table: Table, column: str) -> int:
    if connection.dialect.name == "postgresql":
        words = text(
            "SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence(:name, :column)), 0)"
        )
        given: int = connection.execute(words, {"name": table.name, "column": column}).scalar_one()
        return given
    if not table.dialect_options["sqlite"]["autoincrement"]:
        return 0
    words = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
    return connection.execute(words, {"name": table.name}).scalar_one_or_none() or 0
