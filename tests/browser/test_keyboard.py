"""Every main page by keyboard alone, and what is heard of a board by those who do not see it."""

import re
from typing import Any

import chess
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.keyboard import check_focus, press, reach
from tests.browser.watching import Watched

pytestmark = pytest.mark.engine


def _heading(page: Page, name: str | re.Pattern[str]) -> None:
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


def _turn_to(page: Page, menu: str, name: str) -> None:
    """Go to another page by a menu, which lies at the beginning of every page."""
    link = page.get_by_role("navigation", name=menu).get_by_role("link", name=name, exact=True)
    is_fresh = page.evaluate("document.activeElement === document.body")
    reach(link, "Tab" if is_fresh else "Shift+Tab")
    page.keyboard.press("Enter")


def test_an_evening_without_a_mouse(watched: Watched) -> None:
    page = watched.open("/")
    _heading(page, "Home")
    press(page, "Tab")
    expect(page.get_by_role("link", name="To the content")).to_be_focused()
    press(page, "Enter")
    expect(page.get_by_role("main")).to_be_focused()
    _turn_to(page, "Main", "Games")
    _choose_a_game(page)
    _go_through_a_game(page)
    _turn_to(page, "Main", "Insights")
    _ask_a_question(page)
    for name in ("Trend", "Openings", "Time"):
        _turn_to(page, "Insights", name)
        expect(page.get_by_role("link", name=name, exact=True)).to_have_attribute(
            "aria-current", "page"
        )
        watched.settle()
    _turn_to(page, "Main", "Training")
    _train(page)
    _turn_to(page, "Main", "Jobs")
    _heading(page, "Jobs")
    _turn_to(page, "Main", "Settings")
    reach(page.get_by_role("combobox", name="Theme"))
    page.keyboard.type("dark")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert watched.complaints == []


def _choose_a_game(page: Page) -> None:
    reach(page.get_by_role("searchbox", name="Opponent"))
    page.keyboard.type("mei")
    expect(page.locator("tbody tr")).not_to_have_count(50)
    reach(page.get_by_label(re.compile("^Choose (?!all)")).first)
    press(page, "Space")
    expect(page.get_by_text("1 game chosen")).to_be_visible()
    reach(page.get_by_role("button", name="Delete"), "Shift+Tab")
    # What was pressed is gone: one is where it was, and not at the beginning.
    press(page, "Enter")
    reach(page.get_by_role("button", name="Cancel"))
    press(page, "Enter")
    press(page, "Tab")
    expect(page.get_by_role("button", name="Analyse")).to_be_focused()
    reach(page.get_by_role("link", name=re.compile("mei")).first)
    page.keyboard.press("Enter")


def _go_through_a_game(page: Page) -> None:
    _heading(page, re.compile("mei"))
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name=re.compile(r"^1\. "))).to_be_visible()
    reach(
        page.get_by_role("region", name="Moves")
        .get_by_role("button", name=re.compile("^d5|^e5|^c5|^Nf6"))
        .first
    )
    press(page, "Enter")
    expect(page.get_by_role("heading", name=re.compile("^1… "))).to_be_visible()


def _ask_a_question(page: Page) -> None:
    reach(page.get_by_role("combobox", name="Measure"))
    page.keyboard.type("Accuracy")
    row = page.get_by_role("button", name="all", exact=True)
    reach(row)
    press(page, "Enter")
    expect(page.get_by_text("Behind «all»")).to_be_visible()
    reach(page.locator(".behind a").first)


def _train(page: Page) -> None:
    expect(page.get_by_label("Type a move")).to_be_focused()
    check_focus(page)
    reach(page.get_by_role("button", name="Show solution"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Next", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Type a move")).to_be_focused()
    check_focus(page)


def _heard_board(region: Locator) -> dict[chess.Square, str]:
    """Read the table of a board as it is heard: what stands where."""
    rows = region.get_by_role("table", name="Position").locator("tbody tr").all()
    assert [row.locator("th").inner_text() for row in rows] == list("87654321")
    heard = {}
    for rank, row in zip(range(7, -1, -1), rows, strict=True):
        for file, man in enumerate(row.locator("td").all_inner_texts()):
            heard[chess.square(file, rank)] = man
    return {square: man for square, man in heard.items() if man}


def _men(fen: str) -> dict[chess.Square, str]:
    return {
        square: f"{'White' if piece.color else 'Black'} {chess.piece_name(piece.piece_type)}"
        for square, piece in chess.Board(fen).piece_map().items()
    }


def _spoken(move: dict[str, Any]) -> str:
    number = f"{(move['ply'] + 1) // 2}{'.' if move['side'] == 'white' else '…'}"
    return f"{number} {move['san']}, {move['label'].capitalize()}, "


def test_moves_are_spoken_and_the_board_is_heard_as_it_is_seen(watched: Watched) -> None:
    url = f"{watched.address}/api/v1/games"
    listed = watched.page.request.get(f"{url}?limit=1&analysed=true").json()["items"][0]
    review = watched.page.request.get(f"{url}/{listed['id']}/runs/{listed['run']['id']}/review")
    moves = review.json()["moves"]
    page = watched.open(f"/games/{listed['id']}")
    board = page.get_by_role("region", name="Board")
    fen = page.get_by_label("FEN")
    spoken = page.locator("p[aria-live=polite].unseen").filter(has_text=re.compile(r"\S"))
    expect(spoken).to_have_text("Start of the game")
    assert _heard_board(board) == _men(chess.STARTING_FEN)
    for move in moves[:3]:
        before = fen.input_value()
        page.keyboard.press("ArrowRight")
        expect(spoken).to_contain_text(_spoken(move))
        expected = chess.Board(before)
        expected.push_uci(move["uci"])
        assert _heard_board(board) == _men(expected.fen()) == _men(fen.input_value())
    page.keyboard.press("End")
    expect(spoken).to_contain_text(_spoken(moves[-1]))
    assert _heard_board(board) == _men(fen.input_value())
    # A move of one's own is spoken, too, without a judgment that nobody has made.
    page.keyboard.press("Home")
    page.get_by_label("Type a move").fill("Nh3")
    page.keyboard.press("Enter")
    expect(spoken).to_have_text("1. Nh3")
    assert _heard_board(board)[chess.H3] == "White knight"
    assert watched.complaints == []
