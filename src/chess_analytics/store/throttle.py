"""Attempts that are counted, so that nobody can go on guessing; all processes count together."""

from collections.abc import Collection

from sqlalchemy import Connection, delete, select, text

from chess_analytics.store.tables import log_in_failures

# Apart from the locks that have one number each.
_THROTTLE_LOCKS = 473_820


def hold_subjects(connection: Connection, subjects: Collection[str]) -> None:
    """Let no other transaction count the same subjects until this one ends.

    Otherwise many attempts at once would each see the others not yet counted.
    """
    if connection.dialect.name != "postgresql":
        return
    # Always in the same order, so that no two wait for each other.
    for subject in sorted(subjects):
        connection.execute(
            text("SELECT pg_advisory_xact_lock(:kind, hashtext(:subject))"),
            {"kind": _THROTTLE_LOCKS, "subject": subject},
        )


def nth_latest_attempt_ms(
    connection: Connection, subject: str, nth: int, *, since_ms: int
) -> int | None:
    """Tell when the ``nth`` latest attempt was, if there were so many after ``since_ms``."""
    return connection.execute(
        select(log_in_failures.c.at_ms)
        .where(log_in_failures.c.subject == subject, log_in_failures.c.at_ms > since_ms)
        .order_by(log_in_failures.c.at_ms.desc())
        .offset(nth - 1)
        .limit(1)
    ).scalar_one_or_none()


def add_attempt(connection: Connection, subject: str, *, at_ms: int) -> int:
    """Count an attempt and give its number."""
    added: int = connection.execute(
        log_in_failures.insert()
        .values(subject=subject, at_ms=at_ms)
        .returning(log_in_failures.c.id)
    ).scalar_one()
    return added


def forget_attempts(connection: Connection, attempts: Collection[int]) -> None:
    """Take back attempts that were no failures."""
    connection.execute(delete(log_in_failures).where(log_in_failures.c.id.in_(attempts)))


def clear_subject(connection: Connection, subject: str) -> None:
    connection.execute(delete(log_in_failures).where(log_in_failures.c.subject == subject))


def sweep_attempts(connection: Connection, *, before_ms: int) -> None:
    """Remove attempts that no limit looks at any more."""
    connection.execute(delete(log_in_failures).where(log_in_failures.c.at_ms <= before_ms))
