"""Answer a drill: judged by what is known, else by an engine; graded where it counts."""

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from chess_analytics.actions.check_move import MoveCheck
from chess_analytics.store.drill_answers import DrillAnswer, keep_answer
from chess_analytics.store.drills import (
    StoredDrill,
    find_drill,
    keep_known_move,
    keep_schedule,
    known_moves,
    put_off,
)
from chess_analytics.store.session import Store
from chess_analytics.training.answers import Judged, Verdict, judge_answer
from chess_analytics.training.drill import KnownMove
from chess_analytics.training.schedule import DAY_MS, Grade, grade_answer, is_due, schedule


@dataclass(frozen=True, slots=True)
class Given:
    """What a user answers."""

    move: str
    """UCI or standard algebraic notation."""
    spent_ms: int | None = None
    """How long it took, where that is known."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of an answer."""

    drill: StoredDrill
    """As it is afterwards."""
    judged: Judged
    grade: Grade | None
    """Absent where it did not count: practice, or nobody knows the move."""


def answer_drill(
    store: Store,
    user_id: int,
    drill_id: int,
    given: Given,
    *,
    check: MoveCheck,
    now_ms: int,
) -> Answered | None:
    """Judge an answer and note it; nothing if there is no such drill of this user's.

    No transaction is open while the engine is asked.

    Raises:
        AnswerRefused: it is no legal move; nothing is noted.
        ChecksBusy: the engine has too much to do; nothing is noted.
    """
    with store.reading() as connection:
        drill = find_drill(connection, user_id, drill_id)
        known = known_moves(connection, drill_id) if drill else {}
    if drill is None:
        return None
    uci = drill.position.uci(drill.position.move(given.move))
    judged = judge_answer(drill.position, uci, drill.best, known)
    checked = None
    if judged.verdict is Verdict.UNKNOWN:
        score = check(drill.position, uci)
        if score is None:
            return Answered(drill, judged, None)
        checked = KnownMove(uci, score)
        judged = judge_answer(drill.position, uci, drill.best, {uci: checked})
    with store.writing() as connection:
        if checked:
            keep_known_move(connection, drill_id, checked)
        is_right = judged.verdict is Verdict.RIGHT
        return _note(
            connection,
            user_id,
            drill_id,
            judged,
            DrillAnswer(
                at_ms=now_ms, uci=uci, is_right=is_right, grade=None, spent_ms=given.spent_ms
            ),
        )


def show_solution(
    connection: Connection, user_id: int, drill_id: int, *, now_ms: int
) -> Answered | None:
    """Give a drill up; it comes back like one that was answered wrongly."""
    drill = find_drill(connection, user_id, drill_id)
    if drill is None:
        return None
    judged = Judged(drill.best.uci, Verdict.RIGHT, drill.best.score, 0.0)
    shown = DrillAnswer(at_ms=now_ms, uci=None, is_right=False, grade=None, spent_ms=None)
    return _note(connection, user_id, drill_id, judged, shown)


def skip_drill(connection: Connection, user_id: int, drill_id: int, *, now_ms: int) -> bool:
    """Put a drill off by a day without a grade; tell whether there is one."""
    return put_off(connection, user_id, drill_id, now_ms + DAY_MS)


def _note(
    connection: Connection, user_id: int, drill_id: int, judged: Judged, answer: DrillAnswer
) -> Answered | None:
    # Held, and looked at again: of two answers at once the first alone counts.
    drill = find_drill(connection, user_id, drill_id, hold=True)
    if drill is None:
        return None
    grade = None
    if is_due(drill.due_ms, answer.at_ms) and not drill.is_suspended:
        spent_s = None if answer.spent_ms is None else answer.spent_ms / 1000
        grade = grade_answer(is_right=answer.is_right, spent_s=spent_s)
        keep_schedule(connection, drill_id, schedule(drill.memory, grade, answer.at_ms))
    keep_answer(connection, drill_id, replace(answer, grade=grade))
    after = find_drill(connection, user_id, drill_id)
    return Answered(after or drill, judged, grade)
