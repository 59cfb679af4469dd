"""Make sure that a user is there, and stays until the end of a transaction."""

from sqlalchemy import Connection

from chess_analytics.actions.import_errors import OwnerGone
from chess_analytics.store.accounts import hold_account


def hold_owner(connection: Connection, user_id: int) -> None:
    """Let no other transaction change what imports and players of this user depend on.

    Raises:
        OwnerGone: the account was deleted since somebody was recognised.
    """
    if hold_account(connection, user_id) is None:
        raise OwnerGone("this account was deleted; sign up again to go on")
