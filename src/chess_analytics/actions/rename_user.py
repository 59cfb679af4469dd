"""Give a user another name."""

from sqlalchemy import Connection

from chess_analytics.actions.add_user import name_taken
from chess_analytics.actions.user_names import check_name
from chess_analytics.store import accounts


def rename_user(connection: Connection, user_id: int, name: str) -> None:
    """Rename a user; other capitals of the same name are another name, too.

    Raises:
        NameRefused: nobody can have this name.
        NameTaken: somebody else has it.
    """
    check_name(name)
    accounts.hold_accounts(connection)
    other = accounts.find_account_by_name(connection, name)
    if other and other.id != user_id:
        raise name_taken(name)
    accounts.set_name(connection, user_id, name)
