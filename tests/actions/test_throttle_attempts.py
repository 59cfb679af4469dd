"""Nobody tries too often, however many of them try at once."""

import pytest

from chess_analytics.actions.account_errors import TooManyAttempts
from chess_analytics.actions.throttle_attempts import (
    Limit,
    count_attempt,
    lichess_sign_ins_from,
    log_ins_from,
    log_ins_of_name,
    sign_ups_from,
)
from chess_analytics.store import throttle
from chess_analytics.store.session import Store
from tests.accounts import MINUTE_MS, NOW_MS, all_at_once

LIMIT = Limit("somebody", most=3, window_ms=10 * MINUTE_MS, message="too many of these")


def attempt(store: Store, *limits: Limit, at_ms: int = NOW_MS) -> list[int]:
    with store.writing() as connection:
        return count_attempt(connection, limits or [LIMIT], now_ms=at_ms)


def test_so_many_are_let_through_and_no_more(store: Store) -> None:
    for _ in range(3):
        attempt(store)
    with pytest.raises(TooManyAttempts, match="too many of these; try again in 10 minutes"):
        attempt(store)


def test_the_wait_ends_when_the_oldest_that_counts_is_out_of_the_window(store: Store) -> None:
    for minute in range(3):
        attempt(store, at_ms=NOW_MS + minute * MINUTE_MS)
    with pytest.raises(TooManyAttempts) as refused:
        attempt(store, at_ms=NOW_MS + 9 * MINUTE_MS)
    assert refused.value.retry_after_s == 60
    attempt(store, at_ms=NOW_MS + 10 * MINUTE_MS)
    with pytest.raises(TooManyAttempts):
        attempt(store, at_ms=NOW_MS + 10 * MINUTE_MS)


def test_after_the_time_that_was_named_it_works(store: Store) -> None:
    for _ in range(3):
        attempt(store)
    with pytest.raises(TooManyAttempts) as refused:
        attempt(store, at_ms=NOW_MS + 1234)
    attempt(store, at_ms=NOW_MS + 1234 + refused.value.retry_after_s * 1000)


def test_a_refused_attempt_prolongs_nothing(store: Store) -> None:
    for _ in range(3):
        attempt(store)
    for _ in range(5):
        with pytest.raises(TooManyAttempts):
            attempt(store, at_ms=NOW_MS + 9 * MINUTE_MS)
    attempt(store, at_ms=NOW_MS + 10 * MINUTE_MS)


def test_where_one_limit_is_reached_the_others_do_not_count(store: Store) -> None:
    other = Limit("other", most=3, window_ms=MINUTE_MS, message="too many others")
    for _ in range(3):
        attempt(store)
    for _ in range(5):
        with pytest.raises(TooManyAttempts, match="of these"):
            attempt(store, other, LIMIT)
    for _ in range(3):
        attempt(store, other)


def test_an_attempt_that_is_taken_back_does_not_count(store: Store) -> None:
    for _ in range(20):
        attempts = attempt(store)
        with store.writing() as connection:
            throttle.forget_attempts(connection, attempts)


def test_of_many_at_once_no_more_than_the_limit_are_let_through(store: Store) -> None:
    outcomes = all_at_once([lambda: attempt(store)] * 12)
    let_through = [outcome for outcome in outcomes if isinstance(outcome, list)]
    refused = [outcome for outcome in outcomes if isinstance(outcome, TooManyAttempts)]
    assert (len(let_through), len(refused)) == (3, 9)


def test_old_attempts_are_swept(store: Store) -> None:
    attempt(store)
    attempt(store, at_ms=NOW_MS + 60 * MINUTE_MS)
    with store.reading() as connection:
        assert throttle.nth_latest_attempt_ms(connection, "somebody", 2, since_ms=0) is None


@pytest.mark.parametrize(
    ("one", "other", "are_same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("testclient", "testclient", True),
        ("testclient", "192.0.2.1", False),
    ],
)
def test_one_customer_is_one_address(one: str, other: str, *, are_same: bool) -> None:
    assert (log_ins_from(one) == log_ins_from(other)) == are_same


def test_each_kind_counts_for_itself_and_tells_nothing_of_the_subject() -> None:
    address = "192.0.2.1"
    limits = [
        log_ins_of_name(address),
        log_ins_from(address),
        sign_ups_from(address),
        lichess_sign_ins_from(address),
    ]
    assert len({limit.subject for limit in limits}) == 4
    assert not [limit for limit in limits if address in limit.subject]


def test_capitals_of_a_name_give_no_more_attempts() -> None:
    assert log_ins_of_name("ADA") == log_ins_of_name("ada")
    assert log_ins_of_name("a\ud800") != log_ins_of_name("ada")
