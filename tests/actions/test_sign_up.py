"""Signing up: exactly one first, no name twice, nobody where it is closed."""

import threading
from functools import partial

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from chess_analytics.actions.account_errors import (
    AccountError,
    NameRefused,
    NameTaken,
    PasswordRefused,
    SignUpClosed,
    TooManyAttempts,
)
from chess_analytics.actions.add_user import add_user, find_or_add_local_user
from chess_analytics.actions.passwords import Passwords
from chess_analytics.actions.recognise import recognise_session
from chess_analytics.actions.sign_up import Credentials, sign_up
from chess_analytics.store import accounts
from chess_analytics.store.accounts import Account
from chess_analytics.store.session import Store
from tests.accounts import MINUTE_MS, NOW_MS, PASSWORD, WEAK, all_at_once, signed_up, visit


def wish(name: str = "ada", password: str = PASSWORD) -> Credentials:
    return Credentials(name, password)


def everybody(store: Store) -> list[Account]:
    with store.reading() as connection:
        return [size.account for size in accounts.accounts_after(connection, 0, 1000)]


def test_who_signs_up_has_an_account_and_is_signed_in(store: Store) -> None:
    account = sign_up(store, WEAK, wish("Ada"), visit("a key"), is_open=True)
    assert everybody(store) == [account]
    assert (account.name, account.created_ms) == ("Ada", NOW_MS)
    assert WEAK.verify(PASSWORD, account.password_hash)[0]
    with store.reading() as connection:
        who = recognise_session(connection, "a key", now_ms=NOW_MS)
    assert who is not None
    assert (who.user_id, who.name, who.is_admin) == (account.id, "Ada", True)


def test_the_first_is_the_administrator_and_the_second_is_not(store: Store) -> None:
    assert [signed_up(store, name).is_admin for name in ("ada", "bob")] == [True, False]


def test_the_first_can_sign_up_where_it_is_closed_and_nobody_after(store: Store) -> None:
    assert sign_up(store, WEAK, wish(), visit(), is_open=False).is_admin
    with pytest.raises(SignUpClosed, match="ask its operator"):
        sign_up(store, WEAK, wish("bob"), visit(), is_open=False)
    assert len(everybody(store)) == 1


def test_the_user_of_a_local_installation_keeps_nobody_out(store: Store) -> None:
    find_or_add_local_user(store, now_ms=NOW_MS)
    assert sign_up(store, WEAK, wish(), visit(), is_open=False).is_admin


class Meeting(Argon2Hasher):
    """Lets nobody go on before all have come to the hashing: past all that is looked up before."""

    def __init__(self, people: int) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self._all = threading.Barrier(people)

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        self._all.wait()
        return super().hash(password, salt=salt)


@pytest.mark.parametrize("is_open", [True, False])
def test_of_many_first_sign_ups_at_once_exactly_one_is_the_administrators(
    store: Store, *, is_open: bool
) -> None:
    people = 6
    passwords = Passwords(PasswordHash((Meeting(people),)), at_once=people)

    def one(number: int) -> Account:
        return sign_up(
            store, passwords, wish(f"user{number}"), visit(f"key {number}"), is_open=is_open
        )

    outcomes = all_at_once([partial(one, number) for number in range(people)])
    users = everybody(store)
    assert [user.is_admin for user in users].count(True) == 1
    if is_open:
        assert len(users) == people
    else:
        assert len(users) == 1
        assert sum(isinstance(outcome, SignUpClosed) for outcome in outcomes) == people - 1


def test_of_many_who_want_the_same_name_at_once_one_gets_it(store: Store) -> None:
    people = 6
    passwords = Passwords(PasswordHash((Meeting(people),)), at_once=people)

    def one(number: int) -> Account:
        return sign_up(store, passwords, wish("ada"), visit(f"key {number}"), is_open=True)

    outcomes = all_at_once([partial(one, number) for number in range(people)])
    assert len(everybody(store)) == 1
    assert sum(isinstance(outcome, NameTaken) for outcome in outcomes) == people - 1


@pytest.mark.parametrize(
    ("refused", "error"),
    [
        (wish("a"), NameRefused),
        (wish("local"), NameRefused),
        (wish("ADA"), NameTaken),
        (wish("bob", "short"), PasswordRefused),
        (wish("bob-the-builder", "bob-the-builder"), PasswordRefused),
    ],
    ids=["name", "local", "taken", "short", "name as password"],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(
    store: Store, refused: Credentials, error: type[AccountError]
) -> None:
    before = [signed_up(store)]
    with pytest.raises(error):
        sign_up(store, WEAK, refused, visit("another key"), is_open=True)
    assert everybody(store) == before
    with store.reading() as connection:
        assert recognise_session(connection, "another key", now_ms=NOW_MS) is None


def test_one_address_cannot_sign_up_without_end(store: Store) -> None:
    for number in range(30):
        sign_up(store, WEAK, wish(f"user{number}"), visit(f"{number}"), is_open=True)
    with pytest.raises(TooManyAttempts, match="sign-ups from your address"):
        sign_up(store, WEAK, wish("one-more"), visit("31"), is_open=True)
    sign_up(store, WEAK, wish("neighbour"), visit("32", address="192.0.2.2"), is_open=True)
    later = visit("33", now_ms=NOW_MS + 60 * MINUTE_MS)
    sign_up(store, WEAK, wish("one-more"), later, is_open=True)


def test_asking_for_names_that_are_taken_counts_as_well(store: Store) -> None:
    signed_up(store)
    for _ in range(29):
        with pytest.raises(NameTaken):
            sign_up(store, WEAK, wish("ada"), visit(), is_open=True)
    with pytest.raises(TooManyAttempts):
        sign_up(store, WEAK, wish("ada"), visit(), is_open=True)


def test_the_operator_adds_users_and_administrators_at_will(store: Store) -> None:
    first = add_user(store, WEAK, "ada", PASSWORD, is_admin=False, now_ms=NOW_MS)
    second = add_user(store, WEAK, "bob", PASSWORD, is_admin=True, now_ms=NOW_MS)
    third = add_user(store, WEAK, "eve", PASSWORD, is_admin=False, now_ms=NOW_MS)
    assert [user.is_admin for user in (first, second, third)] == [True, True, False]
    with pytest.raises(NameTaken):
        add_user(store, WEAK, "Eve", PASSWORD, is_admin=False, now_ms=NOW_MS)


def test_the_local_user_is_made_once_however_many_come_first(store: Store) -> None:
    found = all_at_once([lambda: find_or_add_local_user(store, now_ms=NOW_MS)] * 6)
    assert [user.name for user in everybody(store)] == ["local"]
    assert found == everybody(store) * 6
