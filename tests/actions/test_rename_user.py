"""Going by another name."""

from functools import partial

import pytest

from chess_analytics.actions.account_errors import AccountError, NameRefused, NameTaken
from chess_analytics.actions.rename_user import rename_user
from chess_analytics.store import accounts
from chess_analytics.store.session import Store
from tests.accounts import all_at_once, signed_up


def rename(store: Store, user_id: int, name: str) -> None:
    with store.writing() as connection:
        rename_user(connection, user_id, name)


def name_of(store: Store, user_id: int) -> str:
    with store.reading() as connection:
        account = accounts.find_account(connection, user_id)
    assert account is not None
    return account.name


@pytest.mark.parametrize("name", ["eve", "ADA", "ada"])
def test_any_free_name_will_do_and_other_capitals_of_ones_own(store: Store, name: str) -> None:
    ada = signed_up(store)
    rename(store, ada.id, name)
    assert name_of(store, ada.id) == name


@pytest.mark.parametrize(
    ("name", "error"), [("BOB", NameTaken), ("x", NameRefused), ("local", NameRefused)]
)
def test_no_other_users_name_and_no_bad_one(
    store: Store, name: str, error: type[AccountError]
) -> None:
    ada = signed_up(store)
    signed_up(store, "bob")
    with pytest.raises(error):
        rename(store, ada.id, name)
    assert name_of(store, ada.id) == "ada"


def test_the_old_name_is_free_again(store: Store) -> None:
    ada, bob = signed_up(store), signed_up(store, "bob")
    rename(store, ada.id, "eve")
    rename(store, bob.id, "Ada")
    assert name_of(store, bob.id) == "Ada"


def test_of_many_who_want_a_name_at_once_one_gets_it(store: Store) -> None:
    people = [signed_up(store, f"user{number}") for number in range(8)]
    # Again and again: the first time, each still waits for a connection of its own.
    for name in ("eve", "eva", "evi"):
        outcomes = all_at_once([partial(rename, store, user.id, name) for user in people])
        assert outcomes.count(None) == 1
        assert sum(isinstance(outcome, NameTaken) for outcome in outcomes) == len(people) - 1
