"""Sign up: make an account of one's own, and be signed in."""

from dataclasses import dataclass, field

from chess_analytics.actions.add_user import add_account, check_open, name_taken
from chess_analytics.actions.keep_sessions import Visit, open_session
from chess_analytics.actions.passwords import Passwords, check_password
from chess_analytics.actions.throttle_attempts import count_attempt, sign_ups_from
from chess_analytics.actions.user_names import check_name
from chess_analytics.store import accounts
from chess_analytics.store.accounts import Account, NewAccount
from chess_analytics.store.session import Store


@dataclass(frozen=True, slots=True)
class Credentials:
    """What somebody proves with who they are."""

    name: str
    password: str = field(repr=False)


def sign_up(
    store: Store, passwords: Passwords, wish: Credentials, visit: Visit, *, is_open: bool
) -> Account:
    """Add a user and sign them in; the first may do so always, and is the administrator.

    Raises:
        AccountError: the name or the password cannot be used, sign-up is closed, or too many
            came from the same address.
    """
    check_name(wish.name)
    check_password(wish.password, wish.name)
    with store.writing() as connection:
        # Names that are taken count as well: nobody can ask for one name after the other.
        count_attempt(connection, [sign_ups_from(visit.address)], now_ms=visit.now_ms)
    with store.reading() as connection:
        check_open(connection, is_open=is_open)
        if accounts.find_account_by_name(connection, wish.name):
            raise name_taken(wish.name)
    new = NewAccount(wish.name, passwords.hash(wish.password))
    with store.writing() as connection:
        account = add_account(connection, new, is_open=is_open, now_ms=visit.now_ms)
        open_session(connection, account.id, visit)
    return account
