"""A newcomer with a few games does not wait behind somebody else's archive."""

import pytest

from tests.faults.invariants import check_invariants
from tests.faults.machine import Machine
from tests.faults.players import add_player, small_games

# Many processes are started, which takes its time on a busy machine.
pytestmark = [pytest.mark.enable_socket, pytest.mark.timeout(600)]

ARCHIVE = 400
FEW = 10
# On half of the machine the newcomer's games take as long as the whole machine takes for twice as
# many; in twice that time it does four times as many, of which the newcomer's are a part.
MOST_OF_OTHERS = 3 * FEW


def test_a_newcomers_few_games_are_done_while_others_get_about_as_many(machine: Machine) -> None:
    with machine.furnishing() as store:
        ada = add_player(store, "ada", small_games(ARCHIVE))
        bob = add_player(store, "bob", small_games(FEW))
    machine.start_few()
    of_ada = machine.order_analysis(ada)
    machine.wait_for_done(of_ada, 2 * FEW)
    of_bob = machine.order_analysis(bob)
    before = machine.looking.counts(of_ada).done
    machine.wait_for_end(of_bob)
    assert machine.looking.done_before_last_of(of_bob) - before - FEW <= MOST_OF_OTHERS
    machine.wait_for_end(of_ada)
    check_invariants(machine)
