"""Who is recognised, and how often that is written down."""

import dataclasses
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete

from chess_analytics.actions.issue_token import issue_token
from chess_analytics.actions.keep_sessions import (
    SESSION_FRESH_MS,
    SESSION_IDLE_MS,
    SESSION_LIFE_MS,
    Visit,
    open_session,
)
from chess_analytics.actions.keys import key_hash
from chess_analytics.actions.recognise import (
    How,
    Scope,
    Who,
    is_still_signed_in,
    local_who,
    note_use,
    recognise_session,
    recognise_token,
)
from chess_analytics.store import sessions, tokens
from chess_analytics.store.session import Store
from chess_analytics.store.tables import sessions as sessions_table
from chess_analytics.store.tables import users
from chess_analytics.store.tokens import NewToken
from tests.accounts import DAY_MS, MINUTE_MS, NOW_MS, signed_up, visit

HOUR_MS = 60 * MINUTE_MS


def by_session(store: Store, key: str, now_ms: int) -> Who | None:
    with store.reading() as connection:
        return recognise_session(connection, key, now_ms=now_ms)


def by_token(store: Store, key: str, now_ms: int) -> Who | None:
    with store.reading() as connection:
        return recognise_token(connection, key, now_ms=now_ms)


def add_token(store: Store, user_id: int, *scopes: Scope, expires_ms: int | None = None) -> None:
    wish = NewToken("a program", key_hash("cap_x"), frozenset(scopes), expires_ms)
    with store.writing() as connection:
        issue_token(connection, user_id, wish, now_ms=NOW_MS)


def test_a_session_may_do_everything(store: Store) -> None:
    account = signed_up(store)
    who = by_session(store, "ada's key", NOW_MS + 5)
    assert who == Who(
        account.id,
        "ada",
        is_admin=True,
        scopes=frozenset(Scope),
        how=How.SESSION,
        key_hash=key_hash("ada's key"),
        signed_in_ms=NOW_MS,
        used_ms=NOW_MS,
    )
    assert who.session_hash == key_hash("ada's key")


def test_a_session_lasts_as_long_as_it_is_used_and_no_longer_than_its_life(store: Store) -> None:
    signed_up(store)
    now_ms = NOW_MS
    while now_ms + SESSION_IDLE_MS - 1 < NOW_MS + SESSION_LIFE_MS:
        now_ms += SESSION_IDLE_MS - 1
        who = by_session(store, "ada's key", now_ms)
        assert who is not None
        note_use(store, who, now_ms=now_ms)
    assert now_ms >= NOW_MS + 2 * SESSION_IDLE_MS - 2
    assert by_session(store, "ada's key", NOW_MS + SESSION_LIFE_MS - 1) is not None
    assert by_session(store, "ada's key", NOW_MS + SESSION_LIFE_MS) is None


def test_an_idle_session_ends(store: Store) -> None:
    signed_up(store)
    assert by_session(store, "ada's key", NOW_MS + 30 * DAY_MS - 1) is not None
    assert by_session(store, "ada's key", NOW_MS + 30 * DAY_MS) is None


def test_a_token_may_do_what_its_scopes_say(store: Store) -> None:
    account = signed_up(store)
    add_token(store, account.id, Scope.READ)
    who = by_token(store, "cap_x", NOW_MS)
    assert who is not None
    assert (who.user_id, who.how, who.scopes) == (account.id, How.TOKEN, frozenset({Scope.READ}))
    assert who.session_hash is None
    assert not who.signed_in_lately(NOW_MS)
    assert by_token(store, "cap_y", NOW_MS) is None


def test_an_expired_token_is_nobodys(store: Store) -> None:
    add_token(store, signed_up(store).id, Scope.READ, expires_ms=NOW_MS + 1)
    assert by_token(store, "cap_x", NOW_MS) is not None
    assert by_token(store, "cap_x", NOW_MS + 1) is None


def test_keys_of_sessions_and_tokens_are_not_mixed_up(store: Store) -> None:
    add_token(store, signed_up(store).id, Scope.READ)
    assert by_session(store, "cap_x", NOW_MS) is None
    assert by_token(store, "ada's key", NOW_MS) is None


def test_use_is_noted_once_an_hour_at_most(store: Store) -> None:
    account = signed_up(store)
    add_token(store, account.id, Scope.READ)
    noted = []
    for minutes in (0, 59, 60, 61, 119, 120):
        now_ms = NOW_MS + minutes * MINUTE_MS
        for who in (by_session(store, "ada's key", now_ms), by_token(store, "cap_x", now_ms)):
            assert who is not None
            note_use(store, who, now_ms=now_ms)
        with store.reading() as connection:
            (session,) = sessions.sessions_of_user(
                connection, account.id, now_ms=now_ms, idle_since_ms=0
            )
            (token,) = tokens.tokens_of_user(connection, account.id)
        noted.append((session.seen_ms - NOW_MS, (token.used_ms or 0) - NOW_MS))
    hours = [0, 0, 1, 1, 1, 2]
    assert noted == [(hour * HOUR_MS, hour * HOUR_MS) for hour in hours]


def test_who_was_recognised_is_so_until_it_ends_is_revoked_or_the_account_is_gone(
    store: Store,
) -> None:
    account = signed_up(store)
    add_token(store, account.id, Scope.READ, expires_ms=NOW_MS + 10)
    by = [by_session(store, "ada's key", NOW_MS), by_token(store, "cap_x", NOW_MS)]
    everybody = [*filter(None, by), local_who(account)]

    def _still(now_ms: int) -> list[bool]:
        with store.reading() as connection:
            return [is_still_signed_in(connection, who, now_ms=now_ms) for who in everybody]

    assert _still(NOW_MS + 9) == [True, True, True]
    assert _still(NOW_MS + 10) == [True, False, True]
    with store.writing() as connection:
        connection.execute(delete(sessions_table))
    assert _still(NOW_MS) == [False, True, True]
    with store.writing() as connection:
        connection.execute(delete(users))
    assert _still(NOW_MS) == [False, False, False]


def test_the_local_user_is_signed_in_always_and_nothing_is_noted(store: Store) -> None:
    who = local_who(signed_up(store))
    assert (who.how, who.scopes, who.key_hash) == (How.LOCAL, frozenset(Scope), None)
    note_use(store, who, now_ms=NOW_MS + DAY_MS)


def test_a_sign_in_counts_as_lately_for_a_quarter_of_an_hour(store: Store) -> None:
    signed_up(store)
    who = by_session(store, "ada's key", NOW_MS)
    assert who is not None
    assert who.signed_in_lately(NOW_MS + SESSION_FRESH_MS - 1)
    assert not who.signed_in_lately(NOW_MS + SESSION_FRESH_MS)


@given(st.text(st.characters()))
def test_what_is_kept_of_a_key_is_a_hash_and_never_the_key(key: str) -> None:
    assert re.fullmatch("[0-9a-f]{64}", key_hash(key))
    assert key_hash(key) != key


@pytest.mark.parametrize(
    ("agent", "kept"),
    [("Browser/1 (X)", "Browser/1 (X)"), ("a\0b\nc\x7f\ud800d", "abcd"), ("x" * 1000, "x" * 200)],
)
def test_the_name_of_a_browser_is_kept_as_far_as_it_can_be(
    store: Store, agent: str, kept: str
) -> None:
    account = signed_up(store)
    come: Visit = dataclasses.replace(visit("new", now_ms=NOW_MS + 1), agent=agent)
    with store.writing() as connection:
        open_session(connection, account.id, come)
        newest, _ = sessions.sessions_of_user(
            connection, account.id, now_ms=NOW_MS + 1, idle_since_ms=0
        )
    assert newest.agent == kept


def test_no_secret_is_told_by_what_a_log_would_show() -> None:
    who = Who(1, "ada", is_admin=False, scopes=frozenset(), how=How.TOKEN, key_hash="hash")
    assert "hash" not in repr(who)
    assert "secret" not in repr(visit("secret", old_key="secret"))
