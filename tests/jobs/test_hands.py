"""What a slot does: it saves a game and takes the next one, or gives it back."""

import threading

import pytest

from chess_analytics.jobs.engine_supply import EngineSupply
from chess_analytics.jobs.hands import Hands
from chess_analytics.jobs.task_desk import TaskDesk
from chess_analytics.jobs.task_work import TaskEnd
from chess_analytics.store.job_rows import JobState, Service, TaskState
from chess_analytics.store.session import Store
from tests.accounts import NOW_MS
from tests.jobs.studio import Studio, TestSource

EVERYTHING = tuple(Service)
SLOT = 0


@pytest.fixture
def studio(store: Store) -> Studio:
    return Studio(store)


def hands_for(studio: Studio) -> Hands:
    desk = TaskDesk(studio.store, "hands", studio.clock, lambda: NOW_MS)
    return Hands(desk, EngineSupply(TestSource(), 1))


def states(studio: Studio, job: int) -> list[TaskState]:
    return [task.state for task in studio.tasks(job)]


def test_a_slot_that_goes_on_takes_the_next_game_as_it_saves_one(studio: Studio) -> None:
    user = studio.add_user()
    job = studio.job(user, studio.games(user, 2))
    hands = hands_for(studio)
    first = hands.work_one(SLOT, then=lambda: EVERYTHING)
    assert first is not None
    assert (first.end, first.has_closed) == (TaskEnd.DONE, False)
    assert hands.has_taken(SLOT)
    assert states(studio, job) == [TaskState.DONE, TaskState.RUNNING]
    last = hands.work_one(SLOT, then=lambda: EVERYTHING)
    assert last is not None
    assert (last.end, last.has_closed) == (TaskEnd.DONE, True)
    assert not hands.has_taken(SLOT)
    assert studio.look(user, job).state is JobState.COMPLETED
    assert hands.work_one(SLOT) is None


def test_what_was_taken_and_is_not_begun_is_given_back_whole(studio: Studio) -> None:
    user = studio.add_user()
    job = studio.job(user, studio.games(user, 2))
    hands = hands_for(studio)
    hands.work_one(SLOT, then=lambda: EVERYTHING)
    hands.put_back(SLOT)
    assert states(studio, job) == [TaskState.DONE, TaskState.QUEUED]
    assert studio.attempts(job) == [1, 0]
    assert studio.is_free()
    hands.put_back(SLOT)
    assert hands.work_one(SLOT) is not None
    assert states(studio, job) == [TaskState.DONE] * 2


def test_a_slot_that_is_told_to_stop_takes_nothing(studio: Studio) -> None:
    user = studio.add_user()
    job = studio.job(user, studio.games(user, 2))
    hands, stops = hands_for(studio), threading.Event()
    stops.set()
    hands.work_one(SLOT, then=lambda: () if stops.is_set() else EVERYTHING)
    assert not hands.has_taken(SLOT)
    assert states(studio, job) == [TaskState.DONE, TaskState.QUEUED]
