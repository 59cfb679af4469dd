"""Who asks too often waits a moment, whichever server is asked; nobody else is held up."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage

from chess_analytics.api.rate_limits import Minutes, limiting
from chess_analytics.api.routes import PREFIX
from chess_analytics.settings import Settings
from tests.api.serving import serving
from tests.redis_server import RedisServer, redis_server


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisServer]:
    """Give a real Redis that the tests of this file share."""
    with redis_server() as server:
        yield server


def _ask(client: TestClient, times: int, path: str = "me") -> list[int]:
    return [client.get(path).status_code for _ in range(times)]


def test_a_user_who_asks_too_often_waits_in_every_browser_and_others_do_not(tmp_path: Path) -> None:
    with serving(tmp_path, None, user_requests=5) as served:
        ada, bob = served.sign_up("ada"), served.sign_up("bob")
        other_browser = served.log_in("ada")
        assert _ask(ada, 3) + _ask(other_browser, 2) == [200] * 5
        refused = ada.get("me")
        assert refused.status_code == 429
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert refused.headers["content-type"] == "application/problem+json"
        assert refused.json()["type"] == "too-many-requests"
        assert "5 requests from you in a minute" in refused.json()["detail"]
        assert other_browser.get("me").status_code == 429
        assert bob.get("me").status_code == 200


def test_an_address_counts_whoever_asks_from_it_and_health_is_not_counted(tmp_path: Path) -> None:
    with serving(tmp_path, None, address_requests=3) as served:
        here, there = served.client("192.0.2.1"), served.client("192.0.2.2")
        assert _ask(here, 4) == [401, 401, 401, 429]
        assert "from your address" in here.get("me").json()["detail"]
        assert _ask(here, 2, "health/live") == [200, 200]
        assert there.get("me").status_code == 401
        # Who has one address of IPv6 has a whole network of them.
        network = [served.client(f"2001:db8::{number}") for number in range(4)]
        assert [each.get("me").status_code for each in network] == [401, 401, 401, 429]


def test_whatever_somebody_asks_for_is_counted_but_health(tmp_path: Path) -> None:
    with serving(tmp_path, None, address_requests=100_000) as served:
        anybody = served.client()
        described = anybody.get("openapi.json").json()["paths"]
        asked = [
            (method, re.sub(r"{\w+}", "1", path.removeprefix(PREFIX)))
            for path, operations in described.items()
            for method in operations
        ]
        assert len(asked) > 50
        uncounted = {
            path
            for method, path in asked
            if "ratelimit" not in anybody.request(method, path, follow_redirects=False).headers
        }
    assert uncounted == {"/health", "/health/live", "/health/ready"}


def test_every_answer_tells_what_is_left_before_anybody_is_refused(tmp_path: Path) -> None:
    with serving(tmp_path, None, user_requests=3, address_requests=9) as served:
        ada = served.sign_up("ada")
        answers = [ada.get("me"), ada.get("games/77"), ada.get("me"), ada.get("me")]
        assert [answer.status_code for answer in answers] == [200, 404, 200, 429]
        policy = '"address";q=9;w=60, "user";q=3;w=60'
        assert {answer.headers["ratelimit-policy"] for answer in answers} == {policy}
        left = [_left(answer.headers["ratelimit"]) for answer in answers]
        # Signing up was counted for the address.
        assert left == [(7, 2), (6, 1), (5, 0), (4, 0)]
        assert (
            answers[-1].headers["retry-after"] == answers[-1].headers["ratelimit"].split("t=")[-1]
        )
        assert "ratelimit" not in ada.get("health/ready").headers


def _left(told: str) -> tuple[int, int]:
    """Read what is left for an address and a user, in a minute that has just begun."""
    found = re.fullmatch(r'"address";r=(\d+);t=(\d+), "user";r=(\d+);t=(\d+)', told)
    assert found, told
    assert 30 <= int(found[2]) <= 60
    assert 30 <= int(found[4]) <= 60
    return int(found[1]), int(found[3])


def test_an_answer_from_the_readers_own_cache_tells_it_too(tmp_path: Path) -> None:
    with serving(tmp_path, None, user_requests=9) as served:
        ada = served.sign_up("ada")
        tag = ada.get("me").headers["etag"]
        unchanged = ada.get("me", headers={"If-None-Match": tag})
        assert (unchanged.status_code, "ratelimit" in unchanged.headers) == (304, True)


@pytest.mark.parametrize("settings", [{"user_requests": 0, "address_requests": 0}, {"local": True}])
def test_limits_can_be_switched_off_and_do_not_count_ones_own_machine(
    settings: dict[str, Any], tmp_path: Path
) -> None:
    chosen: dict[str, Any] = {"user_requests": 1, **settings}
    with limiting(Settings(data_dir=tmp_path, **chosen)) as limits:
        assert limits.count_user(1) is None
        assert limits.count_address("192.0.2.1") is None


class _Told(MemoryStorage):
    """Knows how often it was told of requests."""

    times = 0

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        self.times += 1
        return super().incr(key, expiry, amount)


def test_the_storage_is_told_of_several_requests_at_once() -> None:
    storage, most = _Told(), RateLimitItemPerMinute(100)
    one, two = Minutes(storage), Minutes(storage)
    assert [one.count(most, "user", "1").left for _ in range(99)] == [*range(99, 0, -1)]
    # Of the first, and then of six at once: of more than a twentieth of all.
    assert storage.times == 1 + 98 // 6
    # What another server knows nothing of is no more than that.
    others = [two.count(most, "user", "1").left for _ in range(50)]
    assert sum(left >= 0 for left in others) <= 1 + 5
    assert one.count(most, "user", "2").left == 99
    # And who was refused elsewhere hears of it here, not later than that either.
    assert min(one.count(most, "user", "1").left for _ in range(7)) < 0


@pytest.mark.enable_socket
def test_servers_of_a_fleet_count_together_and_alone_while_redis_is_away(
    tmp_path: Path,
    postgres_url: str,
    redis: RedisServer,
    socket_enabled: None,  # noqa: ARG001
) -> None:
    fleet: dict[str, Any] = {"broker_url": redis.url, "user_requests": 4}
    with (
        serving(tmp_path / "one", postgres_url, **fleet) as one,
        serving(tmp_path / "two", postgres_url, **fleet) as two,
    ):
        here = one.sign_up("ada")
        there = two.log_in("ada")
        assert _ask(here, 2) + _ask(there, 1) == [200] * 3
        # This server was told by the other one how much is left, and asks Redis until when.
        assert re.search(r'"user";r=0;t=\d+$', there.get("me").headers["ratelimit"])
        assert [here.get("me").status_code, there.get("me").status_code] == [429, 429]
        redis.kill()
        try:
            assert _ask(here, 5) == [200] * 4 + [429]
        finally:
            redis.start()
