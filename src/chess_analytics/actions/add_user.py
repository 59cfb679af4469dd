"""Add a user; the first is the administrator, and there is exactly one first."""

from sqlalchemy import Connection

from chess_analytics.actions.account_errors import LichessAccountTaken, NameTaken, SignUpClosed
from chess_analytics.actions.passwords import Passwords, check_password
from chess_analytics.actions.user_names import LOCAL_NAME, check_name
from chess_analytics.store import accounts
from chess_analytics.store.accounts import Account, NewAccount
from chess_analytics.store.session import Store


def add_account(connection: Connection, new: NewAccount, *, is_open: bool, now_ms: int) -> Account:
    """Add a user with a name that was checked; the first is let in where nobody else is.

    Raises:
        SignUpClosed: there are users, and it is not open to others.
        NameTaken: somebody else goes by this name.
    """
    accounts.hold_accounts(connection)
    is_first = check_open(connection, is_open=is_open)
    if new.lichess_id and accounts.find_account_by_lichess(connection, new.lichess_id):
        raise LichessAccountTaken(
            f"the Lichess account {new.lichess_id!r} belongs to another user; sign in again"
        )
    added = NewAccount(new.name, new.password_hash, new.lichess_id, new.is_admin or is_first)
    user_id = accounts.add_account(connection, added, now_ms=now_ms)
    if user_id is None:
        raise name_taken(new.name)
    return Account(
        user_id, added.name, added.password_hash, added.lichess_id, added.is_admin, now_ms
    )


def check_open(connection: Connection, *, is_open: bool) -> bool:
    """Tell whether somebody who signs up now is the first.

    Raises:
        SignUpClosed: they are not, and it is not open to others.
    """
    is_first = not accounts.anybody_can_sign_in(connection)
    if not is_first and not is_open:
        raise SignUpClosed("nobody can sign up at this server; ask its operator for an account")
    return is_first


def add_user(
    store: Store, passwords: Passwords, name: str, password: str, *, is_admin: bool, now_ms: int
) -> Account:
    """Add a user as the operator wishes.

    Raises:
        AccountError: the name or the password cannot be used.
    """
    check_name(name)
    check_password(password, name)
    new = NewAccount(name, passwords.hash(password), is_admin=is_admin)
    with store.writing() as connection:
        return add_account(connection, new, is_open=True, now_ms=now_ms)


def find_or_add_local_user(store: Store, *, now_ms: int) -> Account:
    """Give the single user of a local installation, who is made at first use."""
    with store.reading() as connection:
        found = accounts.find_account_by_name(connection, LOCAL_NAME)
    if found:
        return found
    with store.writing() as connection:
        return add_local_user(connection, now_ms=now_ms)


def add_local_user(connection: Connection, *, now_ms: int) -> Account:
    """Add the single user of a local installation, unless another process was quicker."""
    new = NewAccount(LOCAL_NAME, is_admin=True)
    accounts.add_account(connection, new, now_ms=now_ms)
    found = accounts.find_account_by_name(connection, LOCAL_NAME)
    assert found is not None  # noqa: S101 - it was there, or is now
    return found


def name_taken(name: str) -> NameTaken:
    return NameTaken(f"the name {name!r} is taken; choose another one")
