"""Answers to drills: what counts, what is practice, and what an engine is asked for."""

import pytest

from chess_analytics.actions.answer_drill import (
    Given,
    answer_drill,
    show_solution,
    skip_drill,
)
from chess_analytics.actions.check_move import no_check
from chess_analytics.actions.gather_drills import gather_drills
from chess_analytics.store.drill_answers import answers_of
from chess_analytics.store.drill_mistakes import mistakes_of
from chess_analytics.store.drills import (
    DrillCounts,
    count_begun_since,
    count_drills,
    due_drills,
    find_drill,
    new_drills,
    suspend_drill,
)
from chess_analytics.store.session import Store
from chess_analytics.training.answers import Verdict
from chess_analytics.training.drill import AnswerRefused
from chess_analytics.training.schedule import Grade
from tests.accounts import DAY_MS, NOW_MS, all_at_once, signed_up
from tests.drills import Oracle, answer, drills_of, keep_drill, keep_mistaken_game


@pytest.fixture
def ada(store: Store) -> int:
    return signed_up(store, "ada").id


@pytest.fixture
def drill(store: Store, ada: int) -> int:
    return keep_drill(store, ada)


def history(store: Store, drill_id: int) -> list[tuple[str | None, Grade | None]]:
    with store.reading() as connection:
        return [(it.uci, it.grade) for it in answers_of(connection, drill_id)]


def counts(store: Store, user_id: int, now_ms: int = NOW_MS) -> DrillCounts:
    with store.reading() as connection:
        return count_drills(connection, user_id, now_ms=now_ms)


def test_the_first_right_answer_is_good_and_the_drill_comes_back(
    store: Store, ada: int, drill: int
) -> None:
    given = answer(store, ada, drill, "a3")
    assert (given.judged.verdict, given.grade) == (Verdict.RIGHT, Grade.GOOD)
    assert given.drill.due_ms == NOW_MS + 2 * DAY_MS
    assert counts(store, ada) == DrillCounts(
        all=1, due=0, new=0, begun=1, suspended=0, next_ms=NOW_MS + 2 * DAY_MS
    )
    later = answer(store, ada, drill, "a2a3", now_ms=given.drill.due_ms, spent_ms=61_000)
    assert later.grade is Grade.HARD
    assert later.drill.begun_ms == NOW_MS
    assert history(store, drill) == [("a2a3", Grade.GOOD), ("a2a3", Grade.HARD)]


def test_wrong_then_right_is_again_and_trying_on_is_practice(
    store: Store, ada: int, drill: int
) -> None:
    wrong = answer(store, ada, drill, "Ba6")
    assert (wrong.judged.verdict, wrong.grade) == (Verdict.WRONG, Grade.AGAIN)
    assert wrong.judged.loss == pytest.approx(36.6, abs=0.1)
    right = answer(store, ada, drill, "a3", now_ms=NOW_MS + 30_000)
    assert (right.judged.verdict, right.grade) == (Verdict.RIGHT, None)
    assert right.drill.due_ms == wrong.drill.due_ms == NOW_MS + DAY_MS
    assert history(store, drill) == [("f1a6", Grade.AGAIN), ("a2a3", None)]


def test_an_unknown_move_is_checked_once_and_remembered(store: Store, ada: int, drill: int) -> None:
    oracle = Oracle(20)
    for number in (1, 2):
        given = answer_drill(store, ada, drill, Given("Bb5"), check=oracle, now_ms=NOW_MS + number)
        assert given is not None
        assert given.judged.verdict is Verdict.RIGHT
    assert oracle.asked == ["f1b5"]
    bad = answer(store, ada, drill, "Bc4", worth=-200)
    assert bad.judged.verdict is Verdict.WRONG
    # What was said once holds, whatever an engine would say now.
    assert answer(store, ada, drill, "Bc4", worth=30).judged.verdict is Verdict.WRONG


def test_without_an_engine_an_unknown_move_counts_for_nothing(
    store: Store, ada: int, drill: int
) -> None:
    given = answer(store, ada, drill, "Bb5")
    assert (given.judged.verdict, given.grade) == (Verdict.UNKNOWN, None)
    assert history(store, drill) == []
    assert counts(store, ada).new == 1


def test_a_move_that_is_not_legal_is_refused(store: Store, ada: int, drill: int) -> None:
    with pytest.raises(AnswerRefused, match="no legal move"):
        answer(store, ada, drill, "Ke3")
    assert history(store, drill) == []


def test_a_solution_that_was_shown_counts_as_again(store: Store, ada: int, drill: int) -> None:
    for grade in (Grade.AGAIN, None):
        with store.writing() as connection:
            shown = show_solution(connection, ada, drill, now_ms=NOW_MS)
        assert shown is not None
        assert shown.grade is grade
    assert history(store, drill) == [(None, Grade.AGAIN), (None, None)]


def test_a_skipped_drill_comes_back_the_next_day_without_a_grade(
    store: Store, ada: int, drill: int
) -> None:
    with store.writing() as connection:
        assert skip_drill(connection, ada, drill, now_ms=NOW_MS)
    assert counts(store, ada) == DrillCounts(
        all=1, due=0, new=0, begun=0, suspended=0, next_ms=NOW_MS + DAY_MS
    )
    assert counts(store, ada, NOW_MS + DAY_MS).new == 1
    # It never brings one nearer that is further away.
    due_ms = answer(store, ada, drill, "a3", now_ms=NOW_MS + DAY_MS).drill.due_ms
    with store.writing() as connection:
        skip_drill(connection, ada, drill, now_ms=NOW_MS)
    assert drills_of(store, ada)[0].due_ms == due_ms


def test_a_drill_that_was_set_aside_neither_comes_nor_counts(
    store: Store, ada: int, drill: int
) -> None:
    with store.writing() as connection:
        assert suspend_drill(connection, ada, drill, is_suspended=True)
    assert counts(store, ada) == DrillCounts(
        all=1, due=0, new=0, begun=0, suspended=1, next_ms=None
    )
    assert answer(store, ada, drill, "a3").grade is None
    with store.writing() as connection:
        assert suspend_drill(connection, ada, drill, is_suspended=False)
    assert counts(store, ada).new == 1


def test_of_two_answers_at_once_one_counts(store: Store, ada: int, drill: int) -> None:
    given = all_at_once([lambda: answer(store, ada, drill, "a3")] * 4)
    grades = [None if isinstance(it, Exception) else it.grade for it in given]
    assert sorted(grades, key=str) == [None, None, None, Grade.GOOD], given


def test_another_users_drills_are_not_there(store: Store, ada: int, drill: int) -> None:
    bob = signed_up(store, "bob").id
    given = Given("a3")
    assert answer_drill(store, bob, drill, given, check=no_check, now_ms=NOW_MS) is None
    with store.writing() as connection:
        assert find_drill(connection, bob, drill) is None
        assert show_solution(connection, bob, drill, now_ms=NOW_MS) is None
        assert not skip_drill(connection, bob, drill, now_ms=NOW_MS)
        assert not suspend_drill(connection, bob, drill, is_suspended=True)
    assert counts(store, ada).new == 1
    assert history(store, drill) == []


def test_overdue_drills_come_first_and_new_ones_by_how_often_and_how_lately(
    store: Store, ada: int
) -> None:
    def with_move(black: str, day: int) -> int:
        played = f"1. e4 e5 2. Nf3 {black} 3. Ba6 bxa6 4. O-O Nf6 *"
        return keep_drill_of(store, ada, played, day)

    old, twice, late = with_move("d6", 1), with_move("a6", 2), with_move("h6", 3)
    assert with_move("a6", 2) == twice
    with store.reading() as connection:
        new = new_drills(connection, ada, now_ms=NOW_MS, limit=9)
    assert [it.id for it in new] == [twice, late, old]
    answer(store, ada, late, "a3")
    answer(store, ada, old, "Ba6")
    now_ms = NOW_MS + 5 * DAY_MS
    with store.reading() as connection:
        due = due_drills(connection, ada, now_ms=now_ms, limit=9)
        assert [it.id for it in due] == [old, late]
        assert [it.id for it in due_drills(connection, ada, now_ms=now_ms, limit=1)] == [old]
        assert count_begun_since(connection, ada, NOW_MS) == 2
        assert count_begun_since(connection, ada, NOW_MS + 1) == 0


def keep_drill_of(store: Store, user_id: int, played: str, day: int) -> int:
    """Store a mistaken game of a day and give its drill."""
    game_id = keep_mistaken_game(store, user_id, played, played_ms=day * DAY_MS)
    gather_drills(store, user_id, now_ms=NOW_MS)
    with store.reading() as connection:
        found = mistakes_of(connection, [drill.id for drill in drills_of(store, user_id)])
    return next(
        drill_id
        for drill_id, mistakes in found.items()
        if game_id in {mistake.game_id for mistake in mistakes}
    )
