"""However many servers accept jobs at once, the limits hold exactly."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from tests.faults.arrangement import Arrangement
from tests.faults.engines import simulated_engines
from tests.faults.fleet import FleetMachine
from tests.faults.invariants import PLACES
from tests.faults.machine import LONG_ENOUGH_S, Process
from tests.faults.players import User, add_player, small_games
from tests.plain_http import NO_TLS
from tests.redis_server import redis_server

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket, pytest.mark.timeout(400)]

SERVERS = 4
USERS = 20


@pytest.fixture
def fleet(tmp_path: Path, postgres_url: str, socket_enabled: None) -> Iterator[FleetMachine]:  # noqa: ARG001
    """Give servers without a single worker: what is accepted stays where it is."""
    alone = Arrangement("servers", "postgresql", workers=0)
    with (
        redis_server() as redis,
        FleetMachine(
            tmp_path, alone, simulated_engines(tmp_path), postgres_url, redis=redis
        ) as machine,
    ):
        yield machine


def _start(fleet: FleetMachine) -> tuple[list[Process], list[str]]:
    servers, addresses = [], []
    for _ in range(SERVERS):
        fleet.start_server()
        assert fleet.server is not None
        servers.append(fleet.server)
        addresses.append(fleet.address)
    return servers, addresses


def _order(address: str, user: User) -> httpx2.Response:
    return httpx2.post(
        f"{address}/analysis-jobs",
        json={"nodes": 1000},
        headers={"Authorization": f"Bearer {user.token}"},
        verify=NO_TLS,
        timeout=LONG_ENOUGH_S,
    )


def test_of_twenty_users_at_once_on_four_servers_as_many_get_a_place_as_there_are(
    fleet: FleetMachine,
) -> None:
    with fleet.furnishing() as store:
        users = [add_player(store, f"user{number}", small_games(3)) for number in range(USERS)]
    servers, addresses = _start(fleet)
    with ThreadPoolExecutor(2 * USERS) as pool:
        # Everybody twice at the same moment, at two servers.
        twice = [(user, number + more) for number, user in enumerate(users) for more in (0, 1)]
        answers = list(pool.map(lambda one: _order(addresses[one[1] % SERVERS], one[0]), twice))
    told = Counter(answer.status_code for answer in answers)
    # Who has a job is told so, whichever of the two requests came first; all others to come again.
    assert told[202] == PLACES
    assert told[429] <= PLACES
    assert told[202] + told[429] + told[503] == 2 * USERS
    assert all("Retry-After" in answer.headers for answer in answers if answer.status_code == 503)
    kept = fleet.looking.jobs()
    assert len(kept) == len({job.user_id for job in kept}) == PLACES
    assert sorted(job.place or 0 for job in kept) == [*range(1, PLACES + 1)]
    for server in servers:
        server.terminate()
    assert [server.wait(LONG_ENOUGH_S) for server in servers] == [0] * SERVERS
