"""When a drill comes back: FSRS, fed with what the answers show."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from fsrs import Card, Rating, Scheduler, State

DAY_MS = 86_400_000
SLOW_S = 60.0
"""A right answer that takes longer was hard to find."""
EARLY_MS = 4 * 3_600_000
"""A drill may be done so long before its time: who trains at nine one evening and at eight the
next finds the same drills."""
NEW_A_DAY = 10
"""New drills that are offered a day unless more are asked for; so that what comes back stays
little enough to be done."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
# Without steps of minutes: a day is the least, so that a session has an end. Without fuzz: the
# same answers give the same days.
_SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)


class Grade(StrEnum):
    """How well a drill was remembered; what FSRS calls a rating."""

    AGAIN = "again"
    HARD = "hard"
    GOOD = "good"


_RATINGS = {Grade.AGAIN: Rating.Again, Grade.HARD: Rating.Hard, Grade.GOOD: Rating.Good}


@dataclass(frozen=True, slots=True)
class Memory:
    """What FSRS knows of one drill."""

    stability: float
    """Days until the drill is remembered with a chance of 90 percent."""
    difficulty: float
    """1 (easy) to 10."""
    reviewed_ms: int
    """When it was graded last."""


@dataclass(frozen=True, slots=True)
class Scheduled:
    """What is known after a grade, and when the drill comes back."""

    memory: Memory
    due_ms: int


def grade_answer(*, is_right: bool, spent_s: float | None) -> Grade:
    """Grade the first answer of a sitting; how long it took may be unknown."""
    if not is_right:
        return Grade.AGAIN
    return Grade.HARD if spent_s is not None and spent_s > SLOW_S else Grade.GOOD


def schedule(memory: Memory | None, grade: Grade, now_ms: int) -> Scheduled:
    """Say when a drill comes back; ``memory`` is absent before its first grade."""
    now = _EPOCH + now_ms * _MILLISECOND
    # The card's number and due date play no part in what is reckoned.
    card = Card(card_id=0, due=now)
    if memory is not None:
        card = Card(
            card_id=0,
            state=State.Review,
            stability=memory.stability,
            difficulty=memory.difficulty,
            due=now,
            last_review=_EPOCH + memory.reviewed_ms * _MILLISECOND,
        )
    after, _ = _SCHEDULER.review_card(card, _RATINGS[grade], now)
    assert after.stability is not None  # noqa: S101 - a reviewed card has both
    assert after.difficulty is not None  # noqa: S101
    return Scheduled(
        Memory(after.stability, after.difficulty, now_ms), (after.due - _EPOCH) // _MILLISECOND
    )


def is_due(due_ms: int, now_ms: int) -> bool:
    """Tell whether a drill counts now; an answer before that is practice, and changes nothing."""
    return due_ms <= now_ms + EARLY_MS
