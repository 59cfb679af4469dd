"""Which passwords are accepted, and how they are kept."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from chess_analytics.actions.account_errors import PasswordRefused
from chess_analytics.actions.passwords import (
    FEWEST_LETTERS,
    MOST_LETTERS,
    Passwords,
    argon2_passwords,
    check_password,
)
from tests.accounts import PASSWORD, WEAK, all_at_once

any_text = st.text(st.characters(), max_size=MOST_LETTERS)


@given(any_text)
def test_a_password_is_recognised_and_never_kept(password: str) -> None:
    kept = WEAK.hash(password)
    assert WEAK.verify(password, kept) == (True, None)
    assert kept != password
    assert len(password) < 4 or password not in kept


@given(any_text, any_text)
def test_another_password_is_not_recognised(password: str, other: str) -> None:
    fits, _ = WEAK.verify(other, WEAK.hash(password))
    assert fits == (WEAK.verify(password, WEAK.hash(other))[0])
    assert not fits or password.casefold() == other.casefold() or not password.isascii()


def test_the_same_password_is_kept_differently_each_time() -> None:
    assert WEAK.hash(PASSWORD) != WEAK.hash(PASSWORD)


def test_letters_count_and_not_how_they_are_spelled() -> None:
    kept = WEAK.hash("Gr\u00fcnfeld-Verteidigung")
    assert WEAK.verify("Gru\u0308nfeld-Verteidigung", kept)[0]
    assert not WEAK.verify("Grunfeld-Verteidigung", kept)[0]


def test_what_is_kept_is_argon2id_as_rfc_9106_recommends() -> None:
    kept = argon2_passwords().hash(PASSWORD)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_an_outdated_hash_is_replaced_by_one_of_todays_strength() -> None:
    stronger = Passwords(PasswordHash((Argon2Hasher(time_cost=2, memory_cost=16, parallelism=1),)))
    old = WEAK.hash(PASSWORD)
    fits, better = stronger.verify(PASSWORD, old)
    assert fits
    assert better is not None
    assert "m=16,t=2" in better
    assert stronger.verify(PASSWORD, better) == (True, None)
    assert stronger.verify("wrong", old) == (False, None)


@pytest.mark.parametrize("kept", [None, "", "not a hash", "$2b$12$abc"])
def test_nothing_fits_what_is_no_hash_of_ours(kept: str | None) -> None:
    assert WEAK.verify(PASSWORD, kept) == (False, None)


class Counting(Argon2Hasher):
    """Counts how many hash at the same time; none ends before the gate is full or the last came."""

    def __init__(self, full: int) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self._lock = threading.Lock()
        self._full = threading.Barrier(full)
        self.hashes = 0
        self.now = 0
        self.most = 0

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        with self._lock:
            self.hashes += 1
            self.now += 1
            self.most = max(self.most, self.now)
        self._full.wait()
        hashed = super().hash(password, salt=salt)
        with self._lock:
            self.now -= 1
        return hashed


def test_only_so_many_are_hashed_at_once_as_there_is_memory_for() -> None:
    hasher = Counting(full=2)
    passwords = Passwords(PasswordHash((hasher,)), at_once=2)
    hashes = all_at_once([lambda: passwords.hash(PASSWORD)] * 8)
    assert all(isinstance(kept, str) for kept in hashes)
    assert hasher.most == 2


def test_who_has_no_account_costs_a_hash_as_well() -> None:
    hasher = Counting(full=1)
    Passwords(PasswordHash((hasher,))).verify(PASSWORD, None)
    assert hasher.hashes == 1


@pytest.mark.parametrize(
    "password",
    [PASSWORD, "a" * 7 + "bcd", "xkcd-936-is-right", "пароль-пароль", "x1Y2" * 50, "ada-likes-e4"],
)
def test_a_long_password_of_ones_own_is_accepted(password: str) -> None:
    check_password(password, "ada")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "at least 10"),
        ("", "at least 10"),
        ("x" * 9, "at least 10"),
        ("1a2b3c4d5e" * 20 + "x", "at most 200"),
        ("correct horse \ud800", "half a character"),
        ("Ada.Lovelace", "not the user's name"),
        ("ecalevol.ada", "not the user's name"),
        ("1234567890", "tried first"),
        ("PASSWORD123", "tried first"),
        ("magnuscarlsen", "tried first"),
        ("abababababab", "tried first"),
        ("          ", "tried first"),
    ],
)
def test_an_easy_password_is_refused_with_the_reason(password: str, why: str) -> None:
    with pytest.raises(PasswordRefused, match=why):
        check_password(password, "ada.lovelace")


@given(st.text())
def test_what_is_accepted_has_a_bounded_length(password: str) -> None:
    try:
        check_password(password, "ada")
    except PasswordRefused:
        return
    assert FEWEST_LETTERS <= len(password) <= MOST_LETTERS
