"""Log in with a name and a password."""

from sqlalchemy import Connection

from chess_analytics.actions.account_errors import LogInRefused
from chess_analytics.actions.keep_sessions import Visit, open_session
from chess_analytics.actions.passwords import Passwords
from chess_analytics.actions.sign_up import Credentials
from chess_analytics.actions.throttle_attempts import (
    count_attempt,
    log_ins_from,
    log_ins_of_name,
)
from chess_analytics.actions.user_names import is_name
from chess_analytics.store import accounts, throttle
from chess_analytics.store.accounts import Account
from chess_analytics.store.session import Store


def log_in(store: Store, passwords: Passwords, claim: Credentials, visit: Visit) -> Account:
    """Open a session for who knows the password.

    Raises:
        LogInRefused: the name or the password is wrong.
        TooManyAttempts: too often lately; the right password is refused then, too.
    """
    by_name = log_ins_of_name(claim.name)
    limits = [by_name, log_ins_from(visit.address)]
    with store.writing() as connection:
        attempts = count_attempt(connection, limits, now_ms=visit.now_ms)
        found = _find(connection, claim.name)
    fits, better_hash = passwords.verify(claim.password, found.password_hash if found else None)
    if found is None or not fits:
        raise _refused()
    with store.writing() as connection:
        current = accounts.hold_account(connection, found.id)
        if current is None or current.password_hash != found.password_hash:
            # Meanwhile the password was changed, and with it all sessions were ended.
            raise _refused()
        throttle.clear_subject(connection, by_name.subject)
        throttle.forget_attempts(connection, attempts)
        if better_hash:
            accounts.set_password_hash(connection, current.id, better_hash)
        open_session(connection, current.id, visit)
    return current


def _find(connection: Connection, name: str) -> Account | None:
    # What cannot be a name may hold letters that a database refuses.
    return accounts.find_account_by_name(connection, name) if is_name(name) else None


def _refused() -> LogInRefused:
    return LogInRefused("the name or the password is wrong; check both and try again")
