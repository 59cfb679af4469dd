"""Sessions as rows: found while they last, and only their owner's are touched."""

import dataclasses

import pytest
from sqlalchemy import Connection

from chess_analytics.store.accounts import NewAccount, add_account, remove_account
from chess_analytics.store.sessions import (
    Session,
    SessionUser,
    add_session,
    find_session,
    note_session_use,
    remove_other_sessions,
    remove_session,
    remove_session_of_user,
    remove_surplus_sessions,
    sessions_of_user,
    sweep_sessions,
)

HASHES = [f"{number:x}" * 64 for number in range(16)]
SESSION = Session(HASHES[0], created_ms=100, seen_ms=100, expires_ms=1000, agent="a browser")


def add_user(connection: Connection, name: str) -> int:
    user_id = add_account(connection, NewAccount(name, is_admin=name == "ada"), now_ms=1)
    assert user_id is not None
    return user_id


@pytest.fixture
def ada(connection: Connection) -> int:
    return add_user(connection, "ada")


@pytest.fixture
def bob(connection: Connection) -> int:
    return add_user(connection, "bob")


def add(connection: Connection, user_id: int, number: int, seen_ms: int = 100) -> Session:
    session = dataclasses.replace(SESSION, key_hash=HASHES[number], seen_ms=seen_ms)
    add_session(connection, user_id, session)
    return session


def of(connection: Connection, user_id: int) -> list[Session]:
    return sessions_of_user(connection, user_id, now_ms=200, idle_since_ms=0)


def test_a_session_tells_whose_it_is(connection: Connection, ada: int, bob: int) -> None:
    add(connection, ada, 0)
    add(connection, bob, 1, seen_ms=150)
    assert find_session(connection, HASHES[0], now_ms=200, idle_since_ms=0) == SessionUser(
        ada, "ada", is_admin=True, created_ms=100, seen_ms=100
    )
    assert find_session(connection, HASHES[1], now_ms=200, idle_since_ms=0) == SessionUser(
        bob, "bob", is_admin=False, created_ms=100, seen_ms=150
    )
    assert find_session(connection, HASHES[2], now_ms=200, idle_since_ms=0) is None


@pytest.mark.parametrize(
    ("now_ms", "idle_since_ms", "is_found"),
    [(999, 99, True), (1000, 99, False), (999, 100, False)],
    ids=["lasts", "expired", "idle"],
)
def test_a_session_ends_at_its_time_or_when_it_is_idle(
    connection: Connection, ada: int, now_ms: int, idle_since_ms: int, *, is_found: bool
) -> None:
    add(connection, ada, 0)
    found = find_session(connection, HASHES[0], now_ms=now_ms, idle_since_ms=idle_since_ms)
    listed = sessions_of_user(connection, ada, now_ms=now_ms, idle_since_ms=idle_since_ms)
    assert (found is not None) == is_found == bool(listed)
    sweep_sessions(connection, now_ms=now_ms, idle_since_ms=idle_since_ms)
    assert bool(of(connection, ada)) == is_found


def test_use_is_noted_and_never_goes_back(connection: Connection, ada: int) -> None:
    add(connection, ada, 0)
    note_session_use(connection, HASHES[0], now_ms=500)
    note_session_use(connection, HASHES[0], now_ms=400)
    assert [session.seen_ms for session in of(connection, ada)] == [500]


def test_sessions_are_listed_by_when_they_were_used(
    connection: Connection, ada: int, bob: int
) -> None:
    old, new = add(connection, ada, 0, seen_ms=100), add(connection, ada, 1, seen_ms=150)
    add(connection, bob, 2)
    assert of(connection, ada) == [new, old]


def test_one_session_is_removed(connection: Connection, ada: int) -> None:
    add(connection, ada, 0)
    kept = add(connection, ada, 1)
    remove_session(connection, HASHES[0])
    assert of(connection, ada) == [kept]


def test_nobody_removes_another_users_session(connection: Connection, ada: int, bob: int) -> None:
    session = add(connection, ada, 10)
    assert not remove_session_of_user(connection, bob, session.id)
    assert of(connection, ada) == [session]
    assert remove_session_of_user(connection, ada, session.id)
    assert of(connection, ada) == []
    assert not remove_session_of_user(connection, ada, session.id)


def test_a_session_is_named_by_too_little_to_be_guessed_back() -> None:
    session = dataclasses.replace(SESSION, key_hash="0123456789abcdef" + "f" * 48)
    assert session.id == "0123456789abcdef"


def test_all_sessions_but_one_are_removed(connection: Connection, ada: int, bob: int) -> None:
    kept, others = add(connection, ada, 0), [add(connection, ada, n) for n in (1, 2)]
    bobs = add(connection, bob, 3)
    remove_other_sessions(connection, ada, kept=kept.key_hash)
    assert of(connection, ada) == [kept]
    assert others
    remove_other_sessions(connection, ada, kept=None)
    assert of(connection, ada) == []
    assert of(connection, bob) == [bobs]


def test_the_sessions_used_longest_ago_make_room(
    connection: Connection, ada: int, bob: int
) -> None:
    sessions = [add(connection, ada, n, seen_ms=100 + n) for n in range(5)]
    bobs = add(connection, bob, 9, seen_ms=1)
    remove_surplus_sessions(connection, ada, 2)
    assert of(connection, ada) == [sessions[4], sessions[3]]
    assert of(connection, bob) == [bobs]


def test_a_removed_users_sessions_open_nothing(connection: Connection, ada: int) -> None:
    add(connection, ada, 0)
    remove_account(connection, ada)
    assert find_session(connection, HASHES[0], now_ms=200, idle_since_ms=0) is None
