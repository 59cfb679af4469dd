"""Make a token with which a program acts for a user."""

from sqlalchemy import Connection

from chess_analytics.actions.account_errors import TokenRefused, TooManyTokens
from chess_analytics.store import accounts, tokens
from chess_analytics.store.tokens import NewToken

MOST_TOKENS = 50
MOST_NAME_LETTERS = 60


def issue_token(connection: Connection, user_id: int, wish: NewToken, *, now_ms: int) -> int:
    """Add a token and give its number.

    Raises:
        TokenRefused: it could not be used for anything, or has no proper name.
        TooManyTokens: the user has as many as anybody may have.
    """
    _check(wish, now_ms)
    # Two requests at once would both find room for one more.
    accounts.hold_account(connection, user_id)
    if tokens.count_tokens(connection, user_id) >= MOST_TOKENS:
        raise TooManyTokens(
            f"you have {MOST_TOKENS} tokens, as many as anybody may have; revoke one first"
        )
    return tokens.add_token(connection, user_id, wish, now_ms=now_ms)


def _check(wish: NewToken, now_ms: int) -> None:
    if not wish.name.strip() or not wish.name.isprintable() or len(wish.name) > MOST_NAME_LETTERS:
        raise TokenRefused(
            f"a token's name has 1 to {MOST_NAME_LETTERS} printable letters; say what it is for"
        )
    if not wish.scopes:
        raise TokenRefused("a token needs a scope: read, write or both")
    if wish.expires_ms is not None and wish.expires_ms <= now_ms:
        raise TokenRefused("a token cannot expire in the past; give a later time or none")
