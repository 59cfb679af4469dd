"""Engines that fail in every way: only games that kill them each time are given up."""

import os
import signal
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from chess_analytics.store.job_rows import JobState
from tests.faults.arrangement import Arrangement
from tests.faults.engines import simulated_engines
from tests.faults.fleet import arranged
from tests.faults.invariants import check_invariants
from tests.faults.machine import Machine, wait_for
from tests.faults.players import add_player, small_games

# Many processes are started, which takes its time on a busy machine.
pytestmark = [pytest.mark.enable_socket, pytest.mark.timeout(600)]

GAMES = 90
POISON = "e2e4,e7e5"
POISONED = 4
"""Of the first games, as many begin so (`tests.pgns`)."""


@pytest.fixture
def poisoned(
    arrangement: Arrangement, request: pytest.FixtureRequest, tmp_path: Path
) -> AbstractContextManager[Machine]:
    """Give a machine whose engine dies of a game that begins in a way, each time."""
    url = request.getfixturevalue("postgres_url") if arrangement.database == "postgresql" else None
    engines = simulated_engines(tmp_path, 1, "--at", f"{POISON}=die")
    return arranged(arrangement, tmp_path, engines, url, slots=4, is_forked=True)


def test_engines_that_fail_cost_no_game_and_a_game_that_kills_them_is_given_up(
    poisoned: AbstractContextManager[Machine],
) -> None:
    with poisoned as machine:
        with machine.furnishing() as store:
            ada = add_player(store, "ada", small_games(GAMES))
        machine.start_few()
        job_id = machine.order_analysis(ada)
        machine.wait_for_done(job_id, 5)
        stopped = machine.engines.alive()[0]
        os.kill(stopped, signal.SIGSTOP)
        for fault in ("die", "babble", "flood", "mute", "hang"):
            machine.engines.order(fault)
        machine.wait_for_end(job_id)
        assert not machine.engines.open_orders()
        wait_for(lambda: stopped not in machine.engines.alive(), "the stopped engine is gone")
        job, counts = machine.looking.job(job_id), machine.looking.counts(job_id)
        assert (counts.done, counts.failed) == (GAMES - POISONED, POISONED)
        assert job.state is JobState.COMPLETED_WITH_FAILURES
        answer = machine.ask(ada, "GET", f"analysis-jobs/{job_id}/tasks?state=failed")
        reasons = [task["error"] for task in answer.json()["items"]]
        assert len(reasons) == POISONED
        assert all("out of luck" in reason for reason in reasons)
        check_invariants(machine)
