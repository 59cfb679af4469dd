"""Users as rows: names that nobody else has, and everything gone with a user."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, func, insert, select

from chess_analytics.store.accounts import (
    Account,
    AccountSize,
    Holdings,
    NewAccount,
    accounts_after,
    add_account,
    anybody_can_sign_in,
    count_administrators,
    find_account,
    find_account_by_lichess,
    find_account_by_name,
    hold_account,
    holdings,
    others_can_sign_in,
    remove_account,
    remove_some_games,
    set_admin,
    set_lichess_id,
    set_name,
    set_password_hash,
    uploads_of_user,
)
from chess_analytics.store.every_table import metadata
from chess_analytics.store.tables import games, import_problems, imports, players


def add(connection: Connection, name: str, **about: object) -> int:
    new = NewAccount(name, **{"password_hash": "hash", **about})  # type: ignore[arg-type]
    user_id = add_account(connection, new, now_ms=5)
    assert user_id is not None
    return user_id


def add_library(connection: Connection, user_id: int, *, games_kept: int) -> None:
    """Give a user a player, an import with a problem and a file, and games."""
    player = {"site": "lichess", "name": "A", "name_key": "a", "created_ms": 1}
    connection.execute(insert(players).values(user_id=user_id, **player))
    upload = {"kind": "upload", "name": "a.pgn", "state": "waiting", "created_ms": 1}
    import_id = connection.execute(
        insert(imports)
        .values(user_id=user_id, file=f"{user_id}.upload", **upload)
        .returning(imports.c.id)
    ).scalar_one()
    problem = {"kind": "broken", "reason": "r", "detail": "d", "source": "s", "number": 1}
    connection.execute(insert(import_problems).values(import_id=import_id, ordinal=1, **problem))
    game = {"user_id": user_id, "site": "other", "variant": "standard", "result": "1-0"}
    game |= {"played_ms": 0, "plies": 1, "added_ms": 1}
    for number in range(games_kept):
        connection.execute(insert(games).values(moves_key=f"{number}", **game))


@pytest.fixture
def ada(connection: Connection) -> int:
    return add(connection, "Ada", is_admin=True)


def test_a_user_is_found_by_number_by_name_and_by_lichess(connection: Connection, ada: int) -> None:
    set_lichess_id(connection, ada, "ada_l")
    account = Account(ada, "Ada", "hash", "ada_l", is_admin=True, created_ms=5)
    assert find_account(connection, ada) == account
    assert find_account_by_name(connection, "aDA") == account
    assert find_account_by_lichess(connection, "ada_l") == account
    assert hold_account(connection, ada) == account


def test_who_is_not_there_is_not_found(connection: Connection, ada: int) -> None:
    assert find_account(connection, ada + 1) is None
    assert find_account_by_name(connection, "ad") is None
    assert find_account_by_lichess(connection, "") is None
    assert hold_account(connection, ada + 1) is None


def test_a_name_that_differs_in_capitals_only_is_taken(connection: Connection, ada: int) -> None:
    assert add_account(connection, NewAccount("aDa", "other"), now_ms=6) is None
    found = find_account(connection, ada)
    assert found is not None
    assert found.password_hash == "hash"  # noqa: S105


def test_a_lichess_account_is_of_one_user(connection: Connection) -> None:
    add(connection, "ada", lichess_id="l")
    assert add_account(connection, NewAccount("bob", lichess_id="l"), now_ms=6) is None


def test_what_is_set_is_kept(connection: Connection, ada: int) -> None:
    set_name(connection, ada, "Eve")
    set_password_hash(connection, ada, "new")
    set_admin(connection, ada, is_admin=False)
    assert find_account_by_name(connection, "ada") is None
    assert find_account_by_name(connection, "eve") == Account(
        ada, "Eve", "new", None, is_admin=False, created_ms=5
    )


def test_a_removed_users_number_is_given_to_nobody_else(connection: Connection, ada: int) -> None:
    remove_account(connection, ada)
    assert add(connection, "Ada") > ada


def test_who_cannot_sign_in_does_not_count(connection: Connection) -> None:
    local = add(connection, "local", password_hash=None, is_admin=True)
    assert not anybody_can_sign_in(connection)
    assert count_administrators(connection) == 0
    by_lichess = add(connection, "lee", password_hash=None, lichess_id="lee", is_admin=True)
    assert anybody_can_sign_in(connection)
    assert count_administrators(connection) == 1
    assert not others_can_sign_in(connection, by_lichess)
    assert others_can_sign_in(connection, local)


def test_users_come_page_by_page_with_what_they_keep(connection: Connection, ada: int) -> None:
    bob, eve = add(connection, "bob"), add(connection, "eve")
    add_library(connection, bob, games_kept=3)
    first = accounts_after(connection, 0, 2)
    assert [(size.account.id, size.games) for size in first] == [(ada, 0), (bob, 3)]
    eves = find_account(connection, eve)
    assert eves is not None
    assert accounts_after(connection, bob, 2) == [AccountSize(eves, 0)]


def test_holdings_count_a_users_own(connection: Connection, ada: int) -> None:
    add_library(connection, ada, games_kept=2)
    add_library(connection, add(connection, "bob"), games_kept=1)
    assert holdings(connection, ada) == Holdings(players=1, imports=1, games=2)
    assert uploads_of_user(connection, ada) == [f"{ada}.upload"]


def test_games_are_removed_some_at_a_time_and_nobody_elses(
    connection: Connection, ada: int
) -> None:
    bob = add(connection, "bob")
    add_library(connection, ada, games_kept=5)
    add_library(connection, bob, games_kept=2)
    assert [remove_some_games(connection, ada, 3) for _ in range(3)] == [3, 2, 0]
    assert holdings(connection, bob).games == 2


def rows(connection: Connection) -> Iterator[tuple[str, int]]:
    for table in metadata.sorted_tables:
        yield table.name, connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_with_a_user_goes_everything_of_theirs_and_nothing_else(
    connection: Connection, ada: int
) -> None:
    add_library(connection, ada, games_kept=2)
    before = dict(rows(connection))
    bob = add(connection, "bob")
    add_library(connection, bob, games_kept=3)
    remove_account(connection, bob)
    assert dict(rows(connection)) == before
    assert before["games"] == 2
