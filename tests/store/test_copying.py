"""A library is copied whole, or not at all."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from sqlalchemy import Connection, Table, delete, insert, select, text

from chess_analytics.store.copying import (
    CopyDiffers,
    CopyRefused,
    CopyUnreadable,
    TableCopied,
    copy_library,
)
from chess_analytics.store.every_table import metadata
from chess_analytics.store.job_tables import jobs, leases, tasks, workers
from chess_analytics.store.session import Store, open_database
from chess_analytics.store.tables import (
    evaluations,
    games,
    kept_runs,
    log_in_failures,
    moves,
    users,
)
from tests.library import keep_game, keep_run
from tests.postgres import fresh_database
from tests.store.made_up_rows import fill

TABLES = metadata.sorted_tables


@pytest.fixture
def target(socket_enabled: None, postgres: str) -> Iterator[Store]:  # noqa: ARG001
    """Give an empty PostgreSQL beside the store that is copied, which is of either kind."""
    with ExitStack() as stack:
        url = stack.enter_context(fresh_database(postgres, "copied_into", "with_tables"))
        yield stack.enter_context(open_database(url))


def _fill_every_table(store: Store) -> None:
    with store.writing() as connection:
        user_id = fill(connection, 1)["users"]["id"]
        fill(connection, 2)
        nobodys: list[tuple[Table, dict[str, Any]]] = [
            (evaluations, {"fen": "8/8", "engine_key": "é", "nodes": 1, "searched_nodes": 2,
                           "cp": -31, "line": "", "used_on": 20_000}),
            (kept_runs, {"moves_key": "m", "settings_key": "s", "engine": "e", "profile": "p",
                         "nodes": 1 << 40, "seconds": 0.1, "evaluations": bytes(range(256))}),
            (leases, {"name": "sweep", "holder": "h", "until_ms": 1}),
            (log_in_failures, {"subject": "x", "at_ms": 1}),
            (workers, {"name": "w", "host": "h", "slots": 1, "started_ms": 1, "seen_ms": 1}),
        ]  # fmt: skip
        for table, values in nobodys:
            connection.execute(insert(table).values(values))
    game_id = keep_game(store, user_id)
    keep_run(store, game_id)


def _rows(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    return {
        table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
        for table in TABLES
    }


def test_every_row_of_every_table_arrives_as_it_was(store: Store, target: Store) -> None:
    _fill_every_table(store)
    told: list[TableCopied] = []
    copied = copy_library(store, target, told.append)
    assert told == copied
    with store.reading() as old, target.reading() as new:
        before, after = _rows(old), _rows(new)
    assert after == before
    assert all(before.values())
    assert {table.name: table.rows for table in copied} == {
        name: len(rows) for name, rows in before.items()
    }


def test_numbers_of_rows_are_not_given_again_also_not_those_of_deleted_rows(
    store: Store, target: Store
) -> None:
    with store.writing() as connection:
        fill(connection, 1)
        gone = fill(connection, 2)
        connection.execute(delete(users).where(users.c.id == gone["users"]["id"]))
    copy_library(store, target, lambda _: None)
    with target.writing() as connection:
        new = fill(connection, 3)
    for table in (users, games, jobs, tasks):
        assert new[table.name]["id"] == gone[table.name]["id"] + 1


def test_an_empty_library_can_be_copied_and_used(store: Store, target: Store) -> None:
    assert {table.rows for table in copy_library(store, target, lambda _: None)} == {0}
    with target.writing() as connection:
        assert fill(connection, 1)["users"]["id"] == 1


def test_a_database_that_holds_something_is_refused(store: Store, target: Store) -> None:
    with target.writing() as connection:
        connection.execute(insert(leases).values(name="sweep", holder="h", until_ms=1))
    with pytest.raises(CopyRefused, match=r"not empty .*leases"):
        copy_library(store, target, lambda _: None)


def test_what_breaks_on_the_way_leaves_nothing_behind(store: Store, target: Store) -> None:
    _fill_every_table(store)

    def break_at_games(table: TableCopied) -> None:
        if table.name == games.name:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copy_library(store, target, break_at_games)
    with target.reading() as connection:
        assert not any(_rows(connection).values())
    copied = copy_library(store, target, lambda _: None)
    assert all(table.rows for table in copied)


def test_a_row_that_changes_on_the_way_is_noticed(store: Store, target: Store) -> None:
    """A trigger stands for whatever else could change a value on its way."""
    _fill_every_table(store)
    with target.writing() as connection:
        connection.execute(
            text(
                "CREATE FUNCTION spoil() RETURNS trigger AS $$ BEGIN NEW.loss := NEW.loss + 1e-12; "
                "RETURN NEW; END $$ LANGUAGE plpgsql"
            )
        )
        connection.execute(
            text(
                "CREATE TRIGGER spoil BEFORE INSERT ON moves FOR EACH ROW EXECUTE FUNCTION spoil()"
            )
        )
    with pytest.raises(CopyDiffers, match=moves.name):
        copy_library(store, target, lambda _: None)
    with target.reading() as connection:
        assert not any(_rows(connection).values())


def test_a_source_that_cannot_be_read_is_named(store: Store, target: Store) -> None:
    with store.writing() as connection:
        connection.execute(text("ALTER TABLE moves RENAME TO elsewhere"))
    with pytest.raises(CopyUnreadable, match="moves"):
        copy_library(store, target, lambda _: None)
