"""A worker that was frozen while others went on."""

import os
import signal
from pathlib import Path

import pytest

from tests.faults.arrangement import BESIDE
from tests.faults.engines import simulated_engines
from tests.faults.invariants import check_invariants
from tests.faults.machine import Machine, wait_for
from tests.faults.players import add_player, small_games

# Many processes are started, which takes its time on a busy machine.
pytestmark = [pytest.mark.slow, pytest.mark.enable_socket, pytest.mark.timeout(600)]

GAMES = 60


def test_who_was_frozen_while_its_games_went_to_others_can_write_nothing(
    postgres_url: str, tmp_path: Path
) -> None:
    engines = simulated_engines(tmp_path, 2)
    with Machine(tmp_path, BESIDE, engines, postgres_url) as machine:
        with machine.furnishing() as store:
            ada = add_player(store, "ada", small_games(GAMES))
        machine.start()
        job_id = machine.order_analysis(ada)
        machine.wait_for_done(job_id, 10)
        frozen = machine.workers[0].pid
        machine.engines.hold()
        wait_for(lambda: len(machine.looking.tasks_of(frozen)) == machine.slots, "all are at work")
        # Its engines go on, so that it has results to write when it wakes.
        os.kill(frozen, signal.SIGSTOP)
        machine.engines.let_go()
        machine.looking.let_leases_run_out(frozen)
        machine.wait_for_end(job_id)
        ended, seen_ms = machine.looking.history(), machine.looking.seen_ms(frozen)
        os.kill(frozen, signal.SIGCONT)
        wait_for(lambda: machine.looking.seen_ms(frozen) > seen_ms, "it lives again")
        assert machine.looking.history() == ended
        assert machine.looking.counts(job_id).done == GAMES
        check_invariants(machine)
