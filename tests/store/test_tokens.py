"""Tokens as rows: found while they last, and only their owner's are touched."""

import pytest
from sqlalchemy import Connection

from chess_analytics.store.accounts import NewAccount, add_account
from chess_analytics.store.tokens import (
    NewToken,
    Token,
    TokenUser,
    add_token,
    count_tokens,
    find_token,
    note_token_use,
    remove_token,
    tokens_of_user,
)

BOTH = frozenset({"read", "write"})


@pytest.fixture
def ada(connection: Connection) -> int:
    user_id = add_account(connection, NewAccount("ada"), now_ms=1)
    assert user_id is not None
    return user_id


@pytest.fixture
def bob(connection: Connection) -> int:
    user_id = add_account(connection, NewAccount("bob"), now_ms=1)
    assert user_id is not None
    return user_id


def add(connection: Connection, user_id: int, key_hash: str, expires_ms: int | None = None) -> int:
    new = NewToken(f"for {key_hash}", key_hash, BOTH, expires_ms)
    return add_token(connection, user_id, new, now_ms=100)


def test_a_token_tells_who_it_acts_for(connection: Connection, ada: int, bob: int) -> None:
    add(connection, ada, "a")
    only_read = NewToken("b", "b", frozenset({"read"}), None)
    add_token(connection, bob, only_read, now_ms=100)
    assert find_token(connection, "a", now_ms=200) == TokenUser(
        ada, "ada", is_admin=False, scopes=BOTH, used_ms=None
    )
    found = find_token(connection, "b", now_ms=200)
    assert found is not None
    assert (found.user_id, found.scopes) == (bob, frozenset({"read"}))
    assert find_token(connection, "c", now_ms=200) is None


def test_a_token_ends_at_its_time(connection: Connection, ada: int) -> None:
    add(connection, ada, "a", expires_ms=300)
    assert find_token(connection, "a", now_ms=299) is not None
    assert find_token(connection, "a", now_ms=300) is None


def test_tokens_are_listed_newest_first_with_their_last_use(
    connection: Connection, ada: int, bob: int
) -> None:
    first, second = add(connection, ada, "a", expires_ms=300), add(connection, ada, "b")
    add(connection, bob, "c")
    note_token_use(connection, "b", now_ms=250)
    assert tokens_of_user(connection, ada) == [
        Token(second, "for b", BOTH, created_ms=100, expires_ms=None, used_ms=250),
        Token(first, "for a", BOTH, created_ms=100, expires_ms=300, used_ms=None),
    ]
    assert count_tokens(connection, ada) == 2


def test_nobody_revokes_another_users_token(connection: Connection, ada: int, bob: int) -> None:
    token_id = add(connection, ada, "a")
    assert not remove_token(connection, bob, token_id)
    assert find_token(connection, "a", now_ms=200) is not None
    assert remove_token(connection, ada, token_id)
    assert find_token(connection, "a", now_ms=200) is None
    assert not remove_token(connection, ada, token_id)
