"""Whatever becomes of the broker, its bells and its lines: every game is analysed, once."""

import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from chess_analytics.jobs.fleet.queues import Queue
from chess_analytics.jobs.fleet.ringer import Ringer
from tests.faults.arrangement import FLEET
from tests.faults.engines import simulated_engines
from tests.faults.fleet import FleetMachine
from tests.faults.invariants import check_invariants
from tests.faults.machine import wait_for
from tests.faults.players import add_player, small_games
from tests.faults.proxy import proxy_to
from tests.redis_server import RedisServer, redis_server

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket, pytest.mark.timeout(400)]

GAMES = 60
# So that there still are games when the next fault comes, however quick the machine is.
ENGINE_MS = 60
# A broker that lost everything is rung again within ten seconds; the rest is for busy machines.
SOON_S = 120.0
LONGER_THAN_PATIENCE_S = 12.0
"""A broker that is silent for ten seconds counts as away (`jobs.fleet.broker`)."""


@pytest.fixture
def redis(socket_enabled: None) -> Iterator[RedisServer]:  # noqa: ARG001
    with redis_server() as server:
        yield server


@pytest.fixture
def fleet(tmp_path: Path, postgres_url: str, redis: RedisServer) -> Iterator[FleetMachine]:
    """Give a fleet that is not started yet; nothing of it survives the test."""
    engines = simulated_engines(tmp_path, ENGINE_MS)
    with FleetMachine(tmp_path, FLEET, engines, postgres_url, redis=redis) as machine:
        yield machine
    wait_for(lambda: not engines.alive(), "the engines of the dead are dead")


@contextmanager
def _frozen(redis: RedisServer) -> Iterator[None]:
    redis.freeze()
    try:
        yield
    finally:
        redis.thaw()


def _some_are_done(fleet: FleetMachine, job_id: int, more: int = 5) -> None:
    fleet.wait_for_done(job_id, fleet.looking.counts(job_id).done + more)


def test_a_broker_that_dies_is_emptied_freezes_and_doubles_its_bells_loses_nothing(
    fleet: FleetMachine, redis: RedisServer
) -> None:
    with fleet.furnishing() as store:
        ada = add_player(store, "ada", small_games(3 * GAMES))
    fleet.start()
    job_id = fleet.order_analysis(ada)
    _some_are_done(fleet, job_id)
    redis.kill()
    redis.start()
    # It is empty now, and nobody has told anybody.
    _some_are_done(fleet, job_id)
    with redis.client() as client:
        for _ in range(3):
            client.flushall()
            _some_are_done(fleet, job_id, 2)
    with _frozen(redis):
        time.sleep(2)
    _some_are_done(fleet, job_id)
    for queue in Queue:
        # Every bell many times, and of classes that have no work.
        Ringer(redis.url).ring(queue, 100)
    fleet.wait_for_end(job_id, most_s=SOON_S)
    assert fleet.looking.counts(job_id).done == 3 * GAMES
    assert fleet.looking.most_attempts(job_id) == 1
    check_invariants(fleet)


def test_what_is_accepted_while_the_broker_is_away_or_frozen_begins_when_it_is_back(
    fleet: FleetMachine, redis: RedisServer
) -> None:
    with fleet.furnishing() as store:
        ada, bob = (add_player(store, name, small_games(GAMES)) for name in ("ada", "bob"))
    fleet.start()
    fleet.wait_for_workers()
    redis.kill()
    job_id = fleet.order_analysis(ada)
    assert fleet.looking.counts(job_id).queued == GAMES
    redis.start()
    fleet.wait_for_end(job_id, most_s=SOON_S)
    with _frozen(redis):
        job_id = fleet.order_analysis(bob)
        # Workers that have heard enough bells before may begin meanwhile.
        time.sleep(LONGER_THAN_PATIENCE_S)
    fleet.wait_for_end(job_id, most_s=SOON_S)
    check_invariants(fleet)


def test_beats_may_die_or_be_two(fleet: FleetMachine, redis: RedisServer) -> None:
    with fleet.furnishing() as store:
        ada = add_player(store, "ada", small_games(GAMES))
    fleet.start()
    job_id = fleet.order_analysis(ada)
    _some_are_done(fleet, job_id)
    fleet.kill(fleet.beats[0])
    with redis.client() as client:
        client.flushall()
    fleet.start_beat()
    fleet.start_beat()
    fleet.wait_for_end(job_id, most_s=SOON_S)
    assert fleet.looking.most_attempts(job_id) == 1
    check_invariants(fleet)


def test_a_worker_that_is_cut_off_from_the_database_writes_nothing_that_is_not_its_own(
    fleet: FleetMachine,
) -> None:
    with fleet.furnishing() as store:
        ada = add_player(store, "ada", small_games(2 * GAMES))
    url = make_url(fleet.database_url or "")
    assert url.port is not None
    with ExitStack() as stack:
        line = stack.enter_context(proxy_to(url.port))
        by_proxy = url.set(port=line.port).render_as_string(hide_password=False)
        fleet.worker_settings = {"CHESS_ANALYTICS_DATABASE_URL": by_proxy}
        fleet.start()
        job_id = fleet.order_analysis(ada)
        _some_are_done(fleet, job_id)
        line.cut()
        line.mend()
        _some_are_done(fleet, job_id)
        # In the middle of an answer: a commit may have been made, and nobody knows.
        for count in (0, 40, 400):
            line.cut_after(count)
            time.sleep(0.3)
            line.mend()
            _some_are_done(fleet, job_id, 2)
        line.latency_s = 0.01
        fleet.wait_for_end(job_id, most_s=SOON_S)
        assert fleet.looking.counts(job_id).done == 2 * GAMES
        check_invariants(fleet)


def test_workers_and_servers_that_are_killed_are_not_missed_by_those_who_live(
    fleet: FleetMachine,
) -> None:
    with fleet.furnishing() as store:
        ada = add_player(store, "ada", small_games(2 * GAMES))
    fleet.many_workers = 3
    fleet.start()
    job_id = fleet.order_analysis(ada)
    _some_are_done(fleet, job_id)
    fleet.kill(fleet.workers[0])
    assert fleet.server is not None
    fleet.kill(fleet.server)
    _some_are_done(fleet, job_id)
    fleet.get_over_the_death_of_hands()
    # Told to stop, a worker gives its games back: that is no attempt.
    fleet.kill(fleet.workers[0], signal.SIGTERM)
    fleet.wait_for_end(job_id, most_s=SOON_S)
    assert fleet.looking.counts(job_id).done == 2 * GAMES
    check_invariants(fleet)
