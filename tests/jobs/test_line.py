"""Where there is no fleet, the server's line gives free places away by itself."""

import logging
from collections.abc import Iterator, Sequence

import pytest

from chess_analytics.jobs.line import Line, open_line
from chess_analytics.jobs.places import give_places
from chess_analytics.store.job_admission import JobLimits
from chess_analytics.store.job_control import cancel_job
from chess_analytics.store.job_rows import JobState, StoredJob
from chess_analytics.store.session import Store, StoreError
from tests.jobs.studio import Studio

Heard = list[tuple[int, int]]


class Room:
    """A server with one place, and a count of how often somebody looked whether it is free."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self.looks = 0

    def give(self) -> Sequence[StoredJob]:
        self.looks += 1
        return give_places(self.studio.store, 1, self.studio.clock)


@pytest.fixture
def studio(store: Store) -> Studio:
    return Studio(store)


@pytest.fixture
def room(studio: Studio) -> Room:
    return Room(studio)


@pytest.fixture
def heard() -> Heard:
    return []


@pytest.fixture
def line(room: Room, heard: Heard) -> Iterator[Line]:
    def hear(user_id: int, job_id: int) -> None:
        heard.append((user_id, job_id))

    with open_line(room.studio.store, None, hear, room.give) as opened:
        yield opened


def test_a_job_that_was_changed_leaves_its_place_to_the_next_who_is_told(
    room: Room, heard: Heard, line: Line
) -> None:
    studio, limits = room.studio, JobLimits(places=1, line=True)
    ada, bob = studio.add_user("ada"), studio.add_user("bob")
    first = studio.job(ada, studio.games(ada, 1), limits=limits)
    second = studio.job(bob, studio.games(bob, 1), limits=limits)
    line.tell(ada, first)
    assert studio.look(bob, second).state is JobState.WAITING
    with studio.store.writing() as connection:
        cancel_job(connection, ada, first, now_ms=studio.clock(connection))
    line.tell(ada, first)
    assert studio.look(bob, second).state is JobState.PENDING
    assert heard == [(bob, second)]
    assert room.looks == 2


def test_a_database_that_is_away_does_not_undo_what_was_done(
    caplog: pytest.LogCaptureFixture, studio: Studio
) -> None:
    def give() -> Sequence[StoredJob]:
        raise StoreError("it is away")

    with (
        caplog.at_level(logging.WARNING),
        open_line(studio.store, None, lambda *_: None, give) as line,
    ):
        line.look_again()
    assert "jobs.line_waits" in caplog.text
