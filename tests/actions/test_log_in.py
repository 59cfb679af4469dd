"""Logging in: one answer to all that is wrong, and no guessing."""

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from chess_analytics.actions.account_errors import LogInRefused, TooManyAttempts
from chess_analytics.actions.change_password import reset_password
from chess_analytics.actions.keep_sessions import MOST_SESSIONS, SESSION_LIFE_MS
from chess_analytics.actions.log_in import log_in
from chess_analytics.actions.passwords import Passwords
from chess_analytics.actions.recognise import recognise_session
from chess_analytics.actions.sign_up import Credentials
from chess_analytics.store import accounts
from chess_analytics.store.accounts import NewAccount
from chess_analytics.store.session import Store
from tests.accounts import (
    DAY_MS,
    MINUTE_MS,
    NOW_MS,
    PASSWORD,
    WEAK,
    all_at_once,
    signed_up,
    visit,
)

RIGHT = Credentials("ada", PASSWORD)
WRONG = Credentials("ada", "wrong password")


def is_signed_in(store: Store, key: str, now_ms: int = NOW_MS) -> bool:
    with store.reading() as connection:
        return recognise_session(connection, key, now_ms=now_ms) is not None


def fail(store: Store, times: int, **about: str | int) -> None:
    for _ in range(times):
        with pytest.raises(LogInRefused):
            log_in(store, WEAK, WRONG, visit(**about))  # type: ignore[arg-type]


def test_the_password_opens_a_session(store: Store) -> None:
    account = signed_up(store)
    assert log_in(store, WEAK, Credentials("ADA", PASSWORD), visit("new key")) == account
    assert is_signed_in(store, "new key")


@pytest.mark.parametrize(
    "claim",
    [
        WRONG,
        Credentials("eve", PASSWORD),
        Credentials("lee", PASSWORD),
        Credentials("", ""),
        Credentials("a\0da", PASSWORD),
        Credentials("a\ud800da", PASSWORD),
        Credentials("ada", "\ud800"),
        Credentials("ada", f"{PASSWORD}\0"),
    ],
    ids=["password", "name", "no password", "empty", "zero", "half", "half password", "zero end"],
)
def test_whatever_is_wrong_gets_the_same_answer_and_no_session(
    store: Store, claim: Credentials
) -> None:
    signed_up(store)
    with store.writing() as connection:
        accounts.add_account(connection, NewAccount("lee", lichess_id="lee"), now_ms=NOW_MS)
    with pytest.raises(LogInRefused) as refused:
        log_in(store, WEAK, claim, visit("new key"))
    assert str(refused.value) == "the name or the password is wrong; check both and try again"
    assert not is_signed_in(store, "new key")


def test_an_unknown_name_costs_as_many_hashes_as_a_known_one(store: Store) -> None:
    class Counting(Argon2Hasher):
        hashes = 0

        def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
            self.hashes += 1
            return super().hash(password, salt=salt)

        def verify(self, password: str | bytes, hash: str | bytes) -> bool:  # noqa: A002
            self.hashes += 1
            return super().verify(password, hash)

    signed_up(store)
    costs = []
    for name in ("ada", "eve", "no name at all"):
        hasher = Counting(time_cost=1, memory_cost=8, parallelism=1)
        with pytest.raises(LogInRefused):
            log_in(store, Passwords(PasswordHash((hasher,))), Credentials(name, "wrong"), visit())
        costs.append(hasher.hashes)
    assert costs == [1, 1, 1]


def test_a_hash_of_former_days_is_made_anew(store: Store) -> None:
    account = signed_up(store)
    stronger = Passwords(PasswordHash((Argon2Hasher(time_cost=2, memory_cost=16, parallelism=1),)))
    log_in(store, stronger, RIGHT, visit("first"))
    with store.reading() as connection:
        current = accounts.find_account(connection, account.id)
    assert current is not None
    assert current.password_hash is not None
    assert "m=16,t=2" in current.password_hash
    log_in(store, stronger, RIGHT, visit("second"))


def test_who_fails_ten_times_has_to_wait_even_with_the_right_password(store: Store) -> None:
    signed_up(store)
    fail(store, 10)
    with pytest.raises(TooManyAttempts, match="for this name; try again in 15 minutes") as refused:
        log_in(store, WEAK, RIGHT, visit("too early"))
    assert refused.value.retry_after_s == 15 * 60
    assert not is_signed_in(store, "too early")
    log_in(store, WEAK, RIGHT, visit("later", now_ms=NOW_MS + 15 * MINUTE_MS))


def test_a_name_that_does_not_exist_is_locked_alike(store: Store) -> None:
    for _ in range(10):
        with pytest.raises(LogInRefused):
            log_in(store, WEAK, Credentials("nobody", PASSWORD), visit())
    with pytest.raises(TooManyAttempts):
        log_in(store, WEAK, Credentials("nobody", PASSWORD), visit())


def test_the_right_password_clears_the_names_failures(store: Store) -> None:
    signed_up(store)
    for _ in range(3):
        fail(store, 9)
        log_in(store, WEAK, RIGHT, visit())


def test_many_names_from_one_address_have_to_wait(store: Store) -> None:
    signed_up(store)
    for number in range(50):
        with pytest.raises(LogInRefused):
            log_in(store, WEAK, Credentials(f"user{number}", PASSWORD), visit())
    with pytest.raises(TooManyAttempts, match="from your address"):
        log_in(store, WEAK, RIGHT, visit())
    log_in(store, WEAK, RIGHT, visit(address="192.0.2.2"))


def test_who_logs_in_often_is_not_taken_for_a_guesser(store: Store) -> None:
    signed_up(store)
    for _ in range(60):
        log_in(store, WEAK, RIGHT, visit())


def test_of_many_guesses_at_once_only_ten_are_looked_at(store: Store) -> None:
    signed_up(store)

    def guess() -> object:
        return log_in(store, WEAK, WRONG, visit())

    outcomes = all_at_once([guess] * 20)
    assert sum(isinstance(outcome, LogInRefused) for outcome in outcomes) == 10
    assert sum(isinstance(outcome, TooManyAttempts) for outcome in outcomes) == 10


def test_the_browsers_old_session_ends_when_it_logs_in_anew(store: Store) -> None:
    signed_up(store)
    log_in(store, WEAK, RIGHT, visit("old"))
    log_in(store, WEAK, RIGHT, visit("new", old_key="old"))
    assert not is_signed_in(store, "old")
    assert is_signed_in(store, "new")
    assert is_signed_in(store, "ada's key")


def test_ended_sessions_are_swept_when_somebody_logs_in(store: Store) -> None:
    signed_up(store)
    later_ms = NOW_MS + SESSION_LIFE_MS
    log_in(store, WEAK, RIGHT, visit("new", now_ms=later_ms))
    assert not is_signed_in(store, "ada's key", now_ms=NOW_MS)
    assert is_signed_in(store, "new", now_ms=later_ms + 29 * DAY_MS)
    assert not is_signed_in(store, "new", now_ms=later_ms + 30 * DAY_MS)


def test_a_user_has_only_so_many_sessions(store: Store) -> None:
    signed_up(store)
    for number in range(MOST_SESSIONS):
        log_in(store, WEAK, RIGHT, visit(f"{number}", now_ms=NOW_MS + 1 + number))
    assert not is_signed_in(store, "ada's key")
    assert is_signed_in(store, "0")


class Interrupted(Argon2Hasher):
    """Does something else after a password was looked at, and before that is acted on."""

    def __init__(self, store: Store, user_id: int) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self._store = store
        self._user_id = user_id

    def verify(self, password: str | bytes, hash: str | bytes) -> bool:  # noqa: A002
        fits = super().verify(password, hash)
        with self._store.reading() as connection:
            account = accounts.find_account(connection, self._user_id)
        assert account is not None
        reset_password(self._store, WEAK, account, "another good password")
        return fits


def test_a_password_that_is_changed_meanwhile_opens_nothing(store: Store) -> None:
    account = signed_up(store)
    passwords = Passwords(PasswordHash((Interrupted(store, account.id),)))
    with pytest.raises(LogInRefused):
        log_in(store, passwords, RIGHT, visit("late"))
    assert not is_signed_in(store, "late")
    log_in(store, WEAK, Credentials("ada", "another good password"), visit("right"))
    assert is_signed_in(store, "right")
