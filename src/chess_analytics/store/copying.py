"""Copy a whole library into an empty PostgreSQL database, and prove that it arrived."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import blake2b

from sqlalchemy import Connection, Table, select
from sqlalchemy.exc import DatabaseError

from chess_analytics.store.dialect import Row, insert_rows, last_number, set_last_number
from chess_analytics.store.every_table import metadata
from chess_analytics.store.session import Store, StoreError

# Rows that are held in memory at once: the longest are texts of games, some kilobytes each.
_BATCH = 2_000
_SUM_BYTES = 16


class CopyRefused(StoreError):
    """The database that was to be copied into holds something already."""


class CopyDiffers(StoreError):
    """What arrived is not what was sent; nothing was kept of it."""


class CopyUnreadable(StoreError):
    """The library that was to be copied cannot be read."""


@dataclass(frozen=True, slots=True)
class TableCopied:
    """What one table holds: as many rows, and a sum over all of them in whatever order."""

    name: str
    rows: int
    checksum: str


def copy_library(
    source: Store, target: Store, told: Callable[[TableCopied], None]
) -> list[TableCopied]:
    """Copy every table in one transaction: all of it arrives, or nothing does.

    Afterwards every table is read back and compared, by its count and by a checksum over every
    value. ``told`` hears of each table that was written.

    Raises:
        CopyRefused: a table of the target holds rows.
        CopyDiffers: a table is not the same there.
        CopyUnreadable: the source failed.
    """
    with source.reading() as old, target.writing() as new:
        _refuse_what_is_used(new)
        sent = []
        # Who points to others comes after them.
        for table in metadata.sorted_tables:
            sent.append(_copy_table(old, new, table))
            told(sent[-1])
        for table, copied in zip(metadata.sorted_tables, sent, strict=True):
            _compare(copied, _read_back(new, table))
    return sent


def _refuse_what_is_used(new: Connection) -> None:
    used = [
        table.name
        for table in metadata.sorted_tables
        if new.execute(select(table).limit(1)).first() is not None
    ]
    if used:
        raise CopyRefused(
            f"the database to copy into is not empty (there are rows in {', '.join(used)}); "
            "name a new one: nothing was copied"
        )


def _copy_table(old: Connection, new: Connection, table: Table) -> TableCopied:
    total = _Sum()
    for rows in _batches(old, table):
        insert_rows(new, table, rows)
        total.add(rows)
    set_last_number(new, table, last_number(old, table))
    return TableCopied(table.name, total.rows, total.checksum)


def _read_back(new: Connection, table: Table) -> TableCopied:
    total = _Sum()
    for rows in _batches(new, table):
        total.add(rows)
    return TableCopied(table.name, total.rows, total.checksum)


def _compare(sent: TableCopied, arrived: TableCopied) -> None:
    if sent != arrived:
        raise CopyDiffers(
            f"the table {sent.name} did not arrive as it was sent ({sent.rows} rows, sum "
            f"{sent.checksum}; arrived: {arrived.rows}, {arrived.checksum}); nothing was kept. "
            "Is another program writing into the new database?"
        )


def _batches(connection: Connection, table: Table) -> Iterator[list[Row]]:
    try:
        found = connection.execute(select(table).execution_options(yield_per=_BATCH))
        for rows in found.partitions():
            yield [tuple(row) for row in rows]
    except DatabaseError as error:
        raise CopyUnreadable(f"the table {table.name} cannot be read: {error.orig}") from error


class _Sum:
    """Adds up the hashes of rows, so that their order, which databases choose, does not matter."""

    def __init__(self) -> None:
        self.rows = 0
        self._sum = 0

    @property
    def checksum(self) -> str:
        return f"{self._sum:0{2 * _SUM_BYTES}x}"

    def add(self, rows: list[Row]) -> None:
        self.rows += len(rows)
        for row in rows:
            # `repr` tells every value from every other, floats to their last bit.
            hashed = blake2b(repr(row).encode(), digest_size=_SUM_BYTES).digest()
            self._sum = (self._sum + int.from_bytes(hashed)) % (1 << 8 * _SUM_BYTES)
