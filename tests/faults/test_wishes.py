"""Users who change their minds while engines are at work, and users who come in crowds."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from chess_analytics.store.job_rows import JobState
from chess_analytics.store.job_tables import jobs, tasks
from chess_analytics.store.tables import games, runs
from tests.faults.invariants import PLACES, check_invariants
from tests.faults.machine import Machine, wait_for
from tests.faults.players import add_player, small_games

# Many processes are started, which takes its time on a busy machine.
pytestmark = [pytest.mark.enable_socket, pytest.mark.timeout(600)]

GAMES = 150
ENGINES_STOP_S = 2.0
MOST_LOAD = 5
"""How many times slower than alone the machine of the tests may be."""
CROWD = 20


@pytest.mark.slow
def test_who_cancels_stops_the_engines_and_who_leaves_leaves_nothing(machine: Machine) -> None:
    with machine.furnishing() as store:
        add_player(store, "admin", [])
        ada = add_player(store, "ada", small_games(GAMES))
        bob = add_player(store, "bob", small_games(GAMES))
    machine.start()
    of_bob = machine.order_analysis(bob)
    machine.wait_for_done(of_bob, 5)
    machine.leave(bob)
    of_ada = machine.order_analysis(ada)
    machine.wait_for_done(of_ada, 10)
    machine.engines.hold()
    wait_for(lambda: machine.looking.counts(of_ada).running, "games are at hand")
    at_work = set(machine.engines.alive())
    assert machine.ask(ada, "POST", f"analysis-jobs/{of_ada}/cancel").is_success
    took_s = wait_for(lambda: at_work - set(machine.engines.alive()), "an engine has stopped")
    assert took_s < ENGINES_STOP_S * MOST_LOAD
    machine.engines.let_go()
    assert machine.looking.job(of_ada).state is JobState.CANCELLED
    counts = machine.looking.counts(of_ada)
    assert counts.done >= 10
    assert counts.done + counts.cancelled == GAMES
    # The engines are free for the next job, which finds what was done.
    again = machine.order_analysis(ada)
    machine.wait_for_end(again)
    assert machine.looking.job(again).total == GAMES - counts.done
    check_invariants(machine)
    assert "Traceback" not in machine.log()
    with machine.looking.reading() as connection:
        for table in (jobs, tasks, games):
            left = select(func.count()).select_from(table).where(table.c.user_id == bob.id)
            assert connection.execute(left).scalar_one() == 0
        assert connection.execute(select(func.count()).select_from(runs)).scalar_one() == GAMES


def test_of_a_crowd_that_comes_at_once_each_user_gets_one_job_and_the_server_fills_up(
    machine: Machine,
) -> None:
    with machine.furnishing() as store:
        users = [add_player(store, f"user{number}", small_games(4)) for number in range(10)]
    machine.start_server()
    machine.engines.hold()

    def come(number: int) -> int:
        user = users[number % len(users)]
        return machine.ask(user, "POST", "analysis-jobs", json={"nodes": 1000}).status_code

    with ThreadPoolExecutor(CROWD) as threads:
        answers = [*threads.map(come, range(2 * CROWD))]
    assert answers.count(202) == PLACES
    assert set(answers) == {202, 429, 503}
    machine.engines.let_go()
    # A crash holds no place.
    machine.kill_everything()
    machine.get_over_the_death_of_hands()
    for job in machine.looking.jobs():
        machine.wait_for_end(job.id)
    served = {job.user_id for job in machine.looking.jobs()}
    late = next(user for user in users if user.id not in served)
    machine.wait_for_end(machine.order_analysis(late))
    check_invariants(machine)
