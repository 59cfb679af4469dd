"""When drills come back: sooner after errors, never within a day, always the same."""

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chess_analytics.training.schedule import (
    DAY_MS,
    EARLY_MS,
    SLOW_S,
    Grade,
    Memory,
    grade_answer,
    is_due,
    schedule,
)
from tests.accounts import NOW_MS

grades = st.lists(st.sampled_from(Grade), min_size=1, max_size=12)


def days_after(*given: Grade) -> list[int]:
    """Give the days until a drill comes back after each grade, each given when it was due."""
    memory: Memory | None = None
    now_ms, found = NOW_MS, []
    for grade in given:
        after = schedule(memory, grade, now_ms)
        found.append((after.due_ms - now_ms) // DAY_MS)
        memory, now_ms = after.memory, after.due_ms
    return found


@pytest.mark.parametrize(
    ("is_right", "spent_s", "grade"),
    [
        (True, 5.0, Grade.GOOD),
        (True, SLOW_S, Grade.GOOD),
        (True, SLOW_S + 0.1, Grade.HARD),
        (True, None, Grade.GOOD),
        (False, 1.0, Grade.AGAIN),
        (False, None, Grade.AGAIN),
    ],
)
def test_the_first_answer_and_its_time_give_the_grade(
    is_right: Literal[True, False], spent_s: float | None, grade: Grade
) -> None:
    assert grade_answer(is_right=is_right, spent_s=spent_s) is grade


def test_what_is_remembered_comes_back_later_and_later() -> None:
    assert days_after(*[Grade.GOOD] * 4) == [2, 11, 46, 163]


def test_an_error_brings_a_drill_back_the_next_day() -> None:
    assert days_after(Grade.AGAIN) == [1]
    *_, before, after = days_after(Grade.GOOD, Grade.GOOD, Grade.GOOD, Grade.AGAIN)
    assert before > 40 > after


@given(grades)
def test_hard_is_never_later_than_good_and_again_never_later_than_hard(given: list[Grade]) -> None:
    again, hard, good = (days_after(*given, last)[-1] for last in Grade)
    assert 1 <= again <= hard <= good


@given(grades)
def test_the_same_answers_give_the_same_days(given: list[Grade]) -> None:
    assert days_after(*given) == days_after(*given)


def test_drills_can_be_done_a_little_before_their_time() -> None:
    assert is_due(NOW_MS + EARLY_MS, NOW_MS)
    assert not is_due(NOW_MS + EARLY_MS + 1, NOW_MS)
    # So that no drill comes back on the day of its answer.
    assert not is_due(schedule(None, Grade.AGAIN, NOW_MS).due_ms, NOW_MS + DAY_MS // 2)
