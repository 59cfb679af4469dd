"""Making tokens."""

from functools import partial

import pytest

from chess_analytics.actions.account_errors import TokenRefused, TooManyTokens
from chess_analytics.actions.issue_token import MOST_TOKENS, issue_token
from chess_analytics.store import tokens
from chess_analytics.store.session import Store
from chess_analytics.store.tokens import NewToken
from tests.accounts import NOW_MS, all_at_once, signed_up

READ = frozenset({"read"})


def issue(store: Store, user_id: int, number: int) -> int:
    with store.writing() as connection:
        wish = NewToken(f"program {number}", f"hash {number}", READ, None)
        return issue_token(connection, user_id, wish, now_ms=NOW_MS)


def test_a_user_has_fifty_tokens_at_most_and_leaves_others_theirs(store: Store) -> None:
    ada, bob = signed_up(store), signed_up(store, "bob")
    made = [issue(store, ada.id, number) for number in range(MOST_TOKENS)]
    with pytest.raises(TooManyTokens, match="revoke one first"):
        issue(store, ada.id, 100)
    issue(store, bob.id, 101)
    with store.writing() as connection:
        assert tokens.remove_token(connection, ada.id, made[7])
    issue(store, ada.id, 102)


def test_of_many_at_once_no_more_than_fifty_are_made(store: Store) -> None:
    ada = signed_up(store)
    for number in range(MOST_TOKENS - 2):
        issue(store, ada.id, number)
    outcomes = all_at_once([partial(issue, store, ada.id, 100 + number) for number in range(8)])
    assert sum(isinstance(outcome, TooManyTokens) for outcome in outcomes) == 6
    with store.reading() as connection:
        assert tokens.count_tokens(connection, ada.id) == MOST_TOKENS


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        (NewToken("", "h", READ, None), "1 to 60 printable"),
        (NewToken("  ", "h", READ, None), "1 to 60 printable"),
        (NewToken("a\0b", "h", READ, None), "1 to 60 printable"),
        (NewToken("a\ud800", "h", READ, None), "1 to 60 printable"),
        (NewToken("x" * 61, "h", READ, None), "1 to 60 printable"),
        (NewToken("x", "h", frozenset(), None), "needs a scope"),
        (NewToken("x", "h", READ, NOW_MS), "in the past"),
    ],
    ids=["empty", "blank", "zero", "half", "long", "no scope", "expired"],
)
def test_a_token_that_is_of_no_use_is_refused(store: Store, wish: NewToken, why: str) -> None:
    ada = signed_up(store)
    with pytest.raises(TokenRefused, match=why), store.writing() as connection:
        issue_token(connection, ada.id, wish, now_ms=NOW_MS)
    with store.reading() as connection:
        assert tokens.count_tokens(connection, ada.id) == 0
