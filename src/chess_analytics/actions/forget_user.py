"""Remove a user with everything that is theirs: in the database, and among the uploaded files."""

from pathlib import Path

from chess_analytics.actions.account_errors import NotOneself
from chess_analytics.actions.add_user import add_local_user
from chess_analytics.actions.appoint_administrator import check_not_last
from chess_analytics.actions.recognise import How, Who
from chess_analytics.actions.spool_uploads import remove_uploads
from chess_analytics.store import accounts
from chess_analytics.store.session import Store

# On SQLite everybody else waits meanwhile: a short moment, many times.
_GAMES_AT_ONCE = 200


def forget_user(store: Store, user_id: int, uploads: Path) -> bool:
    """Remove a user; tell whether there was one.

    If it is interrupted, the user is there still, with fewer games: it can be done again.

    Raises:
        LastAdministrator: nobody would administer the others; then nothing is removed.
    """
    with store.writing() as connection:
        accounts.hold_accounts(connection)
        account = accounts.find_account(connection, user_id)
        if account is None:
            return False
        check_not_last(connection, account)
    _remove_games(store, user_id)
    with store.writing() as connection:
        accounts.hold_accounts(connection)
        account = accounts.find_account(connection, user_id)
        if account is None:
            return False
        check_not_last(connection, account)
        files = accounts.uploads_of_user(connection, user_id)
        accounts.remove_account(connection, user_id)
    remove_uploads(uploads, files)
    return True


def forget_oneself(store: Store, who: Who, uploads: Path, *, now_ms: int) -> None:
    """Remove the user who asks for it; a local installation begins anew with an empty library.

    Raises:
        LastAdministrator: as for `forget_user`.
    """
    forget_user(store, who.user_id, uploads)
    if who.how is How.LOCAL:
        with store.writing() as connection:
            add_local_user(connection, now_ms=now_ms)


def forget_another(store: Store, who: Who, user_id: int, uploads: Path) -> bool:
    """Remove another user, as administrators may; tell whether there was one.

    Raises:
        NotOneself: it is the administrator themself, who has to prove who they are for that.
    """
    if user_id == who.user_id:
        raise NotOneself("this is your own account; remove it with DELETE /api/v1/me")
    return forget_user(store, user_id, uploads)


def _remove_games(store: Store, user_id: int) -> None:
    removed = _GAMES_AT_ONCE
    while removed:
        with store.writing() as connection:
            removed = accounts.remove_some_games(connection, user_id, _GAMES_AT_ONCE)
