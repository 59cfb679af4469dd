"""Change a password; whoever was signed in with the old one is signed out."""

from dataclasses import dataclass, field

from chess_analytics.actions.account_errors import ProofRefused
from chess_analytics.actions.passwords import Passwords, check_password
from chess_analytics.actions.prove_identity import prove_identity
from chess_analytics.actions.recognise import Who
from chess_analytics.store import accounts, sessions
from chess_analytics.store.accounts import Account
from chess_analytics.store.session import Store


@dataclass(frozen=True, slots=True)
class PasswordChange:
    """The password that somebody has, and the one they want."""

    old: str | None = field(repr=False)
    """Absent where there was none: see `prove_identity`."""
    new: str = field(repr=False)


def change_password(
    store: Store,
    passwords: Passwords,
    who: Who,
    change: PasswordChange,
    *,
    address: str,
    now_ms: int,
) -> None:
    """Give a user another password, and end all their sessions but this one.

    Raises:
        AccountError: the new one is too easy to guess, or the old one is wrong.
    """
    check_password(change.new, who.name)
    account = prove_identity(store, passwords, who, change.old, address=address, now_ms=now_ms)
    new_hash = passwords.hash(change.new)
    with store.writing() as connection:
        current = accounts.hold_account(connection, account.id)
        if current is None or current.password_hash != account.password_hash:
            raise ProofRefused("the password was changed by somebody else just now; log in again")
        accounts.set_password_hash(connection, account.id, new_hash)
        sessions.remove_other_sessions(connection, account.id, kept=who.session_hash)


def reset_password(store: Store, passwords: Passwords, account: Account, new: str) -> None:
    """Give a user another password as the operator wishes, and end all their sessions.

    Raises:
        PasswordRefused: it is too easy to guess.
    """
    check_password(new, account.name)
    new_hash = passwords.hash(new)
    with store.writing() as connection:
        accounts.set_password_hash(connection, account.id, new_hash)
        sessions.remove_other_sessions(connection, account.id, kept=None)
