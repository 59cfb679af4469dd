"""A key is taken once, also by two at the same time."""

import threading

from sqlalchemy import Connection, insert

from chess_analytics.store.idempotency import (
    GivenAnswer,
    claim_key,
    forget_answers,
    is_key_known,
    keep_answer,
)
from chess_analytics.store.session import Store
from chess_analytics.store.tables import users
from tests.accounts import all_at_once


def add_user(connection: Connection, name: str = "ada") -> int:
    new = insert(users).values(name=name, name_key=name, is_admin=False, created_ms=1)
    user_id: int = connection.execute(new.returning(users.c.id)).scalar_one()
    return user_id


def test_who_comes_second_gets_the_answer_of_the_first(connection: Connection) -> None:
    ada = add_user(connection)
    assert claim_key(connection, ada, "k", "hash", now_ms=5) is None
    keep_answer(connection, ada, "k", status=202, body="{}")
    assert claim_key(connection, ada, "k", "other", now_ms=6) == GivenAnswer("hash", 202, "{}")


def test_a_key_is_its_users_own(connection: Connection) -> None:
    ada, bob = add_user(connection), add_user(connection, "bob")
    assert claim_key(connection, ada, "k", "hash", now_ms=5) is None
    assert claim_key(connection, bob, "k", "hash", now_ms=5) is None
    assert not is_key_known(connection, bob, "l")
    assert is_key_known(connection, bob, "k")


def test_old_keys_are_forgotten(connection: Connection) -> None:
    ada = add_user(connection)
    for key, now_ms in (("old", 5), ("new", 6)):
        claim_key(connection, ada, key, "hash", now_ms=now_ms)
    forget_answers(connection, 6)
    assert [is_key_known(connection, ada, key) for key in ("old", "new")] == [False, True]


def test_of_many_at_once_one_does_the_work_and_all_get_its_answer(store: Store) -> None:
    with store.writing() as connection:
        ada = add_user(connection)
    worked = []

    def ask() -> str:
        with store.writing() as connection:
            given = claim_key(connection, ada, "k", "hash", now_ms=5)
            if given:
                return given.body
            worked.append(threading.get_ident())
            body = str(len(worked))
            keep_answer(connection, ada, "k", status=202, body=body)
            return body

    assert all_at_once([ask] * 6) == ["1"] * 6
    assert len(worked) == 1


def test_who_fails_leaves_the_key_to_the_next(store: Store) -> None:
    with store.writing() as connection:
        ada = add_user(connection)

    def fail() -> None:
        with store.writing() as connection:
            claim_key(connection, ada, "k", "hash", now_ms=5)
            raise ZeroDivisionError

    assert isinstance(all_at_once([fail])[0], ZeroDivisionError)
    with store.writing() as connection:
        assert claim_key(connection, ada, "k", "hash", now_ms=5) is None
