"""What has expired is forgotten, and nothing else."""

from sqlalchemy import insert, select

from chess_analytics.actions.forget_expired import forget_expired
from chess_analytics.store.session import Store
from chess_analytics.store.tables import lichess_sign_ins, log_in_failures, sessions, users
from tests.accounts import DAY_MS, NOW_MS


def test_sessions_sign_ins_and_attempts_that_have_expired_are_forgotten(store: Store) -> None:
    user = {"name": "ada", "name_key": "ada", "is_admin": False, "created_ms": 1}
    with store.writing() as connection:
        user_id = connection.execute(insert(users).values(user).returning(users.c.id)).scalar_one()
        for name, at_ms in (("old", NOW_MS - 100 * DAY_MS), ("new", NOW_MS)):
            session = {"key_hash": name, "user_id": user_id, "created_ms": at_ms, "agent": ""}
            session |= {"seen_ms": at_ms, "expires_ms": at_ms + DAY_MS}
            connection.execute(insert(sessions).values(session))
            sign_in = {"state_hash": name, "verifier": "", "created_ms": at_ms}
            connection.execute(insert(lichess_sign_ins).values(sign_in))
            connection.execute(insert(log_in_failures).values(subject=name, at_ms=at_ms))
    forget_expired(store, now_ms=NOW_MS)
    with store.reading() as connection:
        for column in (
            sessions.c.key_hash,
            lichess_sign_ins.c.state_hash,
            log_in_failures.c.subject,
        ):
            assert connection.execute(select(column)).scalars().all() == ["new"]
