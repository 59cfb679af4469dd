"""What users do with what is theirs: tokens, games that they delete, and the account itself."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.accounts import PASSWORD
from tests.browser.filling import wait_until
from tests.browser.running import Server, running_server
from tests.browser.watching import Watched

# One server for all of them, also where several processes share the tests.
pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("club")]

_GAMES = "".join(f'[White "Ann"]\n[Black "No {number}"]\n\n1. e4 e5 *\n\n' for number in (1, 2, 3))


@pytest.fixture(scope="module")
def club(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Give a server for many users, on which somebody else is the administrator."""
    with running_server(tmp_path_factory.mktemp("club")) as server:
        warden = playwright.request.new_context(base_url=server.address)
        assert warden.post("/api/v1/users", data={"name": "warden", "password": PASSWORD}).ok
        warden.dispose()
        yield server


def _sign_up(page: Page, club: Server, name: str) -> Watched:
    """Be a new user in this browser."""
    wish = {"name": name, "password": PASSWORD}
    assert page.request.post(f"{club.address}/api/v1/users", data=wish).ok
    return Watched(page, club.address)


def _bring_three_games(watched: Watched) -> None:
    url = f"{watched.address}/api/v1/imports?name=three.pgn"
    assert watched.page.request.post(url, data=_GAMES).ok
    wait_until(lambda: _games(watched) == 3)


def _games(watched: Watched) -> object:
    url = f"{watched.address}/api/v1/games?count=true&limit=1"
    return watched.page.request.get(url).json()["total"]


def test_a_token_is_made_and_works_until_it_is_revoked(
    page: Page, club: Server, playwright: Playwright
) -> None:
    watched = _sign_up(page, club, "toni")
    watched.open("/settings")
    tokens = page.get_by_role("region", name="Tokens for programs")
    tokens.get_by_label("What the token is for").fill("a bot")
    tokens.get_by_role("button", name="Make a token").click()
    shown = tokens.get_by_label("Copy it now: nobody can show it again.")
    expect(tokens.get_by_role("listitem")).to_contain_text("a bot")
    bearer = {"Authorization": f"Bearer {shown.input_value()}"}
    bot = playwright.request.new_context(base_url=club.address, extra_http_headers=bearer)
    assert bot.get("/api/v1/me").json()["name"] == "toni"
    # It was not allowed to change anything.
    assert bot.post("/api/v1/imports/sample").status == 403
    tokens.get_by_role("button", name="Revoke a bot").click()
    expect(tokens.get_by_role("listitem")).to_have_count(0)
    # Nobody copies what works no more.
    expect(shown).to_have_count(0)
    assert bot.get("/api/v1/me").status == 401
    bot.dispose()
    assert watched.complaints == []


def test_chosen_games_are_deleted_and_no_others(page: Page, club: Server) -> None:
    watched = _sign_up(page, club, "dela")
    _bring_three_games(watched)
    watched.open("/games")
    rows = page.locator("tbody tr")
    gone = rows.first.get_by_role("link").get_attribute("href")
    boxes = page.get_by_label(re.compile("^Choose (?!all)"))
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Yes, delete").click()
    expect(page.get_by_text("1 game", exact=True)).to_be_visible()
    expect(page.get_by_text("All 1 game")).to_be_visible()
    assert _games(watched) == 1
    expect(rows).to_have_count(1)
    assert page.locator(f'a[href="{gone}"]').count() == 0
    watched.open("/")
    expect(page.get_by_text("1 game not analysed yet")).to_be_visible()
    assert watched.complaints == []
    watched.open(f"{gone}")
    expect(page.get_by_role("alert")).to_contain_text("there is no such game")


def test_an_account_is_deleted_with_everything_once_its_password_is_given(
    page: Page, club: Server
) -> None:
    watched = _sign_up(page, club, "lea")
    _bring_three_games(watched)
    watched.open("/settings")
    account = page.get_by_role("region", name=re.compile("^Account"))
    account.get_by_role("button", name="Delete account").click()
    password = account.get_by_label("Password", exact=True)
    expect(account.get_by_text("All your games, analyses and settings")).to_be_visible()
    password.fill("not the password")
    account.get_by_role("button", name="Delete everything").click()
    expect(account.get_by_role("alert")).to_contain_text("password")
    assert _games(watched) == 3
    password.fill(PASSWORD)
    account.get_by_role("button", name="Delete everything").click()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    assert page.request.get(f"{club.address}/api/v1/me").status == 401

    page.get_by_label("Name").fill("lea")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    # The name is free again, and who takes it finds nothing of hers.
    page.get_by_role("button", name="I need an account").click()
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name="Bring your games")).to_be_visible()
    assert _games(watched) == 0
