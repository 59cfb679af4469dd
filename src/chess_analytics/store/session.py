"""Open a database: SQLite in a data folder, for one process alone, or PostgreSQL for many."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from time import monotonic
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DatabaseError, InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection, QueuePool

from chess_analytics.errors import ChessAnalyticsError
from chess_analytics.store import schema
from chess_analytics.store.database_clock import ASK_MS, note_ms
from chess_analytics.store.turns import Turns

FILE = "analyses.sqlite3"
"""What the embedded database is called in its data folder."""
# With FULL, what was committed stays also when the power fails.
_SYNCHRONOUS = "synchronous"
# As many as the server has threads for requests, and some.
_READERS = 16
_MORE_READERS = 48
# So long a writer waits for others before it is told that it cannot be.
_PATIENCE_S = 30.0
# When a connection was given back, and how long after that it need not be asked whether it lives.
_USED_S = "used_s"
_SURELY_ALIVE_S = 0.5
# PostgreSQL's readers see what others commit between two statements, unless told otherwise.
_ONE_MOMENT = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
_ONE_STATEMENT = {"isolation_level": "AUTOCOMMIT"}


class StoreError(ChessAnalyticsError):
    """The database cannot be used: in use, not reachable, damaged, or of another version."""


class StoreInUse(StoreError):
    """Another process is using the data folder; nothing is wrong with it."""


class StoreOutdated(StoreError):
    """The tables are older than this version of the program; ``db upgrade`` makes them new."""


class Store:
    """An open database. Transactions are opened here and nowhere else."""

    def __init__(self, writer: Engine, reader: Engine, glancer: Engine | None = None) -> None:
        self._writer = writer
        self._glancer = glancer or reader
        self._hasty_writer = writer.execution_options(**{_SYNCHRONOUS: "NORMAL"})
        self._reader = reader
        # SQLite has one connection that writes, and the pool gives it to whoever is quickest.
        self._turns = Turns(_PATIENCE_S) if self.is_embedded else None

    @property
    def is_embedded(self) -> bool:
        """SQLite: this process is the only one."""
        return self._writer.dialect.name == "sqlite"

    @property
    def connections_in_use(self) -> int:
        """How many connections this process is using at this moment."""
        pools = {self._writer.pool, self._reader.pool}
        return sum(pool.checkedout() for pool in pools if isinstance(pool, QueuePool))

    @contextmanager
    def writing(self, *, outlasts_power: bool = True) -> Iterator[Connection]:
        """Open a transaction that is committed at the end, or rolled back by an error.

        On SQLite there is one at a time: others wait their turn. Never open one inside another.
        What need not outlast a power failure does not wait for the disk there: whoever is killed
        loses nothing of it, and a machine that loses its power loses the last ones as if they had
        never been, up to the next that is to outlast it.
        """
        engine = self._writer if outlasts_power else self._hasty_writer
        with self._turns.turn() if self._turns else nullcontext(), engine.begin() as opened:
            yield opened

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a connection that sees one moment of the database and changes nothing."""
        with self._reader.connect() as connection:
            yield connection

    @contextmanager
    def glancing(self) -> Iterator[Connection]:
        """Open a connection for one statement that reads.

        PostgreSQL needs no transaction around it, which would be two errands more.
        """
        with self._glancer.connect() as connection:
            yield connection


@contextmanager
def open_store(folder: Path, url: str | None = None) -> Iterator[Store]:
    """Open the database at ``url``, or the data folder's own.

    Raises:
        StoreError: see `open_folder` and `open_database`.
    """
    with open_database(url) if url else open_folder(folder) as store:
        yield store


@contextmanager
def look_into_store(folder: Path, url: str | None = None) -> Iterator[Store]:
    """Open the database for reading alone, also while a server has the data folder.

    Nothing is made or upgraded. SQLite lets others read while one process writes: a connection that
    was opened for reading never checkpoints, so it cannot harm that one.

    Raises:
        StoreError: there is no library, it does not answer, or its tables are of another version.
    """
    if url:
        with open_database(url) as store:
            yield store
        return
    file = folder / FILE
    if not holds_library(folder):
        raise StoreError(f"there is no library in {folder} yet; `chess-analytics serve` makes one")
    reader = create_engine(
        f"sqlite:///file:{quote(str(file.absolute()))}?mode=ro&uri=true",
        connect_args={"timeout": 30},
    )
    event.listen(reader, "connect", _begin_by_hand)
    event.listen(reader, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    try:
        with reader.connect() as connection:
            if schema.state(connection) is not schema.State.CURRENT:
                raise StoreOutdated(
                    f"the tables of {file} are of another version than this program: "
                    "run `chess-analytics db upgrade`, or use the version that its server has"
                )
        yield Store(reader, reader)
    except DatabaseError as error:
        raise StoreError(f"the database {file} failed: {error.orig}") from error
    finally:
        reader.dispose()


def holds_library(folder: Path) -> bool:
    """Tell whether there is a library in a folder; opening it would make one."""
    return (folder / FILE).is_file()


@contextmanager
def open_folder(folder: Path) -> Iterator[Store]:
    """Open the data folder's database for this process alone; it is made or upgraded if need be.

    Raises:
        StoreError: the folder cannot be written, is in use, or its database is not ours.
    """
    with _folder_lock(folder):
        file = folder / FILE
        writer = _sqlite(file, "BEGIN IMMEDIATE", size=1, more=0)
        reader = _sqlite(file, "BEGIN", size=_READERS, more=_MORE_READERS)
        event.listen(reader, "connect", _set_read_only)
        try:
            with writer.connect() as connection:
                schema.upgrade_embedded(connection)
            yield Store(writer, reader)
        except schema.SchemaUnknown as error:
            raise StoreError(f"{file}: {error}; move it away or use another --data-dir") from error
        except DatabaseError as error:
            raise StoreError(f"the database {file} failed: {error.orig}") from error
        finally:
            # The last connection that is closed writes the log back: it has to be the writer's.
            reader.dispose()
            writer.dispose()


@contextmanager
def open_database(url: str) -> Iterator[Store]:
    """Open a PostgreSQL database whose tables are up to date.

    Raises:
        StoreError: the address is wrong, nobody answers there, or the tables are not ours.
    """
    with _postgresql(url) as (engine, place):
        with engine.connect() as connection:
            state = schema.state(connection)
        if state is schema.State.UNKNOWN:
            raise StoreError(
                f"the database {place} was upgraded by a newer version of chess-analytics; "
                "install that version"
            )
        if state is not schema.State.CURRENT:
            raise StoreOutdated(
                f"the tables of {place} are missing or older than this version: "
                "run `chess-analytics db upgrade`"
            )
        yield Store(
            engine,
            engine.execution_options(**_ONE_MOMENT),
            engine.execution_options(**_ONE_STATEMENT),
        )


def upgrade_database(url: str) -> None:
    """Make or upgrade the tables of a PostgreSQL database; several at once wait for each other.

    Raises:
        StoreError: as for `open_database`.
    """
    with _postgresql(url) as (engine, place), engine.connect() as connection:
        try:
            schema.upgrade(connection)
        except schema.SchemaUnknown as error:
            raise StoreError(f"the database {place}: {error}; install that version") from error


@contextmanager
def _postgresql(url: str) -> Iterator[tuple[Engine, str]]:
    address = _address(url)
    place = address.render_as_string(hide_password=True)
    engine = create_engine(
        address,
        pool_size=_READERS,
        max_overflow=_MORE_READERS,
        # What statements were given is somebody's: no message tells it.
        hide_parameters=True,
        # The one that was used last is alive, and has its statements prepared.
        pool_use_lifo=True,
    )
    _ping_when_idle(engine)
    try:
        yield engine, place
    except DatabaseError as error:
        reason = str(error.orig).strip()
        raise StoreError(f"the database {place} failed: {reason}") from error
    finally:
        engine.dispose()


def _ping_when_idle(engine: Engine) -> None:
    """Ask a connection whether it is alive before it is used again, unless it just was.

    A server that was restarted costs one failed transaction at most; asking each time costs a short
    one a fifth of its time. It is asked what time it is, which who claims or saves has to know.
    """

    @event.listens_for(engine, "checkin")
    def _note(_connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
        entry.info[_USED_S] = monotonic()

    @event.listens_for(engine, "checkout")
    def _ping(
        connection: DBAPIConnection, entry: ConnectionPoolEntry, _proxy: PoolProxiedConnection
    ) -> None:
        if monotonic() - entry.info.get(_USED_S, 0.0) < _SURELY_ALIVE_S:
            return
        try:
            _ask_time(connection, entry)
        except engine.dialect.loaded_dbapi.Error as error:
            # All that are as old are replaced, and a new one is taken.
            raise InvalidatePoolError from error


def _ask_time(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    # A statement alone, not a transaction around it.
    connection.autocommit = True
    cursor = connection.cursor()
    try:
        cursor.execute(ASK_MS)
        [(ms,)] = cursor.fetchall()
        note_ms(entry.info, ms)
    finally:
        cursor.close()
        connection.autocommit = False


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise StoreError(
            "the address of the database cannot be understood; it looks like "
            "postgresql+psycopg://user:password@host:5432/name"
        ) from error
    if address.get_backend_name() != "postgresql":
        raise StoreError(
            f"the address of a database begins with postgresql+psycopg://, not "
            f"{address.drivername}://; without an address SQLite in the data folder is used"
        )
    return address.set(drivername="postgresql+psycopg")


def _sqlite(file: Path, begin: str, *, size: int, more: int) -> Engine:
    engine = create_engine(
        f"sqlite:///{file}",
        pool_size=size,
        max_overflow=more,
        hide_parameters=True,
        connect_args={"check_same_thread": False, "timeout": 30},
    )
    event.listen(engine, "connect", _set_pragmas)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        wanted = connection.get_execution_options().get(_SYNCHRONOUS, "FULL")
        # It cannot be changed once the transaction has begun.
        if connection.info.get(_SYNCHRONOUS) != wanted:
            connection.exec_driver_sql(f"PRAGMA synchronous = {wanted}")
            connection.info[_SYNCHRONOUS] = wanted
        connection.exec_driver_sql(begin)

    return engine


@contextmanager
def _folder_lock(folder: Path) -> Iterator[None]:
    # SQLite before 3.51.3 can damage a WAL database that two connections write to at once, so the
    # folder belongs to one process. The kernel frees the lock however that process ends.
    try:
        # It holds everybody's games, and what passwords and keys were made into.
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreError(
            f"the data folder {folder} cannot be written ({error.strerror}); "
            "name another one with --data-dir or CHESS_ANALYTICS_DATA_DIR"
        ) from error
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StoreInUse(
                f"another chess-analytics is using the data folder {folder}; "
                "wait until it ends, or name another one with --data-dir"
            ) from error
        yield
    finally:
        os.close(lock)


def _begin_by_hand(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # Transactions begin where we say so, not where the driver guesses.
    connection.isolation_level = None


def _set_pragmas(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    _begin_by_hand(connection, entry)
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    entry.info[_SYNCHRONOUS] = "FULL"
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _set_read_only(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA query_only = ON")
    cursor.close()
