"""A newcomer's first evening: from `serve` on an empty folder to the first reviewed game.

A real browser, a real server and a real engine, with the profile that the page proposes; what is
clicked is what stands there. No pause for reading or typing: the time is the machine's alone.
"""

import os
import re
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urljoin

from playwright.sync_api import Page, expect, sync_playwright
from tests.accounts import PASSWORD
from tests.browser.running import running_server
from tests.browser.system_browser import launch_options

GOAL_S = 120
_PATIENCE_S = 200


class _Watch:
    """Seconds of each stage, in the order in which they end."""

    def __init__(self) -> None:
        self.stages: dict[str, float] = {}
        self._begun_s = self._last_s = time.monotonic()

    def ends(self, stage: str) -> None:
        now_s = time.monotonic()
        self.stages[stage] = round(now_s - self._last_s, 1)
        self._last_s = now_s

    @property
    def total_s(self) -> float:
        return round(self._last_s - self._begun_s, 1)


def measure() -> dict[str, Any]:
    """Go through the first evening once, and tell the seconds of each stage."""
    expect.set_options(timeout=_PATIENCE_S * 1000)
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        page = browser.new_context(locale="en-GB").new_page()
        page.set_default_timeout(_PATIENCE_S * 1000)
        watch = _Watch()
        with running_server(Path(folder)) as server:
            watch.ends("server_answers_s")
            page.goto(server.address)
            _go(page, watch)
        browser.close()
    return {
        "goal_s": GOAL_S,
        "total_s": watch.total_s,
        "is_met": watch.total_s < GOAL_S,
        "stages": watch.stages,
        "cores": os.cpu_count(),
        # How many processes wanted the machine's cores at the end; the engines alone are as many.
        "load": round(os.getloadavg()[0], 1),
    }


def _go(page: Page, watch: _Watch) -> None:
    page.get_by_label("Name").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    sample = page.get_by_role("button", name="Try with a sample")
    sample.wait_for()
    watch.ends("account_made_s")
    sample.click()
    expect(page.get_by_text("64 games not analysed yet")).to_be_visible()
    watch.ends("games_imported_s")
    # The button wakes up once the estimate is there.
    page.get_by_role("button", name="Analyse all").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    watch.ends("analysis_begun_s")
    # The sample comes with evaluations of Lichess, so its games have reviews before; what counts is
    # one by the engine of this server.
    expect(page.get_by_text(re.compile(r"^[1-9]\d* of 64 games"))).to_be_visible()
    watch.ends("first_game_analysed_s")
    first = _analysed_here(page)
    # It is among the first that the page shows, without a search.
    page.get_by_role("region", name="Latest games").locator(f'a[href="/games/{first}"]').click()
    expect(page.get_by_text("Where the game turned")).to_be_visible()
    watch.ends("game_page_shows_review_s")


def _analysed_here(page: Page) -> int:
    """Find the last played game that an engine of the server has analysed."""
    listed = page.request.get(urljoin(page.url, "/api/v1/games?limit=64")).json()["items"]
    return next(int(it["id"]) for it in listed if it["run"]["source"] == "engine")
