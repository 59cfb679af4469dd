"""Open the session of somebody who has just proved who they are."""

from dataclasses import dataclass, field

from sqlalchemy import Connection

from chess_analytics.actions.keys import key_hash
from chess_analytics.store import sessions
from chess_analytics.store.sessions import Session

_MINUTE_MS = 60_000
_DAY_MS = 24 * 60 * _MINUTE_MS
SESSION_LIFE_MS = 90 * _DAY_MS
SESSION_IDLE_MS = 30 * _DAY_MS
SESSION_FRESH_MS = 15 * _MINUTE_MS
"""For so long a sign-in counts as a proof where there is no password to ask for."""
# More browsers than anybody has; who goes on logging in cannot fill the database.
MOST_SESSIONS = 50
_MOST_AGENT_LETTERS = 200


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody at the door who may be about to sign in."""

    address: str
    agent: str
    """What their browser calls itself."""
    now_ms: int
    new_key: str = field(repr=False)
    """The key of the session, if one is opened: at least 256 random bits."""
    old_key: str | None = field(default=None, repr=False)
    """The key that the browser showed: its session ends when another begins."""


def open_session(connection: Connection, user_id: int, visit: Visit) -> None:
    """Open a session in the place of the browser's old one; what has expired is swept away."""
    now_ms = visit.now_ms
    sessions.sweep_sessions(connection, now_ms=now_ms, idle_since_ms=now_ms - SESSION_IDLE_MS)
    if visit.old_key is not None:
        sessions.remove_session(connection, key_hash(visit.old_key))
    session = Session(
        key_hash(visit.new_key),
        created_ms=now_ms,
        seen_ms=now_ms,
        expires_ms=now_ms + SESSION_LIFE_MS,
        agent=_printable(visit.agent),
    )
    sessions.remove_surplus_sessions(connection, user_id, MOST_SESSIONS - 1)
    sessions.add_session(connection, user_id, session)


def _printable(agent: str) -> str:
    return "".join(letter for letter in agent if letter.isprintable())[:_MOST_AGENT_LETTERS]
