"""Which version the tables have, and how they come to the newest one, by Alembic.

Alembic is loaded only where the tables are not of the newest version: a tenth of the time that a
command takes to start would go into it.
"""

# ruff: noqa: PLC0415

from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, column, inspect, select, table, text

if TYPE_CHECKING:
    from alembic.config import Config

NEWEST_REVISION = "0008"

_MIGRATIONS = Path(__file__).parent / "migrations"
_VERSION = table("alembic_version", column("version_num"))

# The tables before there were migrations, marked by SQLite's own version number.
_FIRST_REVISION = "0001"
_FIRST_FORMAT = 1
# Since then it says only that the first versions of this program cannot read the tables.
_FORMAT = 2

# Any number that no other program on the same database is likely to take.
_UPGRADE_LOCK = 4_738_201_955


class SchemaUnknown(Exception):
    """The tables are of a version that we do not know."""


class State(Enum):
    """How the tables of a database relate to this program."""

    EMPTY = auto()
    OLDER = auto()
    CURRENT = auto()
    UNKNOWN = auto()


def state(connection: Connection) -> State:
    """Tell whether the tables are ours, and new enough."""
    found = revision(connection)
    if found is None:
        return State.EMPTY
    if found == NEWEST_REVISION:
        return State.CURRENT
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory.from_config(_config(connection)).walk_revisions()
    return State.OLDER if found in {each.revision for each in scripts} else State.UNKNOWN


def revision(connection: Connection) -> str | None:
    """Name the version of the tables; nothing where there are none."""
    if not inspect(connection).has_table(_VERSION.name):
        return None
    return connection.execute(select(_VERSION.c.version_num)).scalar()


def upgrade(connection: Connection) -> None:
    """Bring the tables to the newest version and commit; who comes second finds nothing to do.

    Raises:
        SchemaUnknown: they were made by a newer version of this program.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_LOCK})
    match state(connection):
        case State.UNKNOWN:
            raise SchemaUnknown("its tables were made by a newer version of chess-analytics")
        case State.EMPTY | State.OLDER:
            from alembic import command

            command.upgrade(_config(connection), "head")
        case State.CURRENT:
            pass
    connection.commit()


def upgrade_embedded(connection: Connection) -> None:
    """Do the same for SQLite, whose first tables were made without migrations."""
    found = connection.execute(text("PRAGMA user_version")).scalar_one()
    if found not in (0, _FIRST_FORMAT, _FORMAT):
        raise SchemaUnknown(
            f"it was written by another version of chess-analytics (its format is {found})"
        )
    if found == _FIRST_FORMAT and not inspect(connection).has_table("alembic_version"):
        from alembic import command

        command.stamp(_config(connection), _FIRST_REVISION)
    connection.execute(text(f"PRAGMA user_version = {_FORMAT}"))
    upgrade(connection)


def _config(connection: Connection) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config
