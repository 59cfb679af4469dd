"""Changing a password, and proving who one is."""

from collections.abc import Callable

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from chess_analytics.actions.account_errors import (
    AccountError,
    LogInRefused,
    PasswordRefused,
    ProofRefused,
    TooManyAttempts,
)
from chess_analytics.actions.change_password import (
    PasswordChange,
    change_password,
    reset_password,
)
from chess_analytics.actions.keep_sessions import open_session
from chess_analytics.actions.log_in import log_in
from chess_analytics.actions.passwords import Passwords
from chess_analytics.actions.prove_identity import prove_identity
from chess_analytics.actions.recognise import Who, local_who, recognise_session
from chess_analytics.actions.sign_up import Credentials
from chess_analytics.store import accounts
from chess_analytics.store.accounts import NewAccount
from chess_analytics.store.session import Store
from tests.accounts import MINUTE_MS, NOW_MS, PASSWORD, WEAK, signed_up, visit

ADDRESS = "192.0.2.1"
NEW_PASSWORD = "another good password"  # noqa: S105 - of nobody


def who_holds(store: Store, key: str, now_ms: int = NOW_MS) -> Who:
    with store.reading() as connection:
        who = recognise_session(connection, key, now_ms=now_ms)
    assert who is not None
    return who


@pytest.fixture
def ada(store: Store) -> Who:
    signed_up(store)
    return who_holds(store, "ada's key")


@pytest.fixture
def lee(store: Store) -> Who:
    """Give somebody who has no password."""
    with store.writing() as connection:
        new = NewAccount("lee", lichess_id="lee")
        user_id = accounts.add_account(connection, new, now_ms=NOW_MS)
        assert user_id is not None
        open_session(connection, user_id, visit("lee's key"))
    return who_holds(store, "lee's key")


def change(
    store: Store, who: Who, old: str | None, new: str = NEW_PASSWORD, now_ms: int = NOW_MS
) -> None:
    wish = PasswordChange(old, new)
    change_password(store, WEAK, who, wish, address=ADDRESS, now_ms=now_ms)


def log_in_with(store: Store, password: str) -> None:
    log_in(store, WEAK, Credentials("ada", password), visit())


def test_the_new_password_is_the_one_from_now_on(store: Store, ada: Who) -> None:
    change(store, ada, PASSWORD)
    log_in_with(store, NEW_PASSWORD)
    with pytest.raises(LogInRefused):
        log_in_with(store, PASSWORD)


def test_all_other_sessions_end_and_nobody_elses(store: Store, ada: Who) -> None:
    log_in(store, WEAK, Credentials("ada", PASSWORD), visit("stolen"))
    signed_up(store, "bob")
    change(store, ada, PASSWORD)
    assert who_holds(store, "ada's key") == ada
    assert who_holds(store, "bob's key").name == "bob"
    with store.reading() as connection:
        assert recognise_session(connection, "stolen", now_ms=NOW_MS) is None


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("wrong password", NEW_PASSWORD, ProofRefused),
        (None, NEW_PASSWORD, ProofRefused),
        (PASSWORD, "short", PasswordRefused),
        (PASSWORD, "1234567890", PasswordRefused),
    ],
    ids=["wrong", "none", "short", "common"],
)
def test_what_is_refused_changes_nothing(
    store: Store, ada: Who, old: str | None, new: str, error: type[AccountError]
) -> None:
    log_in(store, WEAK, Credentials("ada", PASSWORD), visit("other"))
    with pytest.raises(error):
        change(store, ada, old, new)
    log_in_with(store, PASSWORD)
    assert who_holds(store, "other") is not None


def test_guessing_at_an_open_browser_is_limited_like_logging_in(store: Store, ada: Who) -> None:
    for _ in range(10):
        with pytest.raises(ProofRefused):
            change(store, ada, "wrong password")
    with pytest.raises(TooManyAttempts):
        change(store, ada, PASSWORD)
    with pytest.raises(TooManyAttempts):
        log_in_with(store, PASSWORD)
    change(store, ada, PASSWORD, now_ms=NOW_MS + 15 * MINUTE_MS)


def test_the_right_password_clears_the_failures(store: Store, ada: Who) -> None:
    for _ in range(3):
        for _ in range(9):
            with pytest.raises(ProofRefused):
                change(store, ada, "wrong password")
        change(store, ada, PASSWORD, PASSWORD)


def test_who_has_no_password_can_set_one_right_after_signing_in(store: Store, lee: Who) -> None:
    change(store, lee, None, now_ms=NOW_MS + 14 * MINUTE_MS)
    with pytest.raises(ProofRefused, match="not your password"):
        change(store, lee, None, now_ms=NOW_MS + 14 * MINUTE_MS)


def test_who_has_no_password_is_asked_to_sign_in_again_later(store: Store, lee: Who) -> None:
    with pytest.raises(ProofRefused, match="sign in with Lichess again"):
        change(store, lee, None, now_ms=NOW_MS + 15 * MINUTE_MS)


def test_the_local_user_has_nothing_to_prove(store: Store) -> None:
    with store.writing() as connection:
        accounts.add_account(connection, NewAccount("local"), now_ms=1)
        local = accounts.find_account_by_name(connection, "local")
    assert local is not None
    proved = prove_identity(store, WEAK, local_who(local), None, address=ADDRESS, now_ms=NOW_MS)
    assert proved == local


def test_an_account_that_is_gone_proves_nothing(store: Store, ada: Who) -> None:
    with store.writing() as connection:
        accounts.remove_account(connection, ada.user_id)
    with pytest.raises(ProofRefused, match="gone"):
        change(store, ada, PASSWORD)


class Interrupted(Argon2Hasher):
    """Does something else after the old password was looked at."""

    def __init__(self, meanwhile: Callable[[], None]) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self._meanwhile = meanwhile

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        self._meanwhile()
        return super().hash(password, salt=salt)


def test_of_two_changes_at_once_the_second_is_refused(store: Store, ada: Who) -> None:
    passwords = Passwords(
        PasswordHash((Interrupted(lambda: change(store, ada, PASSWORD, "the first to come")),))
    )
    wish = PasswordChange(PASSWORD, "the second to come")
    with pytest.raises(ProofRefused, match="by somebody else just now"):
        change_password(store, passwords, ada, wish, address=ADDRESS, now_ms=NOW_MS)
    log_in_with(store, "the first to come")


def test_the_operator_sets_a_password_and_ends_all_sessions(store: Store, ada: Who) -> None:
    with store.reading() as connection:
        account = accounts.find_account(connection, ada.user_id)
    assert account is not None
    reset_password(store, WEAK, account, NEW_PASSWORD)
    log_in_with(store, NEW_PASSWORD)
    with store.reading() as connection:
        assert recognise_session(connection, "ada's key", now_ms=NOW_MS) is None
    with pytest.raises(PasswordRefused):
        reset_password(store, WEAK, account, "short")
