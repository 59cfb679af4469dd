"""Machines to mistreat, in every arrangement."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.arrangement import ARRANGEMENTS, Arrangement
from tests.faults.engines import simulated_engines
from tests.faults.fleet import arranged
from tests.faults.machine import Machine, wait_for


@pytest.fixture(
    params=[
        pytest.param(each, id=each.name, marks=[pytest.mark.slow] if each.has_broker else [])
        for each in ARRANGEMENTS
    ]
)
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
    with arranged(arrangement, tmp_path, engines, url, is_forked=True) as machine:
        yield machine
    wait_for(lambda: not engines.alive(), "the engines of the dead are dead")
