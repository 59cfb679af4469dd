"""What users have answered to their drills."""

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from chess_analytics.store.drill_tables import drill_answers
from chess_analytics.training.schedule import Grade


@dataclass(frozen=True, slots=True)
class DrillAnswer:
    """One answer, or that the solution was shown."""

    at_ms: int
    uci: str | None
    """Absent where the solution was shown."""
    is_right: bool
    grade: Grade | None
    """Absent where it did not count: practice."""
    spent_ms: int | None


def keep_answer(connection: Connection, drill_id: int, answer: DrillAnswer) -> None:
    """Note an answer to a drill."""
    connection.execute(
        insert(drill_answers).values(
            drill_id=drill_id,
            at_ms=answer.at_ms,
            uci=answer.uci,
            is_right=answer.is_right,
            grade=answer.grade,
            spent_ms=answer.spent_ms,
        )
    )


def answers_of(connection: Connection, drill_id: int) -> list[DrillAnswer]:
    """List the answers to a drill, the oldest first."""
    rows = connection.execute(
        select(drill_answers)
        .where(drill_answers.c.drill_id == drill_id)
        .order_by(drill_answers.c.id)
    )
    return [
        DrillAnswer(
            row.at_ms, row.uci, row.is_right, Grade(row.grade) if row.grade else None, row.spent_ms
        )
        for row in rows
    ]
