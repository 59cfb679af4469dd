"""How soon the pages of the web app are painted: a real browser, the built pages, a real server.

The largest contentful paint of each page, as the browser itself tells it: opened for the first
time (nothing kept from before), and again.
"""

import os
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from tests.browser.filling import fill
from tests.browser.running import Server, running_server
from tests.browser.system_browser import launch_options
from tests.browser.watching import PAINTED

GOAL_MS = 1_000
"""Of the first time, on the same machine."""

_PAGES = (
    "/",
    "/games",
    "/games/{game}",
    "/insights",
    "/insights/trend",
    "/insights/openings",
    "/insights/time",
    "/training",
    "/jobs",
    "/settings",
)
_OPENED = 5


def measure() -> dict[str, Any]:
    """Open each page of a library with analysed games several times."""
    with (
        TemporaryDirectory() as folder,
        running_server(Path(folder), "--local") as server,
        sync_playwright() as playwright,
    ):
        request = playwright.request.new_context(base_url=server.address)
        fill(request)
        newest = request.get("/api/v1/games?limit=1&analysed=true").json()["items"][0]["id"]
        browser = playwright.chromium.launch(**launch_options())
        pages = {path: _painted(browser, server, path.format(game=newest)) for path in _PAGES}
        browser.close()
    return {
        "goal_ms": GOAL_MS,
        "slowest_first_p50_ms": max(page["first_p50_ms"] for page in pages.values()),
        "pages": pages,
        # How many processes wanted the machine's cores at the end; 1 would be this one alone.
        "load": round(os.getloadavg()[0], 1),
    }


def _painted(browser: Browser, server: Server, path: str) -> dict[str, float]:
    first, again = [], []
    for _ in range(_OPENED):
        context = browser.new_context(locale="en-GB")
        page = context.new_page()
        first.append(_opened(page, f"{server.address}{path}"))
        again.append(_opened(page, f"{server.address}{path}"))
        context.close()
    return {
        "first_p50_ms": round(median(first)),
        "first_most_ms": round(max(first)),
        "again_p50_ms": round(median(again)),
    }


def _opened(page: Page, url: str) -> float:
    page.goto(url, wait_until="networkidle")
    return float(page.evaluate(PAINTED))
