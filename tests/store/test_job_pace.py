"""How quickly jobs get on, who works on them, and by which clock."""

from typing import Any

import pytest
from sqlalchemy import Connection

from chess_analytics.store.job_pace import (
    OpenWork,
    expected_wait_s,
    pace_of_all,
    pace_of_job,
    shared_time_s,
    time_left_s,
    work_ahead_s,
)
from chess_analytics.store.job_sweep import recover_after_restart, release_lease, take_lease
from chess_analytics.store.lease_clock import lease_clock
from chess_analytics.store.session import Store
from chess_analytics.store.workers import (
    SeenWorker,
    WorkerReport,
    forget_worker,
    forget_workers,
    see_worker,
    workers_seen_since,
)
from tests.store.stored_jobs import (
    LEASE_MS,
    NOW_MS,
    add_job,
    claim,
    claimed,
    finish,
    look,
    task_of,
)

WORKER = WorkerReport(name="w", host="here", engine="Stockfish 17", slots=2, started_ms=NOW_MS)


@pytest.mark.parametrize(
    ("work", "slots", "seconds"),
    [
        ({1: (60, 1)}, 1, 60),
        ({1: (60, 1)}, 4, 15),
        ({1: (60, 1), 2: (60, 1)}, 1, 120),
        ({1: (60, 1), 2: (1000, 1)}, 2, 60),
        ({1: (60, 1), 2: (10, 1)}, 1, 70),
        ({1: (60, 3), 2: (1000, 1)}, 1, 80),
    ],
)
def test_work_ends_when_its_share_of_the_workers_has_done_it(
    work: dict[int, tuple[float, float]], slots: int, seconds: float
) -> None:
    shared = {user_id: OpenWork(*each) for user_id, each in work.items()}
    assert shared_time_s(shared, 1, slots) == pytest.approx(seconds)


def test_pace_is_measured_over_the_last_minutes(connection: Connection) -> None:
    job = add_job(connection, "ada", 4)
    for number in (1, 2):
        taken = claimed(connection, now_ms=NOW_MS)
        finish(connection, taken, cost_s=12, now_ms=NOW_MS + number * 10_000)
    pace = pace_of_job(connection, look(connection, job), now_ms=NOW_MS + 60_000)
    assert (pace.games, pace.engine_s, pace.games_a_minute) == (2, 24, 2)
    assert pace.cost_of_estimate == 1.5
    later = pace_of_all(connection, now_ms=NOW_MS + 315_000)
    assert (later.games, later.cost_of_estimate) == (1, 1.5)
    assert pace_of_all(connection, now_ms=NOW_MS + 3_600_000).cost_of_estimate == 1


def test_time_left_follows_from_workers_and_users(connection: Connection) -> None:
    ada, bob = add_job(connection, "ada", 4), add_job(connection, "bob", 4)
    assert time_left_s(connection, ada, now_ms=NOW_MS) is None
    see_worker(connection, WORKER, now_ms=NOW_MS)
    assert time_left_s(connection, ada, now_ms=NOW_MS) == 4 * 8
    assert work_ahead_s(connection, bob) == 4 * 8
    assert expected_wait_s(connection, now_ms=NOW_MS) == 4 * 8
    assert time_left_s(connection, ada, now_ms=NOW_MS + 3_600_000) is None


def test_workers_are_seen_and_forgotten(connection: Connection) -> None:
    see_worker(connection, WORKER, now_ms=NOW_MS)
    busy = WorkerReport(
        name="w", host="here", engine=None, slots=2, busy=1, nps=1e6, started_ms=NOW_MS
    )
    see_worker(connection, busy, now_ms=NOW_MS + 5)
    assert workers_seen_since(connection, NOW_MS + 5) == [SeenWorker(busy, NOW_MS + 5)]
    assert workers_seen_since(connection, NOW_MS + 6) == []
    forget_workers(connection, before_ms=NOW_MS + 5)
    assert len(workers_seen_since(connection, 0)) == 1
    forget_worker(connection, "w")
    assert workers_seen_since(connection, 0) == []


def test_a_lease_is_one_holders_until_it_ends_or_is_given_back(connection: Connection) -> None:
    until: dict[str, Any] = {"now_ms": 1000, "until_ms": 2000}
    assert take_lease(connection, "sweep", "v", **until)
    assert not take_lease(connection, "sweep", "w", **until)
    assert take_lease(connection, "sweep", "v", now_ms=1500, until_ms=2500)
    assert not take_lease(connection, "sweep", "w", now_ms=2500, until_ms=3500)
    assert take_lease(connection, "sweep", "w", now_ms=2501, until_ms=3500)
    release_lease(connection, "sweep", "v")
    assert not take_lease(connection, "sweep", "v", now_ms=2600, until_ms=3500)
    release_lease(connection, "sweep", "w")
    assert take_lease(connection, "sweep", "v", now_ms=2600, until_ms=3500)


def test_a_restart_frees_everything_whatever_the_clock_did(connection: Connection) -> None:
    job = add_job(connection, "ada", 2)
    finish(connection, claimed(connection), now_ms=NOW_MS + 700)
    claimed(connection)
    take_lease(connection, "sweep", "dead", now_ms=NOW_MS, until_ms=NOW_MS + LEASE_MS)
    yesterday_ms = NOW_MS - 86_400_000
    assert recover_after_restart(connection, now_ms=yesterday_ms) == 1
    assert task_of(connection, job, 2).attempts == 1
    assert claim(connection, now_ms=yesterday_ms + 5_000) is not None
    assert take_lease(connection, "sweep", "w", now_ms=yesterday_ms, until_ms=yesterday_ms + 1)
    # The time without a server does not count.
    assert look(connection, job).running_ms(yesterday_ms + 300) == 1000


def test_the_clock_goes_on(store: Store) -> None:
    clock = lease_clock(store)
    with store.reading() as connection:
        first, second = clock(connection), clock(connection)
    assert NOW_MS < first <= second
