"""Forget what has expired, where nobody comes by who would do it on the way."""

from chess_analytics.actions.keep_sessions import SESSION_IDLE_MS
from chess_analytics.actions.sign_in_with_lichess import SIGN_IN_LIFE_MS
from chess_analytics.actions.throttle_attempts import ATTEMPTS_KEPT_MS
from chess_analytics.store.lichess_sign_ins import sweep_lichess_sign_ins
from chess_analytics.store.session import Store
from chess_analytics.store.sessions import sweep_sessions
from chess_analytics.store.throttle import sweep_attempts


def forget_expired(store: Store, *, now_ms: int) -> None:
    """Remove sessions, sign-ins and attempts at passwords that count for nothing any more."""
    with store.writing() as connection:
        sweep_sessions(connection, now_ms=now_ms, idle_since_ms=now_ms - SESSION_IDLE_MS)
        sweep_lichess_sign_ins(connection, before_ms=now_ms - SIGN_IN_LIFE_MS)
        sweep_attempts(connection, before_ms=now_ms - ATTEMPTS_KEPT_MS)
