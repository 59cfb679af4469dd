"""API tokens: who a program acts for and what it may do, known by the hash of its key."""

from dataclasses import dataclass, field

from sqlalchemy import Connection, delete, func, or_, select, update

from chess_analytics.store.tables import tokens, users


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token that is about to be."""

    name: str
    key_hash: str = field(repr=False)
    scopes: frozenset[str]
    expires_ms: int | None


@dataclass(frozen=True, slots=True)
class Token:
    """A token as its owner sees it."""

    id: int
    name: str
    scopes: frozenset[str]
    created_ms: int
    expires_ms: int | None
    used_ms: int | None


@dataclass(frozen=True, slots=True)
class TokenUser:
    """Who a token acts for, and with which scopes."""

    user_id: int
    name: str
    is_admin: bool
    scopes: frozenset[str]
    used_ms: int | None


def add_token(connection: Connection, user_id: int, new: NewToken, *, now_ms: int) -> int:
    """Add a token and give its number."""
    added: int = connection.execute(
        tokens.insert()
        .values(
            user_id=user_id,
            name=new.name,
            key_hash=new.key_hash,
            scopes=" ".join(sorted(new.scopes)),
            created_ms=now_ms,
            expires_ms=new.expires_ms,
        )
        .returning(tokens.c.id)
    ).scalar_one()
    return added


def find_token(connection: Connection, key_hash: str, *, now_ms: int) -> TokenUser | None:
    """Tell who a token acts for, if it has not expired."""
    row = connection.execute(
        select(users.c.id, users.c.name, users.c.is_admin, tokens.c.scopes, tokens.c.used_ms)
        .join(users, users.c.id == tokens.c.user_id)
        .where(
            tokens.c.key_hash == key_hash,
            or_(tokens.c.expires_ms.is_(None), tokens.c.expires_ms > now_ms),
        )
    ).one_or_none()
    if row is None:
        return None
    return TokenUser(row.id, row.name, row.is_admin, frozenset(row.scopes.split()), row.used_ms)


def tokens_of_user(connection: Connection, user_id: int) -> list[Token]:
    """List a user's tokens, the newest first; expired ones are among them."""
    rows = connection.execute(
        select(
            tokens.c.id,
            tokens.c.name,
            tokens.c.scopes,
            tokens.c.created_ms,
            tokens.c.expires_ms,
            tokens.c.used_ms,
        )
        .where(tokens.c.user_id == user_id)
        .order_by(tokens.c.id.desc())
    )
    return [
        Token(row.id, row.name, frozenset(row.scopes.split()), *row[3:])  # as selected
        for row in rows
    ]


def count_tokens(connection: Connection, user_id: int) -> int:
    return connection.execute(
        select(func.count()).select_from(tokens).where(tokens.c.user_id == user_id)
    ).scalar_one()


def note_token_use(connection: Connection, key_hash: str, *, now_ms: int) -> None:
    connection.execute(update(tokens).where(tokens.c.key_hash == key_hash).values(used_ms=now_ms))


def remove_token(connection: Connection, user_id: int, token_id: int) -> bool:
    """Revoke one of a user's tokens; tell whether there was such a one."""
    gone = connection.execute(
        delete(tokens).where(tokens.c.user_id == user_id, tokens.c.id == token_id)
    )
    return gone.rowcount > 0
