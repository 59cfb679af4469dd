"""A library for the tests of pages: the sample and a hostile game, the newest of them analysed."""

import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import APIRequestContext

# So that a whole archive is analysed within seconds: what the engine thinks is not asked here.
FEW_NODES = 60
HOSTILE = Path(__file__).parent / "hostile.pgn"
_ANALYSED = 12
_PATIENCE_S = 200


SAMPLE = 64
"""Games in the sample archive."""

GAMES = SAMPLE + 2
"""The sample's, and two that are hostile; a third entry is no game."""

_LONG_NAME = f"""
[White "long{"g" * 100_000}"]
[Black "?"]
[Date "2019.01.01"]

1. e4 {{{"<b>" * 1_000}}} e5 2. Ke2 *

[White "nobody"]

1. e4 Zz9 *
"""


def fill(request: APIRequestContext) -> None:
    """Import the sample and hostile games, and analyse the newest."""
    text = HOSTILE.read_text(encoding="utf-8") + _LONG_NAME
    assert request.post("/api/v1/imports?name=hostile.pgn", data=text).ok
    assert request.post("/api/v1/imports/sample").ok
    wait_until(lambda: _games(request) == GAMES)
    newest = request.get(f"/api/v1/games?limit={_ANALYSED}").json()["items"]
    wish = {"nodes": FEW_NODES, "games": {"game_id": [game["id"] for game in newest]}}
    job = request.post("/api/v1/analysis-jobs", data=wish).json()
    wait_until(lambda: _state(request, job["id"]) == "completed")


def _games(request: APIRequestContext) -> int:
    total = request.get("/api/v1/games?count=true&limit=1").json()["total"]
    assert isinstance(total, int)
    return total


def _state(request: APIRequestContext, job_id: int) -> str:
    return str(request.get(f"/api/v1/analysis-jobs/{job_id}").json()["state"])


def wait_until(is_so: Callable[[], bool], patience_s: float = _PATIENCE_S) -> None:
    """Look again and again, for a long while at most."""
    until = time.monotonic() + patience_s
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.2)
