"""A server that was told to stop says so to who routes requests, and answers all others."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chess_analytics.api.leaving import Leaving
from tests.api.serving import Served, serving


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Served]:
    with serving(tmp_path, None, local=True) as served:
        yield served


class Seconds:
    """A time that passes only when it is told to."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def test_it_answers_for_as_long_as_it_was_given() -> None:
    clock = Seconds()
    leaving = Leaving(5, clock)
    assert not leaving.has_begun
    assert not leaving.leave()
    assert leaving.has_begun
    clock.now_s += 4.9
    # To be told again gives no more time.
    leaving.drain()
    assert not leaving.leave()
    clock.now_s += 0.2
    assert leaving.leave()


def test_without_time_it_leaves_at_once() -> None:
    assert Leaving(0, Seconds()).leave()


def test_told_a_second_time_it_leaves_at_once() -> None:
    leaving = Leaving(5, Seconds())
    leaving.drain()
    leaving.halt()
    assert leaving.leave()


def test_only_who_routes_requests_is_told(local: Served) -> None:
    browser = local.client()
    paths = ("health/ready", "health/live", "health", "about")
    assert [browser.get(path).status_code for path in paths] == [200, 200, 200, 200]
    local.app.state.leaving.drain()
    assert [browser.get(path).status_code for path in paths] == [503, 200, 200, 200]
    assert browser.get("health/ready").json()["type"] == "stopping"


def test_connections_are_kept_until_it_leaves(local: Served) -> None:
    browser = local.client()
    assert "connection" not in browser.get("about").headers
    local.app.state.leaving.drain()
    for path in ("about", "health/ready", f"{local.base_url}/", "nothing-there"):
        assert browser.get(path).headers["connection"] == "close", path
