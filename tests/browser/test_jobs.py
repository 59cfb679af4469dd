"""A job some of whose games fail: which ones, why, and once more."""

import re
import shutil
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.filling import FEW_NODES, wait_until
from tests.browser.running import Server, running_server
from tests.browser.watching import Watched
from tests.faults.engines import simulated_engines
from tests.pgns import pgn

_GAMES = pgn("1. e4 e5 2. Nf3", black="Poison") + pgn("1. d4 d5 2. c4")


def _bring_games(page: Page, server: Server) -> None:
    api = f"{server.address}/api/v1"
    assert page.request.post(f"{api}/imports?name=two.pgn", data=_GAMES).ok
    wait_until(lambda: page.request.get(f"{api}/games?count=true").json()["total"] == 2)
    assert page.request.post(f"{api}/analysis-jobs", data={"nodes": FEW_NODES}).ok


def test_games_that_failed_are_named_with_the_reason_and_tried_again(
    page: Page, tmp_path: Path, pictures: Path
) -> None:
    engines = simulated_engines(tmp_path, 0, "--at", "e2e4,e7e5=die")
    with running_server(tmp_path, "--local", engine=str(engines.program), workers="1") as server:
        watched = Watched(page, server.address)
        _bring_games(page, server)
        watched.open("/jobs")
        ended = page.get_by_role("list", name="Jobs that have ended")
        expect(ended).to_contain_text("1 of 2 games")
        # As where the browser is at home, which is Britain.
        expect(ended).to_contain_text(re.compile("[0-9]{1,2} [A-Z][a-z]+ 20[0-9]{2}, [0-9]{2}:"))
        _look_at_failures(page)
        watched.check(pictures, "jobs-failed")
        _mend(tmp_path)
        page.get_by_role("button", name="Try failed games again").click()
        expect(ended).to_contain_text("2 of 2 games")
        expect(page.get_by_text("1 game failed")).to_have_count(0)
        assert watched.complaints == []


def _look_at_failures(page: Page) -> None:
    page.get_by_text("1 game failed").click()
    game = page.get_by_role("link", name=re.compile("Anna . Poison"))
    expect(game).to_have_attribute("href", re.compile("^/games/[0-9]+$"))
    expect(page.get_by_text("The engine simulated ended by itself")).to_contain_text("out of luck")


def _mend(folder: Path) -> None:
    """Let the engine die no more."""
    well = simulated_engines(folder / "well")
    shutil.copy(well.program, folder / "simulated")
