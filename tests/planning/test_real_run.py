"""The simulated queue keeps people waiting as long as the real one does."""

from pathlib import Path

import pytest

from tests.faults.arrangement import EMBEDDED
from tests.faults.engines import simulated_engines
from tests.faults.fleet import arranged
from tests.planning.real_run import Visit, off_by, run_for_real, simulated_waits

pytestmark = [pytest.mark.enable_socket, pytest.mark.timeout(600)]

# Of different sizes, while others are at work.
VISITS = [Visit(0, 8), Visit(0.1, 2), Visit(0.3, 4), Visit(0.4, 2), Visit(0.5, 3)]


def test_simulated_waits_are_those_of_a_real_server(
    tmp_path: Path,
    socket_enabled: None,  # noqa: ARG001
) -> None:
    engines = simulated_engines(tmp_path, latency_ms=60)
    with arranged(EMBEDDED, tmp_path, engines, None) as machine:
        ran = run_for_real(machine, VISITS).ran
    measured = [it.wait_s for it in ran]
    assert max(measured) > 3 * min(measured)
    assert abs(off_by(measured, simulated_waits(ran, slots=2))["mean"]) < 0.1
