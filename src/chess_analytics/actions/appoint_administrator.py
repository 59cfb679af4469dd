"""Make a user an administrator, or one no more; somebody administers the others always."""

from sqlalchemy import Connection

from chess_analytics.actions.account_errors import LastAdministrator
from chess_analytics.store import accounts
from chess_analytics.store.accounts import Account


def appoint_administrator(
    connection: Connection, user_id: int, *, is_admin: bool
) -> Account | None:
    """Give or take the office, and give the user as they are now; nothing where there is none.

    Raises:
        LastAdministrator: nobody would administer the others.
    """
    accounts.hold_accounts(connection)
    account = accounts.find_account(connection, user_id)
    if account is None:
        return None
    if not is_admin:
        check_not_last(connection, account)
    accounts.set_admin(connection, user_id, is_admin=is_admin)
    return accounts.find_account(connection, user_id)


def check_not_last(connection: Connection, account: Account) -> None:
    """Refuse to lose the last administrator; who asks has to hold the accounts.

    Raises:
        LastAdministrator: there are other users, and no other administrator.
    """
    can_sign_in = account.password_hash is not None or account.lichess_id is not None
    if not (account.is_admin and can_sign_in):
        return
    is_last = accounts.count_administrators(connection) == 1
    if is_last and accounts.others_can_sign_in(connection, account.id):
        raise LastAdministrator(
            f"{account.name!r} is the only administrator; make another user one first"
        )
