"""Whoever is killed, and whenever: every game is analysed, once."""

import signal

import pytest

from tests.faults.invariants import check_invariants
from tests.faults.machine import Machine, wait_for
from tests.faults.players import add_player, small_games

# Many processes are started, which takes its time on a busy machine.
pytestmark = [pytest.mark.enable_socket, pytest.mark.timeout(600)]

GAMES = 60
HOUR_S = 3600


def test_who_is_killed_in_the_middle_of_a_game_loses_nothing(machine: Machine) -> None:
    with machine.furnishing() as store:
        ada = add_player(store, "ada", small_games(GAMES))
    machine.start()
    job_id = machine.order_analysis(ada)
    machine.wait_for_done(job_id, 10)
    machine.engines.hold()
    machine.wait_for_work()
    machine.kill(machine.hands[0])
    machine.engines.let_go()
    machine.get_over_the_death_of_hands()
    machine.wait_for_end(job_id)
    assert machine.looking.counts(job_id).done == GAMES
    check_invariants(machine)


@pytest.mark.slow
def test_a_job_outlives_the_server_that_accepted_it(machine: Machine) -> None:
    with machine.furnishing() as store:
        ada = add_player(store, "ada", small_games(GAMES))
        bob = add_player(store, "bob", small_games(1))
    machine.start_server()
    key = {"Idempotency-Key": "once"}
    job_id = machine.order_analysis(ada, headers=key)
    machine.kill_everything()
    machine.start_few()
    # The client never saw the answer, and asks again.
    assert machine.order_analysis(ada, headers=key) == job_id
    machine.wait_for_end(job_id)
    job = machine.ask(ada, "GET", f"analysis-jobs/{job_id}").json()
    assert (job["state"], job["total"]) == ("completed", GAMES)
    assert machine.ask(bob, "GET", f"analysis-jobs/{job_id}").status_code == 404
    check_invariants(machine)


@pytest.mark.slow
def test_neither_a_rolling_restart_nor_a_clock_that_jumps_costs_an_attempt(
    machine: Machine,
) -> None:
    games = 8 * GAMES if machine.arrangement.has_broker else 4 * GAMES
    with machine.furnishing() as store:
        ada = add_player(store, "ada", small_games(games))
    machine.start()
    # Processes take seconds to be replaced, and work has to be left for them.
    machine.engines.slow_down()
    job_id = machine.order_analysis(ada)
    for jump_s in (HOUR_S, -HOUR_S):
        machine.wait_for_done(job_id, machine.looking.counts(job_id).done + 10)
        machine.engines.hold()
        # No search needs to begin for that: an engine that is held for long counts as hung.
        wait_for(lambda: machine.looking.counts(job_id).running, "games are at hand")
        machine.clock.set(jump_s)
        assert machine.ask(ada, "GET", "me").status_code == 200
        machine.engines.let_go()
    for process in machine.hands:
        machine.wait_for_done(job_id, machine.looking.counts(job_id).done + 10)
        machine.replace(process, signal.SIGTERM)
    machine.wait_for_end(job_id)
    assert machine.looking.counts(job_id).done == games
    assert machine.looking.most_attempts(job_id) == 1
    check_invariants(machine)
