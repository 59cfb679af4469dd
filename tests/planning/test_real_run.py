"""The simulated queue keeps people waiting as the real one does.

By how much it is off is measured by `just bench-plan`: between two games a real server saves and
claims, which takes the longer the busier the machine is, and is not in the games' own times.
"""

import heapq
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.faults.arrangement import EMBEDDED
from tests.faults.engines import simulated_engines
from tests.faults.fleet import arranged
from tests.planning.real_run import Ran, Visit, run_for_real, simulated_waits

pytestmark = [pytest.mark.enable_socket, pytest.mark.timeout(600)]

# Of different sizes, while others are at work.
VISITS = [Visit(0, 8), Visit(0.1, 2), Visit(0.3, 4), Visit(0.4, 2), Visit(0.5, 3)]


_SLOTS = 2


def test_simulated_waits_are_those_of_a_real_server(
    tmp_path: Path,
    socket_enabled: None,  # noqa: ARG001
) -> None:
    engines = simulated_engines(tmp_path, latency_ms=60)
    with arranged(EMBEDDED, tmp_path, engines, None, is_forked=True) as machine:
        ran = run_for_real(machine, VISITS).ran
    off = _apart(ran, simulated_waits(ran, _SLOTS))
    off_if_first_come = _apart(ran, _first_come_first_served(ran))
    assert off < 0.3
    assert off < off_if_first_come / 2


def _apart(ran: Sequence[Ran], waits_s: Sequence[float]) -> float:
    """Say how far these waits are from the real ones, as a part of all waiting."""
    pairs = zip(ran, waits_s, strict=True)
    return sum(abs(it.wait_s - wait_s) for it, wait_s in pairs) / sum(it.wait_s for it in ran)


def _first_come_first_served(ran: Sequence[Ran]) -> list[float]:
    """Say how long the same jobs would wait if nobody shared."""
    free_s = [0.0] * _SLOTS
    waits_s = []
    for it in ran:
        ends_s = []
        for game_s in it.seconds:
            ends_s.append(max(it.at_s, heapq.heappop(free_s)) + game_s)
            heapq.heappush(free_s, ends_s[-1])
        waits_s.append(max(ends_s) - it.at_s)
    return waits_s
