"""There are as many bells as there is work and hands, whatever became of those before."""

from functools import partial

import pytest

from chess_analytics.jobs.fleet.bell import ring_what_waits
from chess_analytics.jobs.fleet.line import open_fleet_line
from chess_analytics.jobs.fleet.news import Teller
from chess_analytics.jobs.fleet.queues import Queue
from chess_analytics.jobs.fleet.ringer import BrokerAway, Ringer
from chess_analytics.jobs.places import give_places
from chess_analytics.store.job_admission import JobLimits
from chess_analytics.store.job_control import cancel_job, pause_job
from chess_analytics.store.job_rows import JobKind, JobState
from chess_analytics.store.waiting_tasks import count_waiting
from chess_analytics.store.workers import WorkerReport, see_worker
from tests.jobs.studio import Studio, wait_until
from tests.redis_server import RedisServer


def _show_worker(studio: Studio, slots: int) -> None:
    report = WorkerReport(name="w", host="h", engine="Fake 1", slots=slots, started_ms=0)
    with studio.store.writing() as connection:
        see_worker(connection, report, now_ms=studio.clock(connection))


def test_nobody_is_called_where_nothing_waits(studio: Studio, redis: RedisServer) -> None:
    assert ring_what_waits(studio.store, Ringer(redis.url)) == 0


def test_a_bell_is_rung_for_each_game_that_waits_once(studio: Studio, redis: RedisServer) -> None:
    ringer, ada = Ringer(redis.url), studio.add_user()
    games = studio.games(ada, 5)
    studio.job(ada, games[:4])
    studio.job(ada, games[4:], kind=JobKind.SINGLE)
    assert ring_what_waits(studio.store, ringer) == 5
    assert ring_what_waits(studio.store, ringer) == 0
    assert (ringer.waiting(Queue.BATCH), ringer.waiting(Queue.INTERACTIVE)) == (4, 1)


def test_no_more_bells_are_rung_than_there_are_hands(studio: Studio, redis: RedisServer) -> None:
    ada = studio.add_user()
    studio.job(ada, [*studio.games(ada, 7), *studio.games(ada, 7), *studio.games(ada, 7)])
    _show_worker(studio, slots=20)
    assert ring_what_waits(studio.store, Ringer(redis.url)) == 20


def test_a_broker_that_has_lost_everything_is_rung_anew(studio: Studio, redis: RedisServer) -> None:
    ringer, ada = Ringer(redis.url), studio.add_user()
    studio.job(ada, studio.games(ada, 3))
    ring_what_waits(studio.store, ringer)
    redis.kill()
    with pytest.raises(BrokerAway):
        ring_what_waits(studio.store, ringer)
    redis.start()
    assert ring_what_waits(studio.store, ringer) == 3


def test_what_cannot_be_claimed_calls_nobody(studio: Studio, redis: RedisServer) -> None:
    ada = studio.add_user()
    job_id = studio.job(ada, studio.games(ada, 3))
    with studio.store.writing() as connection:
        now_ms = studio.clock(connection)
        assert sum(count_waiting(connection, now_ms=now_ms, most=2).values()) == 2
        pause_job(connection, ada, job_id, now_ms=now_ms)
    assert ring_what_waits(studio.store, Ringer(redis.url)) == 0


def test_who_gives_work_waits_for_no_broker_and_it_is_rung_when_it_is_back(
    studio: Studio, redis: RedisServer
) -> None:
    ringer, ada = Ringer(redis.url), studio.add_user()
    redis.freeze()
    with open_fleet_line(studio.store, redis.url, lambda *_: None, list) as line:
        job_id = studio.job(ada, studio.games(ada, 3))
        # Comes back at once: the broker is asked by another thread, and keeps silent.
        line.tell(ada, job_id)
        redis.thaw()
        line.tell(ada, job_id)
        wait_until(lambda: ringer.waiting(Queue.BATCH) >= 3)


def test_a_server_gives_away_the_place_of_a_job_that_a_worker_has_ended(
    studio: Studio, redis: RedisServer
) -> None:
    limits = JobLimits(places=1, line=True)
    ada, bob = studio.add_user("ada"), studio.add_user("bob")
    first = studio.job(ada, studio.games(ada, 1), limits=limits)
    second = studio.job(bob, studio.games(bob, 3), limits=limits)
    heard: list[tuple[int, int]] = []

    def hear(user_id: int, job_id: int) -> None:
        heard.append((user_id, job_id))

    give = partial(give_places, studio.store, limits.places, studio.clock)
    teller, ringer = Teller(redis.url), Ringer(redis.url)
    with open_fleet_line(studio.store, redis.url, hear, give):

        def is_heard() -> bool:
            teller.tell(ada, first)
            return bool(heard)

        # Until somebody listens, nobody hears.
        wait_until(is_heard)
        with studio.store.writing() as connection:
            cancel_job(connection, ada, first, now_ms=studio.clock(connection))
        teller.tell(ada, first)
        wait_until(lambda: studio.look(bob, second).state is JobState.PENDING)
        wait_until(lambda: ringer.waiting(Queue.BATCH) >= 3)
        wait_until(lambda: (bob, second) in heard)
    teller.close()
