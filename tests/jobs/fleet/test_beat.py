"""What has to happen now and then happens, by one of those who beat."""

import socket
from pathlib import Path

from sqlalchemy import insert, select, update

from chess_analytics.games.model import Site
from chess_analytics.jobs.beat import Beat
from chess_analytics.jobs.engine_supply import EngineSupply
from chess_analytics.jobs.fleet.beat import BeatPlan, FleetBeat
from chess_analytics.jobs.fleet.health import beat_ails, worker_ails
from chess_analytics.jobs.fleet.pulse import Pulse, beating, hearing, visiting
from chess_analytics.jobs.fleet.queues import Queue
from chess_analytics.jobs.fleet.ringer import Ringer
from chess_analytics.jobs.task_desk import TaskDesk
from chess_analytics.store.job_rows import Service, TaskState
from chess_analytics.store.job_tables import leases, tasks
from chess_analytics.store.lease_clock import lease_clock
from chess_analytics.store.tables import imports, players, sessions
from tests.accounts import NOW_MS
from tests.jobs.studio import UPKEEP, Studio, TestSource
from tests.library import link_player
from tests.redis_server import RedisServer


def _beat(
    studio: Studio, redis: RedisServer, folder: Path, name: str = "one", sync_hours: int = 24
) -> FleetBeat:
    desk = TaskDesk(studio.store, name, lease_clock(studio.store), lambda: NOW_MS)
    sweeper = Beat(desk, EngineSupply(TestSource(), 0), UPKEEP, host=socket.gethostname(), slots=0)
    plan = BeatPlan(name=name, pulse=beating(folder), sync_hours=sync_hours)
    return FleetBeat(studio.store, sweeper, Ringer(redis.url), plan)


def test_tasks_of_the_dead_are_freed_and_rung_for(
    studio: Studio, redis: RedisServer, tmp_path: Path
) -> None:
    ada = studio.add_user()
    studio.job(ada, studio.games(ada, 2))
    with studio.store.writing() as connection:
        held = {"state": TaskState.RUNNING, "worker": "dead", "lease_ms": 1, "attempts": 1}
        connection.execute(update(tasks).values(**held))
    _beat(studio, redis, tmp_path).beat()
    with studio.store.writing() as connection:
        assert set(connection.execute(select(tasks.c.state)).scalars()) == {TaskState.QUEUED}
        # They wait for a moment, as after every failed attempt.
        connection.execute(update(tasks).values(not_before_ms=0))
    _beat(studio, redis, tmp_path).beat()
    assert Ringer(redis.url).waiting(Queue.BATCH) == 2


def test_of_two_who_beat_one_does_it(studio: Studio, redis: RedisServer, tmp_path: Path) -> None:
    one, other = (_beat(studio, redis, tmp_path, name) for name in ("one", "other"))
    one.beat()
    other.beat()
    with studio.store.reading() as connection:
        held = connection.execute(select(leases.c.name, leases.c.holder)).all()
    holders = {row.name: row.holder for row in held}
    assert set(holders.values()) == {"one"}
    assert {"sweep", "fleet-bells", "fleet-expired", "fleet-sync"} <= set(holders)
    one.stop()
    one.run()
    # Who ends gives its duties to the other, which need not wait.
    _beat(studio, redis, tmp_path, "other").beat()
    with studio.store.reading() as connection:
        assert set(connection.execute(select(leases.c.holder)).scalars()) == {"other"}


def test_sessions_that_have_expired_are_forgotten(
    studio: Studio, redis: RedisServer, tmp_path: Path
) -> None:
    ada = studio.add_user()
    with studio.store.writing() as connection:
        old = {"key_hash": "k", "user_id": ada, "created_ms": 1, "seen_ms": 1, "agent": ""}
        connection.execute(insert(sessions).values(**old, expires_ms=2))
    _beat(studio, redis, tmp_path).beat()
    with studio.store.reading() as connection:
        assert connection.execute(select(sessions)).first() is None


def test_players_are_fetched_again_whose_users_have_done_so_once(
    studio: Studio, redis: RedisServer, tmp_path: Path
) -> None:
    ada = studio.add_user()
    due = link_player(studio.store, ada, "due")
    link_player(studio.store, ada, "never")
    link_player(studio.store, ada, "no site", Site.OTHER)
    with studio.store.writing() as connection:
        synced = update(players).where(players.c.name != "never").values(synced_ms=NOW_MS)
        connection.execute(synced)
    for _ in range(2):
        _beat(studio, redis, tmp_path).beat()
    with studio.store.reading() as connection:
        asked = connection.execute(select(imports.c.player_id, imports.c.state)).all()
    assert [tuple(row) for row in asked] == [(due, "waiting")]


def test_a_beat_that_does_not_get_through_is_not_well(
    studio: Studio, redis: RedisServer, tmp_path: Path
) -> None:
    assert beat_ails(tmp_path) is not None
    redis.kill()
    _beat(studio, redis, tmp_path).beat()
    assert beat_ails(tmp_path) is not None
    redis.start()
    _beat(studio, redis, tmp_path).beat()
    assert beat_ails(tmp_path) is None


def test_a_worker_that_takes_nothing_of_what_waits_is_not_well(
    studio: Studio, tmp_path: Path
) -> None:
    folder = tmp_path / "made when it is needed"
    assert worker_ails(folder, studio.store) is not None
    hearing(folder).beat()
    assert worker_ails(folder, studio.store) is None
    ada = studio.add_user()
    studio.job(ada, studio.games(ada, 1))
    assert "games wait" in (worker_ails(folder, studio.store) or "")
    # What waits are batches, which are no business of one that hears for single games alone.
    assert worker_ails(folder, studio.store, [Service.INTERACTIVE]) is None
    assert "games wait" in (worker_ails(folder, studio.store, [Service.BATCH]) or "")
    visiting(folder).beat()
    assert worker_ails(folder, studio.store) is None


def test_a_pulse_is_felt_for_a_while(tmp_path: Path) -> None:
    pulse = Pulse(tmp_path / "pulse")
    assert not pulse.is_felt(60)
    pulse.beat()
    assert pulse.is_felt(60)
    assert not pulse.is_felt(-1)
