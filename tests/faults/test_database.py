"""A database that goes away, is locked, or has no room: work waits, and goes on."""

import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from chess_analytics.store.session import upgrade_database
from tests.faults.arrangement import BESIDE, EMBEDDED, FLEET, Arrangement
from tests.faults.engines import simulated_engines
from tests.faults.fleet import arranged
from tests.faults.invariants import check_invariants
from tests.faults.machine import Machine
from tests.faults.players import add_player, small_games
from tests.postgres import FAST, IMMEDIATE, PostgresServer, add_database, restartable_postgres

# Many processes are started, which takes its time on a busy machine.
pytestmark = [pytest.mark.slow, pytest.mark.enable_socket, pytest.mark.timeout(600)]

GAMES = 120


@pytest.fixture
def embedded(tmp_path: Path, socket_enabled: None) -> Iterator[Machine]:  # noqa: ARG001
    """Give a machine with SQLite."""
    with Machine(tmp_path, EMBEDDED, simulated_engines(tmp_path, 2)) as machine:
        yield machine


@pytest.fixture
def own_postgres(socket_enabled: None) -> Iterator[PostgresServer]:  # noqa: ARG001
    """Give a PostgreSQL server that nobody else uses."""
    with restartable_postgres() as server:
        yield server


@pytest.mark.parametrize("arrangement", [BESIDE, FLEET], ids=str)
def test_a_postgresql_that_is_restarted_or_crashes_loses_nothing(
    own_postgres: PostgresServer, tmp_path: Path, arrangement: Arrangement
) -> None:
    url = add_database(own_postgres.url, "restarted")
    upgrade_database(url)
    with arranged(arrangement, tmp_path, simulated_engines(tmp_path, 2), url) as machine:
        with machine.furnishing() as store:
            ada = add_player(store, "ada", small_games(GAMES))
        machine.start()
        job_id = machine.order_analysis(ada)
        for how, done in ((FAST, 10), (IMMEDIATE, 40)):
            machine.wait_for_done(job_id, done)
            own_postgres.stop(how)
            assert machine.ask(ada, "GET", "me").status_code == 503
            own_postgres.start()
        machine.wait_for_end(job_id)
        assert machine.looking.counts(job_id).done == GAMES
        check_invariants(machine)


def test_a_locked_file_and_a_full_disk_are_waited_for(embedded: Machine) -> None:
    with embedded.furnishing() as store:
        ada = add_player(store, "ada", small_games(GAMES))
    embedded.start()
    job_id = embedded.order_analysis(ada)
    embedded.wait_for_done(job_id, 10)
    with closing(sqlite3.connect(embedded.data / "analyses.sqlite3", timeout=60)) as other:
        other.execute("BEGIN IMMEDIATE")
        seen = embedded.looking.counts(job_id)
        assert embedded.ask(ada, "GET", f"analysis-jobs/{job_id}").status_code == 200
        assert embedded.looking.counts(job_id) == seen
        other.rollback()
    embedded.wait_for_done(job_id, seen.done + 10)
    assert embedded.server
    pid = embedded.server.pid
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    # From now on the process can write to no file beyond its first page.
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, before[1]))
    name = {"site": "lichess", "name": "ada"}
    refused = embedded.ask(ada, "POST", "players", json=name)
    assert refused.status_code == 503, refused.text
    assert embedded.ask(ada, "GET", "players").json()["items"] == []
    resource.prlimit(pid, resource.RLIMIT_FSIZE, before)
    assert embedded.ask(ada, "POST", "players", json=name).status_code == 201
    embedded.wait_for_end(job_id)
    assert embedded.looking.counts(job_id).done == GAMES
    assert embedded.looking.most_attempts(job_id) == 1
    check_invariants(embedded)
