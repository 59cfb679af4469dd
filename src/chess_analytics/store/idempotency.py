"""Answers that were given once: a request that comes again under the same key gets them again."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, delete, select, update

from chess_analytics.store.dialect import insert_new
from chess_analytics.store.tables import idempotent_answers


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What was answered to the first request under a key."""

    request_hash: str
    status: int
    body: str


def claim_key(
    connection: Connection, user_id: int, key: str, request_hash: str, *, now_ms: int
) -> GivenAnswer | None:
    """Take a key for a first request, or give the answer that was given under it.

    Who takes the key has to `keep_answer` in the same transaction; who comes at the same time
    waits for that.
    """
    taken = connection.execute(
        insert_new(connection, idempotent_answers)
        .values(user_id=user_id, key=key, request_hash=request_hash, created_ms=now_ms)
        .returning(idempotent_answers.c.key)
    )
    if taken.first():
        return None
    row = connection.execute(
        select(
            idempotent_answers.c.request_hash,
            idempotent_answers.c.status,
            idempotent_answers.c.body,
        ).where(*_is(user_id, key))
    ).one()
    return GivenAnswer(row.request_hash, row.status, row.body)


def is_key_known(connection: Connection, user_id: int, key: str) -> bool:
    """Tell whether something was answered under a key."""
    wanted = select(idempotent_answers.c.key).where(*_is(user_id, key))
    return connection.execute(wanted).first() is not None


def keep_answer(connection: Connection, user_id: int, key: str, *, status: int, body: str) -> None:
    """Note what is about to be answered."""
    connection.execute(
        update(idempotent_answers).where(*_is(user_id, key)).values(status=status, body=body)
    )


def forget_answers(connection: Connection, before_ms: int) -> None:
    """Free the keys that were taken before."""
    connection.execute(
        delete(idempotent_answers).where(idempotent_answers.c.created_ms < before_ms)
    )


def _is(user_id: int, key: str) -> tuple[ColumnElement[bool], ...]:
    return (idempotent_answers.c.user_id == user_id, idempotent_answers.c.key == key)
