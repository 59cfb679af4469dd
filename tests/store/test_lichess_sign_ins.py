"""Sign-ins that are at Lichess: each is taken once."""

from chess_analytics.store.accounts import NewAccount, add_account
from chess_analytics.store.lichess_sign_ins import (
    LichessSignIn,
    add_lichess_sign_in,
    sweep_lichess_sign_ins,
    take_lichess_sign_in,
)
from chess_analytics.store.session import Store
from tests.accounts import all_at_once

SIGN_IN = LichessSignIn("verifier", None, 100)


def test_a_sign_in_is_taken_once(store: Store) -> None:
    with store.writing() as connection:
        user_id = add_account(connection, NewAccount("ada"), now_ms=1)
        linking = LichessSignIn("another", user_id, 200)
        add_lichess_sign_in(connection, "a", SIGN_IN)
        add_lichess_sign_in(connection, "b", linking)
        assert take_lichess_sign_in(connection, "a") == SIGN_IN
        assert take_lichess_sign_in(connection, "a") is None
        assert take_lichess_sign_in(connection, "b") == linking


def test_of_many_who_take_a_sign_in_at_once_one_gets_it(store: Store) -> None:
    with store.writing() as connection:
        add_lichess_sign_in(connection, "a", SIGN_IN)

    def take() -> LichessSignIn | None:
        with store.writing() as connection:
            return take_lichess_sign_in(connection, "a")

    taken = all_at_once([take] * 5)
    assert taken.count(SIGN_IN) == 1
    assert taken.count(None) == 4


def test_old_sign_ins_are_swept(store: Store) -> None:
    with store.writing() as connection:
        add_lichess_sign_in(connection, "old", SIGN_IN)
        add_lichess_sign_in(connection, "new", LichessSignIn("verifier", None, 101))
        sweep_lichess_sign_ins(connection, before_ms=100)
        assert take_lichess_sign_in(connection, "old") is None
        assert take_lichess_sign_in(connection, "new") is not None
