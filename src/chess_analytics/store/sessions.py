"""Sessions: which browsers are signed in, known by the hash of a key that only they hold."""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, func, or_, select, update

from chess_analytics.store.tables import sessions, users

# Enough of a hash to name one of a user's few sessions, and of no use for anything else.
_ID_LETTERS = 16
# Asked with every request: made once, which costs more than the database's part of it.
_FIND = (
    select(users.c.id, users.c.name, users.c.is_admin, sessions.c.created_ms, sessions.c.seen_ms)
    .join(users, users.c.id == sessions.c.user_id)
    .where(
        sessions.c.key_hash == bindparam("shown"),
        sessions.c.expires_ms > bindparam("now_ms"),
        sessions.c.seen_ms > bindparam("idle_since_ms"),
    )
)


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that is signed in."""

    key_hash: str
    created_ms: int
    seen_ms: int
    expires_ms: int
    agent: str

    @property
    def id(self) -> str:
        return self.key_hash[:_ID_LETTERS]


@dataclass(frozen=True, slots=True)
class SessionUser:
    """Who a session is of."""

    user_id: int
    name: str
    is_admin: bool
    created_ms: int
    seen_ms: int


def add_session(connection: Connection, user_id: int, session: Session) -> None:
    connection.execute(
        sessions.insert().values(
            key_hash=session.key_hash,
            user_id=user_id,
            created_ms=session.created_ms,
            seen_ms=session.seen_ms,
            expires_ms=session.expires_ms,
            agent=session.agent,
        )
    )


def find_session(
    connection: Connection, key_hash: str, *, now_ms: int, idle_since_ms: int
) -> SessionUser | None:
    """Tell who is signed in with a session that was used lately and has not expired."""
    asked = {"shown": key_hash, "now_ms": now_ms, "idle_since_ms": idle_since_ms}
    row = connection.execute(_FIND, asked).one_or_none()
    return SessionUser(*row) if row else None


def sessions_of_user(
    connection: Connection, user_id: int, *, now_ms: int, idle_since_ms: int
) -> list[Session]:
    """List the sessions that can still be used, the one used last first."""
    rows = connection.execute(
        select(
            sessions.c.key_hash,
            sessions.c.created_ms,
            sessions.c.seen_ms,
            sessions.c.expires_ms,
            sessions.c.agent,
        )
        .where(
            sessions.c.user_id == user_id,
            sessions.c.expires_ms > now_ms,
            sessions.c.seen_ms > idle_since_ms,
        )
        .order_by(sessions.c.seen_ms.desc(), sessions.c.created_ms.desc(), sessions.c.key_hash)
    )
    return [Session(*row) for row in rows]


def note_session_use(connection: Connection, key_hash: str, *, now_ms: int) -> None:
    connection.execute(
        update(sessions)
        .where(sessions.c.key_hash == key_hash, sessions.c.seen_ms < now_ms)
        .values(seen_ms=now_ms)
    )


def remove_session(connection: Connection, key_hash: str) -> None:
    connection.execute(delete(sessions).where(sessions.c.key_hash == key_hash))


def remove_session_of_user(connection: Connection, user_id: int, session_id: str) -> bool:
    """Remove one of a user's sessions; tell whether there was such a one."""
    named = func.substr(sessions.c.key_hash, 1, _ID_LETTERS) == session_id
    gone = connection.execute(delete(sessions).where(sessions.c.user_id == user_id, named))
    return gone.rowcount > 0


def remove_other_sessions(connection: Connection, user_id: int, *, kept: str | None) -> None:
    """Remove all sessions of a user but the one with this hash."""
    others = sessions.c.user_id == user_id
    if kept is not None:
        others &= sessions.c.key_hash != kept
    connection.execute(delete(sessions).where(others))


def remove_surplus_sessions(connection: Connection, user_id: int, most: int) -> None:
    """Remove the sessions used longest ago until ``most`` are left."""
    surplus = (
        select(sessions.c.key_hash)
        .where(sessions.c.user_id == user_id)
        .order_by(sessions.c.seen_ms.desc(), sessions.c.created_ms.desc(), sessions.c.key_hash)
        .offset(most)
    )
    connection.execute(delete(sessions).where(sessions.c.key_hash.in_(surplus)))


def sweep_sessions(connection: Connection, *, now_ms: int, idle_since_ms: int) -> None:
    """Remove what nobody can sign in with any more."""
    ended = or_(sessions.c.expires_ms <= now_ms, sessions.c.seen_ms <= idle_since_ms)
    connection.execute(delete(sessions).where(ended))
