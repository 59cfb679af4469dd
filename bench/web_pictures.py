"""Take the pictures of the web app that stand in its guide: `just web-pictures`.

A real server, a real engine and a real browser; the games are those of the sample archive.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import APIRequestContext, Page, ViewportSize, sync_playwright
from tests.browser.filling import SAMPLE, wait_until
from tests.browser.running import running_server
from tests.browser.system_browser import launch_options

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"

_SIZE = ViewportSize(width=1280, height=860)
_PATIENCE_S = 1_800
_PAGES = ("insights", "training")


def take() -> None:
    """Analyse the sample, and take a picture of some pages."""
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        context = browser.new_context(locale="en-GB", viewport=_SIZE, reduced_motion="reduce")
        page = context.new_page()
        with running_server(Path(folder), "--local") as server:
            _analyse(page.request, f"{server.address}/api/v1")
            _open_a_mistake(page, server.address)
            _take(page, "game")
            for name in _PAGES:
                page.goto(f"{server.address}/{name}")
                _take(page, name)
        browser.close()


def _analyse(request: APIRequestContext, api: str) -> None:
    assert request.post(f"{api}/imports/sample").ok
    wait_until(lambda: request.get(f"{api}/games?count=true").json()["total"] == SAMPLE)
    job = request.post(f"{api}/analysis-jobs", data={"profile": "fast"}).json()
    job_url = f"{api}/analysis-jobs/{job['id']}"
    wait_until(lambda: bool(request.get(job_url).json()["ended_ms"]), _PATIENCE_S)


def _open_a_mistake(page: Page, address: str) -> None:
    [game] = page.request.get(f"{address}/api/v1/games?limit=1").json()["items"]
    page.goto(f"{address}/games/{game['id']}")
    page.get_by_role("button", name="Next mistake").click()


def _take(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / f"web-{name}.png")


if __name__ == "__main__":
    take()
