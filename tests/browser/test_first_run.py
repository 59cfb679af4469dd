"""The first evening: from an empty server to a reviewed game, as a user clicks through it."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.keyboard import check_focus
from tests.browser.running import running_server
from tests.browser.shifting import NOTICED_SHIFT, forget_shifts, shifted, watch_shifts
from tests.browser.watching import Watched

pytestmark = pytest.mark.engine

_NO_TIME = "0"
# A game takes a second or so; all of them, longer than the test looks at them.
_SOME_NODES = 1_000


def _ask_for_nodes(page: Page, nodes: int) -> None:
    """Have what the page asks to be analysed be analysed with so many nodes a position."""

    def ask(route: Route) -> None:
        wish = json.loads(route.request.post_data or "{}")
        route.continue_(post_data={**wish, "nodes": nodes})

    page.route(re.compile("/api/v1/analysis-jobs$"), ask)


def _sign_up_by_keyboard(page: Page, name: str) -> None:
    page.get_by_label("Name").focus()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type("correct horse battery staple")
    page.keyboard.press("Enter")


def test_from_an_empty_server_to_a_reviewed_game(
    page: Page, tmp_path: Path, pictures: Path
) -> None:
    _ask_for_nodes(page, _SOME_NODES)
    watch_shifts(page)
    with running_server(tmp_path, grace_s=_NO_TIME) as server:
        watched = Watched(page, server.address)
        watched.open("/games")
        expect(page.get_by_role("heading", name="Create the first account")).to_be_visible()
        watched.check(pictures, "first-account")
        _sign_up_by_keyboard(page, "ada")
        # She is where she wanted to go, and it says what to do there.
        expect(page.get_by_text("No games yet.")).to_be_visible()
        page.get_by_role("link", name="Bring your games").click()
        expect(page.get_by_role("heading", name="Bring your games")).to_be_visible()
        page.get_by_role("button", name="Try with a sample").click()
        _analyse_all(page)
        page.get_by_role("link", name=re.compile("yun")).first.click()
        expect(page.get_by_text("Where the game turned")).to_be_visible()
        her_game = page.url
        _end_analysis(watched, pictures)
        _look_as_administrator(watched, pictures)
        _look_as_another_user(page, server.address, her_game)


def _analyse_all(page: Page) -> None:
    expect(page.get_by_text("64 games not analysed yet")).to_be_visible()
    expect(page.get_by_text(re.compile("^about ")).first).to_be_visible()
    page.get_by_role("button", name="Analyse all").press("Enter")
    expect(page.get_by_role("progressbar")).to_be_visible()
    check_focus(page)
    forget_shifts(page)
    # What the games say is told while they are analysed.
    so_far = page.get_by_role("region", name="Your play so far")
    expect(so_far).to_contain_text(re.compile(r"Accuracy\s+\d"))
    expect(page.get_by_text(re.compile(r"^[1-9]\d* of 64 games"))).to_be_visible()
    assert shifted(page) < NOTICED_SHIFT


def _end_analysis(watched: Watched, pictures: Path) -> None:
    page = watched.page
    page.get_by_role("link", name="Jobs").click()
    expect(page.get_by_role("heading", name="Analysing")).to_be_visible()
    watched.check(pictures, "analysing")
    page.get_by_role("button", name="Cancel").press("Enter")
    ended = page.get_by_role("list", name="Jobs that have ended")
    expect(ended).to_contain_text("Cancelled")
    check_focus(page)


def _look_as_administrator(watched: Watched, pictures: Path) -> None:
    page = watched.page
    page.get_by_role("link", name="Admin").click()
    expect(page.get_by_text("64 games · Since")).to_be_visible()
    expect(page.get_by_text("Nothing waits for an engine.")).to_be_visible()
    watched.check(pictures, "admin")
    page.get_by_role("link", name="Settings").click()
    expect(page.get_by_role("heading", name="Tokens for programs")).to_be_visible()
    watched.check(pictures, "own-settings")
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("button", name="Log in")).to_be_visible()
    watched.check(pictures, "log-in")
    assert watched.complaints == []


def _look_as_another_user(page: Page, address: str, her_game: str) -> None:
    page.get_by_role("button", name="I need an account").click()
    _sign_up_by_keyboard(page, "bob")
    expect(page.get_by_role("heading", name="Bring your games")).to_be_visible()
    expect(page.get_by_role("link", name="Admin")).to_have_count(0)
    page.goto(her_game)
    expect(page.get_by_role("alert")).to_contain_text("there is no such game")
    for path, nothing in (
        ("/games", "No games yet."),
        ("/training", "No drills yet"),
        ("/jobs", "Nothing was analysed yet."),
        ("/admin", "Only administrators see this page."),
        ("/insights/openings", "No games with this colour yet."),
        ("/insights/time", "None of your analysed games tells clock times yet."),
    ):
        page.goto(f"{address}{path}")
        expect(page.get_by_text(nothing)).to_be_visible()
        assert "yun" not in page.locator("body").inner_text()


def test_a_running_job_is_paused_followed_over_a_restart_and_cancelled(
    page: Page, tmp_path: Path
) -> None:
    # The games at hand are given back at once, and begun again.
    with running_server(tmp_path, "--local", grace_s=_NO_TIME) as server:
        page.goto(server.address)
        page.get_by_role("button", name="Try with a sample").click()
        page.get_by_role("button", name="Analyse all").click()
        expect(page.get_by_role("heading", name="Analysing")).to_be_visible()
        page.get_by_role("button", name="Pause").press("Enter")
        expect(page.get_by_role("heading", name="Paused")).to_be_visible()
        check_focus(page)
        port = server.address.rsplit(":", 1)[1]
    expect(page.get_by_text("Connection lost")).to_be_visible()
    with running_server(tmp_path, "--local", "--port", port, grace_s=_NO_TIME):
        expect(page.get_by_text("Connection lost")).to_have_count(0)
        page.get_by_role("button", name="Resume").press("Enter")
        expect(page.get_by_role("heading", name="Analysing")).to_be_visible()
        page.get_by_role("button", name="Cancel").press("Enter")
        expect(page.get_by_role("heading", name="Cancelled")).to_be_visible()
        check_focus(page)
