"""The first evening's ways in: a file that is dropped, and a name on Lichess and on Chess.com."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.dropping import drop_file
from tests.browser.running import running_server
from tests.browser.shifting import NOTICED_SHIFT, forget_shifts, shifted, watch_shifts
from tests.browser.watching import Watched
from tests.sources import chesscom_player, lichess_player
from tests.sources.replay import ChesscomSite, LichessSite, serving

pytestmark = [pytest.mark.engine, pytest.mark.enable_socket]

_DROPPED = """
[White "Ann"]
[Black "Cid"]
[Result "1-0"]

1. e4 e5 2. Qh5 Ke7 3. Qxe5# 1-0

[White "Dan"]
[Black "Ann"]
[Result "0-1"]

1. f3 e5 2. g4 Qh4# 0-1

[White "Ann"]

1. e4 Zz9 *
"""


@contextmanager
def _server_beside_sites(folder: Path) -> Iterator[str]:
    """Start a server that asks this machine instead of the two sites, where Ann has games."""
    on_lichess = LichessSite("Ann", [lichess_player.game(number) for number in range(1, 6)])
    month = chesscom_player.month(*map(chesscom_player.game, range(1, 4)))
    on_chesscom = ChesscomSite("ann", {"2025/01": month})
    with (
        serving(on_lichess) as lichess,
        serving(on_chesscom) as chesscom,
        running_server(
            folder, "--local", lichess_url=lichess.base, chesscom_url=chesscom.base
        ) as server,
    ):
        yield server.address


def test_games_come_from_a_dropped_file_and_from_names_on_both_sites(
    page: Page, tmp_path: Path, pictures: Path
) -> None:
    file = tmp_path / "ann.pgn"
    file.write_text(_DROPPED)
    with _server_beside_sites(tmp_path) as address:
        watched = Watched(page, address)
        watch_shifts(page)
        watched.open("/")
        _drop_twice(watched, file, pictures)
        _fetch(page, "Lichess", "Annn")
        failed = page.get_by_role("region", name="Importing Annn")
        expect(failed).to_contain_text("Lichess has no player 'Annn'")
        failed.get_by_role("button", name="Close").click()
        _fetch(page, "Lichess", "Ann")
        expect(page.get_by_text("7 games not analysed yet")).to_be_visible()
        _fetch(page, "Chess.com", "Ann")
        expect(page.get_by_text("10 games not analysed yet")).to_be_visible()
        # Who has named an account is not asked any more who they are.
        expect(page.get_by_role("heading", name="Whose games are these?")).to_have_count(0)
        _analyse_all(page)
        watched.check(pictures, "done")
        page.get_by_role("link", name="All games (10)").click()
        expect(page.locator("tbody tr")).to_have_count(10)
        assert watched.complaints == []


def _drop_twice(watched: Watched, file: Path, pictures: Path) -> None:
    page = watched.page
    drop_file(file, page.get_by_text("Drop a file here"))
    brought = page.get_by_role("region", name="Importing ann.pgn")
    expect(brought).to_contain_text("2 games imported")
    expect(brought).to_contain_text("2 added, 0 already here, 0 set aside, 1 unreadable")
    brought.get_by_text("What was left out, and why").click()
    expect(brought).to_contain_text(re.compile(r"3: Ann\b.*Zz9", re.DOTALL))
    watched.check(pictures, "dropped")
    brought.get_by_role("button", name="Close").click()
    expect(page.get_by_text("2 games not analysed yet")).to_be_visible()
    # Beside the card it is meant all the same, and the page is not left for the file.
    drop_file(file, page.get_by_role("heading", level=1))
    expect(brought).to_contain_text("0 added, 2 already here, 0 set aside, 1 unreadable")
    brought.get_by_role("button", name="Close").click()


def _analyse_all(page: Page) -> None:
    page.get_by_role("button", name="Analyse all").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    forget_shifts(page)
    expect(page.get_by_role("heading", name="Done")).to_be_visible()
    expect(page.get_by_text("10 of 10 games")).to_be_visible()
    so_far = page.get_by_role("region", name="Your play so far")
    expect(so_far).to_contain_text(re.compile(r"Accuracy\s+\d"))
    # Those of her accounts; nobody has said that the Ann of the file is she.
    expect(so_far).to_contain_text("8 analysed games")
    assert shifted(page) < NOTICED_SHIFT


def _fetch(page: Page, site: str, name: str) -> None:
    page.get_by_role("combobox", name="Site").select_option(site)
    page.get_by_role("textbox", name=re.compile("^Player")).fill(name)
    page.get_by_role("button", name="Fetch games").click()
