"""PostgreSQL databases for one test after another: emptying one takes a tenth of making another."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Self

import psycopg
from psycopg import sql

from tests.postgres import fresh_database

_ENOUGH_MS = 10_000
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
# All that a migration could have made or taken away, and which one was the last.
_SHAPE = (
    "SELECT (SELECT array_agg(relname::text ORDER BY 1) FROM pg_class"
    " WHERE relnamespace = 'public'::regnamespace),"
    " (SELECT array_agg(version_num::text) FROM alembic_version)"
)
_OTHERS = (
    "SELECT pg_terminate_backend(pid, %s) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
_USED = "SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL"


class CleanDatabases:
    """Lends databases that hold all tables and no rows, and takes them back in any state."""

    def __init__(self, server: str, template: str) -> None:
        self._server = server
        self._template = template
        self._clean: list[str] = []
        self._made = 0
        self._all = ExitStack()
        place = f"{server.rsplit('/', 1)[0]}/{template}"
        with psycopg.connect(place) as admin:
            self._shape = admin.execute(_SHAPE).fetchone()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._all.close()

    @contextmanager
    def lend(self) -> Iterator[str]:
        """Give the address of a database of the caller's own."""
        url = self._clean.pop() if self._clean else self._make()
        yield url
        # One that a test has left in another shape is dropped with the others, at the end.
        if self._is_emptied(url):
            self._clean.append(url)

    def _make(self) -> str:
        self._made += 1
        made = fresh_database(self._server, f"test_{self._made}", self._template)
        return self._all.enter_context(made)

    def _is_emptied(self, url: str) -> bool:
        with psycopg.connect(_plain(url), autocommit=True) as admin:
            admin.execute(_OTHERS, [_ENOUGH_MS])
            if admin.execute(_SHAPE).fetchone() != self._shape:
                return False
            names = [name for (name,) in admin.execute(_TABLES) if name != "alembic_version"]
            filled = [name for (name,) in admin.execute(_holding_rows(names))]
            with admin.transaction():
                # Without the rules between tables any order will do.
                admin.execute("SET LOCAL session_replication_role = replica")
                for name in filled:
                    admin.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
            if filled:
                # Else the server would do it at some moment of the next test, and rows that are
                # written after it would come before those written earlier.
                tables = sql.SQL(", ").join(map(sql.Identifier, filled))
                admin.execute(sql.SQL("VACUUM {}").format(tables))
            for (name,) in admin.execute(_USED).fetchall():
                admin.execute("SELECT setval(%s, 1, false)", [f'public."{name}"'])
            return True


def _holding_rows(names: list[str]) -> sql.Composed:
    has_rows = sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})")
    asked = (has_rows.format(sql.Literal(name), sql.Identifier(name)) for name in names)
    return sql.SQL(" UNION ALL ").join(asked)


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg:", "postgresql:")
