"""Recognise who makes a request, and what they may do."""

from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import Connection

from chess_analytics.actions.keep_sessions import SESSION_FRESH_MS, SESSION_IDLE_MS
from chess_analytics.actions.keys import key_hash
from chess_analytics.store import sessions, tokens
from chess_analytics.store.accounts import Account, find_account
from chess_analytics.store.session import Store

# So often is written down that a session or a token is in use: reading shall not mean writing.
_NOTED_EVERY_MS = 60 * 60_000


class Scope(StrEnum):
    """What a token may do."""

    READ = "read"
    WRITE = "write"


class How(StrEnum):
    """How somebody is signed in."""

    SESSION = "session"
    TOKEN = "token"  # noqa: S105 - a word
    LOCAL = "local"


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody who is signed in."""

    user_id: int
    name: str
    is_admin: bool
    scopes: frozenset[Scope]
    how: How
    key_hash: str | None = field(default=None, repr=False)
    """Of the session or the token."""
    signed_in_ms: int | None = None
    """When the session began."""
    used_ms: int | None = None
    """When the session or the token was last noted to be in use."""

    @property
    def session_hash(self) -> str | None:
        return self.key_hash if self.how is How.SESSION else None

    def signed_in_lately(self, now_ms: int) -> bool:
        """Tell whether the session is so young that signing in can count as a proof."""
        began_ms = self.signed_in_ms
        return began_ms is not None and now_ms - began_ms < SESSION_FRESH_MS


def recognise_session(connection: Connection, key: str, *, now_ms: int) -> Who | None:
    """Tell who holds the key of a session that has not ended."""
    hashed = key_hash(key)
    found = sessions.find_session(
        connection, hashed, now_ms=now_ms, idle_since_ms=now_ms - SESSION_IDLE_MS
    )
    if found is None:
        return None
    return Who(
        found.user_id,
        found.name,
        found.is_admin,
        frozenset(Scope),
        How.SESSION,
        key_hash=hashed,
        signed_in_ms=found.created_ms,
        used_ms=found.seen_ms,
    )


def recognise_token(connection: Connection, key: str, *, now_ms: int) -> Who | None:
    """Tell who a program acts for whose token has not expired."""
    hashed = key_hash(key)
    found = tokens.find_token(connection, hashed, now_ms=now_ms)
    if found is None:
        return None
    scopes = frozenset(map(Scope, found.scopes))
    return Who(
        found.user_id,
        found.name,
        found.is_admin,
        scopes,
        How.TOKEN,
        key_hash=hashed,
        used_ms=found.used_ms,
    )


def local_who(account: Account) -> Who:
    """Take everybody for the single user of a local installation."""
    return Who(account.id, account.name, account.is_admin, frozenset(Scope), How.LOCAL)


def is_still_signed_in(connection: Connection, who: Who, *, now_ms: int) -> bool:
    """Tell whether somebody who was recognised would be so again: nothing was revoked or ended."""
    match who.how:
        case How.SESSION:
            assert who.key_hash is not None  # noqa: S101 - a session has one
            idle_since_ms = now_ms - SESSION_IDLE_MS
            found = sessions.find_session(
                connection, who.key_hash, now_ms=now_ms, idle_since_ms=idle_since_ms
            )
            return found is not None
        case How.TOKEN:
            assert who.key_hash is not None  # noqa: S101 - a token has one
            return tokens.find_token(connection, who.key_hash, now_ms=now_ms) is not None
        case How.LOCAL:
            return find_account(connection, who.user_id) is not None


def is_use_to_be_noted(who: Who, *, now_ms: int) -> bool:
    """Tell whether it was not written down lately that a session or a token is in use."""
    is_known = who.key_hash is not None
    return is_known and (who.used_ms is None or now_ms - who.used_ms >= _NOTED_EVERY_MS)


def note_use(store: Store, who: Who, *, now_ms: int) -> None:
    """Write down that a session or a token is in use, if that was not done lately."""
    if who.key_hash is None or not is_use_to_be_noted(who, now_ms=now_ms):
        return
    with store.writing() as connection:
        if who.how is How.SESSION:
            sessions.note_session_use(connection, who.key_hash, now_ms=now_ms)
        else:
            tokens.note_token_use(connection, who.key_hash, now_ms=now_ms)
