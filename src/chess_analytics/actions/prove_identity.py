"""Have somebody who is signed in prove once more that they are who they are."""

from chess_analytics.actions.account_errors import ProofRefused
from chess_analytics.actions.passwords import Passwords
from chess_analytics.actions.recognise import How, Who
from chess_analytics.actions.throttle_attempts import (
    count_attempt,
    log_ins_from,
    log_ins_of_name,
)
from chess_analytics.store import accounts, throttle
from chess_analytics.store.accounts import Account
from chess_analytics.store.session import Store


def prove_identity(
    store: Store,
    passwords: Passwords,
    who: Who,
    password: str | None,
    *,
    address: str,
    now_ms: int,
) -> Account:
    """Ask for the password again; where there is none, for a sign-in of just now.

    Wrong ones count as failures to log in: a browser that was left open is no way to guess.

    Raises:
        ProofRefused: it is not the password, or the sign-in was too long ago.
        TooManyAttempts: too often lately.
    """
    with store.reading() as connection:
        account = accounts.find_account(connection, who.user_id)
    if account is None:
        raise ProofRefused("this account is gone")
    if account.password_hash is None:
        _check_sign_in(who, now_ms)
        return account
    by_name = log_ins_of_name(account.name)
    with store.writing() as connection:
        attempts = count_attempt(connection, [by_name, log_ins_from(address)], now_ms=now_ms)
    fits, _ = passwords.verify(password or "", account.password_hash)
    if not fits:
        raise ProofRefused("this is not your password; check it and try again")
    with store.writing() as connection:
        throttle.clear_subject(connection, by_name.subject)
        throttle.forget_attempts(connection, attempts)
    return account


def _check_sign_in(who: Who, now_ms: int) -> None:
    if who.how is not How.LOCAL and not who.signed_in_lately(now_ms):
        raise ProofRefused(
            "you have no password to prove who you are; sign in with Lichess again, and do this "
            "within 15 minutes"
        )
