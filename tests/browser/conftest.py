"""Browsers and servers for the tests of the web app."""

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import APIRequestContext, Page, Playwright, expect

from chess_analytics.api import pages
from tests.browser.running import Server, running_server
from tests.browser.watching import Watched

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# So that a whole archive is analysed within seconds: what the engine thinks is not asked here.
FEW_NODES = 60
_ANALYSED = 12
_PATIENCE_S = 200
HOSTILE = Path(__file__).parent / "hostile.pgn"


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Start the system's Chromium, as root too, and let it ask nobody for anything."""
    found = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if found is None:
        pytest.skip("there is no Chromium on this machine; its package is called chromium")
    if not (pages.BUILD / "index.html").is_file():
        pytest.skip("the web app is not built; `just web` builds it")
    quiet = (
        "--no-sandbox --disable-gpu --disable-quic --disable-background-networking "
        "--disable-component-update --disable-sync --no-first-run"
    )
    return {"executable_path": found, "args": quiet.split()}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    """Be an English user, so that the tests can read what stands there."""
    return {"locale": "en-GB", "reduced_motion": "reduce"}


@pytest.fixture(autouse=True)
def patience(page: Page) -> None:
    """Wait longer than playwright would: machines may be slow and busy."""
    page.set_default_timeout(_PATIENCE_S * 1000)
    expect.set_options(timeout=_PATIENCE_S * 1000)


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder for pictures of pages: CHESS_ANALYTICS_TEST_PICTURES keeps them."""
    kept = os.environ.get("CHESS_ANALYTICS_TEST_PICTURES")
    folder = Path(kept) if kept else tmp_path_factory.mktemp("pictures")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def library(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Give a server for one user that holds games, the newest of them analysed."""
    with running_server(tmp_path_factory.mktemp("library"), "--local") as server:
        request = playwright.request.new_context(base_url=server.address)
        fill(request)
        yield server
        request.dispose()


def fill(request: APIRequestContext) -> None:
    """Import the sample and a hostile game, and analyse the newest."""
    text = HOSTILE.read_text(encoding="utf-8")
    assert request.post("/api/v1/imports?name=hostile.pgn", data=text).ok
    assert request.post("/api/v1/imports/sample").ok
    _wait(lambda: _games(request) == 65)
    newest = request.get(f"/api/v1/games?limit={_ANALYSED}").json()["items"]
    wish = {"nodes": FEW_NODES, "games": {"game_id": [game["id"] for game in newest]}}
    job = request.post("/api/v1/analysis-jobs", data=wish).json()
    _wait(lambda: _state(request, job["id"]) == "completed")


def _games(request: APIRequestContext) -> int:
    total = request.get("/api/v1/games?count=true&limit=1").json()["total"]
    assert isinstance(total, int)
    return total


def _state(request: APIRequestContext, job_id: int) -> str:
    return str(request.get(f"/api/v1/analysis-jobs/{job_id}").json()["state"])


def _wait(is_so: Any) -> None:
    until = time.monotonic() + _PATIENCE_S
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.2)


@pytest.fixture
def watched(page: Page, library: Server) -> Watched:
    """Give a page of the filled library."""
    return Watched(page, library.address)
