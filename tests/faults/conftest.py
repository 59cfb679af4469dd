"""Machines to mistreat, in every arrangement."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.arrangement import ARRANGEMENTS, Arrangement
from tests.faults.engines import simulated_engines
from tests.faults.machine import Machine


@pytest.fixture(params=ARRANGEMENTS, ids=str)
def arrangement(request: pytest.FixtureRequest) -> Arrangement:
    """Run the test once in each arrangement."""
    assert isinstance(request.param, Arrangement)
    return request.param


@pytest.fixture
def machine(
    arrangement: Arrangement,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    socket_enabled: None,  # noqa: ARG001
) -> Iterator[Machine]:
    """Give a machine that is not started yet; nothing of it survives the test."""
    url = request.getfixturevalue("postgres_url") if arrangement.database == "postgresql" else None
    engines = simulated_engines(tmp_path)
    with Machine(tmp_path, arrangement, engines, url) as machine:
        yield machine
    assert not engines.alive()
