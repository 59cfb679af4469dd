"""Every page of a library with games: nothing wrong with it, and its task done by keyboard."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.filling import GAMES
from tests.browser.hearing import heard_roles
from tests.browser.keyboard import check_stops
from tests.browser.watching import Watched

pytestmark = pytest.mark.engine

FIRST_GAME = re.compile("yun")


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/", "Home"),
        ("/games", "Games"),
        ("/insights", "What costs you most"),
        ("/insights/trend?metric=loss&only=color%3Dwhite", "Trend"),
        ("/insights/openings", "Your openings, move by move"),
        ("/insights/time", "Where your time goes, and what it brings"),
        ("/jobs", "Jobs"),
        ("/settings", "Settings"),
    ],
)
def test_a_page_has_no_fault(watched: Watched, pictures: Path, path: str, heading: str) -> None:
    page = watched.open(path)
    expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    expect(page.get_by_text("Loading …")).to_have_count(0)
    watched.settle()
    watched.paints_soon()
    watched.check(pictures, heading.partition(",")[0].lower().replace(" ", "-"))
    check_stops(page)


def test_games_are_filtered_sorted_and_chosen(watched: Watched) -> None:
    page = watched.open("/games")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(50)
    page.get_by_role("button", name="More").click()
    expect(rows).to_have_count(GAMES)
    page.get_by_text("1 entry of your imports not in the library: why").press("Enter")
    expect(page.get_by_text("a written move")).to_be_visible()
    page.get_by_role("searchbox", name="Opponent").fill("mei")
    expect(rows).not_to_have_count(GAMES)
    shown = rows.count()
    expect(page).to_have_url(re.compile(r"opponent=mei"))
    page.reload()
    expect(rows).to_have_count(shown)
    page.get_by_role("button", name="Clear filters").click()
    page.get_by_role("button", name="Accuracy").press("Enter")
    expect(page.get_by_role("columnheader", name="Accuracy")).to_have_attribute(
        "aria-sort", "descending"
    )
    page.get_by_label(re.compile("^Choose (?!all)")).first.check()
    expect(page.get_by_text("1 game chosen")).to_be_visible()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Delete 1 game with their analyses?")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Export PGN").click()
    text = Path(download.value.path()).read_text()
    assert text.count("[White ") == 1
    assert watched.complaints == []


def test_a_game_is_walked_through_by_keyboard(watched: Watched, pictures: Path) -> None:
    page = watched.open("/games")
    page.get_by_role("link", name=FIRST_GAME).first.press("Enter")
    expect(page.get_by_role("heading", name=re.compile("yun"), level=1)).to_be_visible()
    watched.settle()
    watched.paints_soon()
    current = page.locator("[aria-current=step]").first
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name=re.compile(r"^1\. "))).to_be_visible()
    page.keyboard.press("n")
    expect(current).to_contain_text(re.compile(r"\?"))
    page.keyboard.press("End")
    expect(page.get_by_role("heading", name=re.compile(r"^29… "))).to_be_visible()
    page.keyboard.press("Home")
    page.keyboard.press("?")
    expect(page.get_by_text("flip the board")).to_be_visible()
    page.get_by_label("Type a move").fill("Nh3")
    page.keyboard.press("Enter")
    expect(page.locator(".variation")).to_contain_text("1. Nh3")
    page.get_by_role("button", name="Back to the game").click()
    watched.check(pictures, "game")
    check_stops(page)


def _middles_of_squares(page: Page) -> Callable[[str], tuple[float, float]]:
    """Give what tells where on the page a square of the board is."""
    box = page.locator("cg-board").bounding_box()
    assert box
    is_black = page.locator(".orientation-black").count() > 0
    side = box["width"] / 8

    def middle(square: str) -> tuple[float, float]:
        file, rank = "abcdefgh".index(square[0]), int(square[1]) - 1
        column, row = (7 - file, rank) if is_black else (file, 7 - rank)
        return box["x"] + (column + 0.5) * side, box["y"] + (row + 0.5) * side

    return middle


def test_pieces_are_dragged_and_clicked(watched: Watched) -> None:
    page = watched.open("/games?opponent=mei")
    page.get_by_role("link", name=re.compile("mei")).first.click()
    middle = _middles_of_squares(page)
    page.mouse.move(*middle("a2"))
    page.mouse.down()
    page.mouse.move(*middle("a3"))
    page.mouse.move(*middle("a4"))
    page.mouse.up()
    variations = page.locator(".variation")
    expect(variations).to_contain_text("1. a4")
    page.mouse.click(*middle("b8"))
    page.mouse.click(*middle("a6"))
    expect(variations).to_contain_text(re.compile(r"1\. a4\s+Na6"))
    # Another answer is a variation of the variation.
    page.keyboard.press("ArrowLeft")
    page.mouse.click(*middle("h7"))
    page.mouse.click(*middle("h6"))
    inner = page.locator(".variation .variation")
    expect(inner).to_contain_text("1… h6")
    # They are there again when one comes back.
    page.reload()
    inner.get_by_role("button").press("Enter")
    page.get_by_role("button", name="Delete variation").click()
    expect(variations).to_have_count(1)
    page.get_by_role("button", name="Delete variation").click()
    expect(variations).to_have_count(0)
    assert watched.complaints == []


def test_stockfish_runs_in_the_browser_when_asked_and_only_then(
    watched: Watched, pictures: Path
) -> None:
    asked: list[str] = []
    watched.page.on("request", lambda it: asked.append(it.url))
    page = watched.open("/games")
    page.get_by_role("link", name=FIRST_GAME).first.click()
    panel = page.get_by_role("region", name="Stockfish in this browser")
    expect(panel).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "/engine/" in url]
    page.keyboard.press("e")
    expect(panel).to_contain_text(re.compile(r"depth ([5-9]|\d\d)"))
    page.keyboard.press("l")
    lines = panel.locator("li")
    expect(lines).to_have_count(2)
    expect(lines.nth(1).locator("button").first).to_be_visible()
    watched.check(pictures, "engine")
    page.keyboard.press("b")
    expect(page.get_by_role("region", name="Moves").locator("[aria-current=step]")).to_have_count(1)
    # What is over needs no engine: the fool's mate, typed.
    page.keyboard.press("Home")
    for move in ("f3", "e5", "g4", "Qh4"):
        page.get_by_label("Type a move").fill(move)
        page.get_by_label("Type a move").press("Enter")
    expect(panel).to_contain_text("the game is over here")
    page.get_by_role("button", name="Stockfish").click()
    expect(panel.get_by_role("listitem")).to_have_count(0)
    assert watched.complaints == []


def test_a_game_is_shared_by_a_link_until_the_link_is_ended(
    watched: Watched, context: BrowserContext, pictures: Path
) -> None:
    page = watched.open("/games")
    page.get_by_role("link", name=FIRST_GAME).first.click()
    page.get_by_role("combobox", name="Compare with").select_option(index=1)
    expect(page.get_by_text(re.compile("moves judged alike"))).to_be_visible()
    page.get_by_role("button", name="Share").press("Enter")
    page.get_by_role("button", name="Make a link").press("Enter")
    link = page.get_by_label("Secret link").input_value()
    assert "/shared/" in link
    with page.expect_download() as download:
        page.get_by_role("button", name="PNG").click()
    assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")
    page.get_by_label(re.compile("Hide my opponent")).check()
    watched.check(pictures, "share")

    guest = Watched(context.new_page(), watched.address)
    guest.open(link.removeprefix(watched.address))
    expect(guest.page.get_by_text("Where the game turned")).to_be_visible()
    assert "yun" not in guest.page.locator("body").inner_text()
    guest.check(pictures, "shared")
    page.get_by_role("button", name="End link").click()
    expect(page.get_by_role("button", name="Make a link")).to_be_visible()
    guest.page.reload()
    expect(guest.page.get_by_role("alert")).to_contain_text("no such link, or it has ended")
    assert watched.complaints == []


def test_the_map_of_time_is_heard_as_a_table_on_a_telephone(watched: Watched) -> None:
    watched.page.set_viewport_size({"width": 360, "height": 900})
    page = watched.open("/insights/time")
    table = page.get_by_role("table", name="Where your time goes, and what it brings")
    rows = table.locator("tbody tr")
    expect(rows.first).to_be_visible()
    heads = table.locator("thead th").count()
    heard = Counter(heard_roles(table))
    assert heard["table"] == 1
    assert heard["row"] == 1 + rows.count()
    assert heard["columnheader"] == heads
    assert heard["rowheader"] == rows.count()
    assert heard["cell"] == heads * rows.count() + 1


def test_a_trend_is_as_large_on_a_telephone(watched: Watched) -> None:
    watched.page.set_viewport_size({"width": 360, "height": 900})
    page = watched.open("/insights/trend?metric=loss&only=color%3Dwhite")
    chart = page.get_by_role("img", name="Winning chance lost")
    expect(chart).to_have_attribute("viewBox", re.compile(r"^0 0 [23]\d\d 260$"))
    box = chart.bounding_box()
    assert box
    assert box["height"] == 260


def test_a_tablet_has_room_for_accuracy_and_day_and_leaves_no_card_alone(
    watched: Watched,
) -> None:
    watched.page.set_viewport_size({"width": 768, "height": 900})
    page = watched.open("/games?opponent=yun")
    expect(page.get_by_role("columnheader", name="Accuracy")).to_be_visible()
    # As days are written where the browser is at home.
    expect(page.get_by_role("cell", name="26 Apr 2022")).to_be_visible()
    page = watched.open("/insights")
    cards = page.get_by_role("region", name="What costs you most").get_by_role("listitem")
    expect(cards.first).to_contain_text(re.compile(r"costs \d+\.\d games a month"))
    boxes = [box for it in cards.all() if (box := it.bounding_box())]
    ends = {box["y"]: box["x"] + box["width"] for box in boxes}
    assert max(ends.values()) - min(ends.values()) < 1
    assert watched.complaints == []


def test_an_empty_page_names_the_filters_that_have_emptied_it(watched: Watched) -> None:
    only = "only=speed%3Dcorrespondence&since=2001-01-01"
    for path, empty in (
        (f"/insights?metric=loss&{only}", "Nothing that passes these filters counts"),
        (f"/insights/trend?metric=score&{only}", "pass these filters: too few for a line"),
        (f"/insights/openings?{only}", "No game with this colour passes these filters."),
        (f"/insights/time?{only}", "None of the analysed games that pass these filters"),
        ("/games?speed=correspondence&since=2001-01-01", "No game matches these filters."),
    ):
        page = watched.open(path)
        told = page.get_by_role("status").filter(has_text=empty)
        expect(told.get_by_role("button", name=re.compile("filter From .*2001"))).to_be_visible()
        told.get_by_role("button", name="Without the filter Speed: correspondence").press("Enter")
        expect(told).to_have_count(0)
        expect(page).to_have_url(re.compile(r"\?(?!.*only).*since=2001-01-01$"))
    assert watched.complaints == []


def test_what_is_chosen_in_the_settings_shows_on_the_page_of_a_game(watched: Watched) -> None:
    page = watched.open("/settings")
    king, board = page.locator("piece.king.white"), page.locator("cg-board")
    shown = "it => getComputedStyle(it).background"
    before = king.evaluate(shown), board.evaluate(shown)
    page.get_by_role("combobox", name="Board").select_option("brown")
    page.get_by_role("combobox", name="Pieces").select_option(label="letters")
    chosen = king.evaluate(shown), board.evaluate(shown)
    assert all(one != other for one, other in zip(before, chosen, strict=True))
    page.get_by_role("radio", name=re.compile("^Strict")).check()
    page.goto(f"{watched.address}/games")
    page.get_by_role("link", name=FIRST_GAME).first.click()
    expect(page.get_by_text("Judged by: Strict.")).to_be_visible()
    assert (king.evaluate(shown), board.evaluate(shown)) == chosen
    assert watched.complaints == []


def test_hostile_names_and_comments_are_only_text(watched: Watched, pictures: Path) -> None:
    # The list of that day: axe has looked at the whole list already.
    page = watched.open("/games?since=2023-05-06&until=2023-05-06")
    link = page.get_by_role("link", name=re.compile("<script>"))
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(link).to_be_visible()
    watched.check(pictures, "hostile-list")
    link.click()
    expect(page.get_by_role("heading", name=re.compile("<script>"), level=1)).to_be_visible()
    watched.check(pictures, "hostile-game")
    assert "taken" not in page.title().split("<")[0]
    assert page.locator("#page script, #page img").count() == 0
    page = watched.open("/games?opening=bongcloud")
    page.get_by_role("link", name=re.compile("^long")).click()
    expect(page.get_by_role("heading", name=re.compile("^longg+"), level=1)).to_be_visible()
    watched.check(pictures, "long-name")
    assert page.locator("#page b").count() == 0


def test_a_question_is_asked_and_what_is_behind_it_is_seen(
    watched: Watched, pictures: Path
) -> None:
    page = watched.open("/insights")
    page.get_by_role("combobox", name="Measure").select_option(label="Accuracy")
    page.get_by_role("combobox", name="By", exact=True).select_option(label="Phase")
    rows = page.locator("tbody tr")
    expect(rows.first).to_be_visible()
    expect(page.get_by_role("rowheader", name="middlegame")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    assert "middlegame" in Path(download.value.path()).read_text()
    page.reload()
    page.get_by_role("button", name="middlegame").click()
    expect(page.get_by_text("Behind «middlegame»")).to_be_visible()
    watched.check(pictures, "question")
    page.locator(".behind a").first.click()
    expect(page.get_by_role("region", name="Board")).to_be_visible()


def test_a_filter_narrows_a_question_and_stays_in_the_address(watched: Watched) -> None:
    page = watched.open("/insights?metric=score")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(1)
    everything = rows.first.inner_text()
    page.get_by_role("combobox", name="Add a filter").select_option(label="Result")
    page.get_by_role("combobox", name="Result").select_option("win")
    expect(rows.first).to_contain_text("100.0")
    assert "100.0" not in everything
    page.reload()
    expect(rows.first).to_contain_text("100.0")
    page.get_by_role("button", name="Without the filter Result: win").press("Enter")
    expect(rows.first).not_to_contain_text("100.0")
    # Whoever points may choose the bar itself: the middle of its row.
    rows.first.click()
    expect(page.get_by_text("Behind «all»")).to_be_visible()
    assert watched.complaints == []


def test_openings_are_walked_through_by_keyboard(watched: Watched) -> None:
    page = watched.open("/insights/openings")
    moves = page.get_by_role("region", name="Moves")
    moves.get_by_role("button", name="e4", exact=True).press("Enter")
    expect(moves.get_by_role("columnheader", name="They play")).to_be_visible()
    expect(moves.get_by_role("button", name="1. e4")).to_be_visible()
    moves.get_by_role("button", name="First position").press("Enter")
    expect(moves.get_by_role("columnheader", name="You play")).to_be_visible()
    page.get_by_role("button", name="Black").press("Enter")
    expect(page).to_have_url(re.compile("color=black"))
    expect(moves.get_by_role("columnheader", name="They play")).to_be_visible()
    assert watched.complaints == []


def test_below_the_openings_stands_what_they_bring_in_the_games_that_are_meant(
    watched: Watched,
) -> None:
    page = watched.open("/insights/openings")
    for report, title in (
        ("repeated-mistakes", "Mistakes you make again"),
        ("theory-exits", "Where theory ends"),
    ):
        url = f"{watched.address}/api/v1/insights/{report}"
        found = [it for it in page.request.get(url).json()["items"] if it["color"] == "white"]
        expect(page.get_by_role("heading", name=title)).to_be_visible()
        rows = page.get_by_role("region", name=title).locator("tbody tr")
        expect(rows).to_have_count(min(8, len(found)))
        for row, it in zip(rows.all(), found, strict=False):
            expect(row).to_contain_text(it["seen"][0]["san"])
    brought = page.get_by_role("region", name="What your openings bring")
    with page.expect_download() as download:
        brought.get_by_role("button", name="CSV").click()
    assert Path(download.value.path()).read_text().startswith("opening,color,games,score,")
    page.get_by_role("combobox", name="Speed").select_option("correspondence")
    expect(page.get_by_text("No game with this colour passes these filters.")).to_be_visible()
    expect(page).to_have_url(re.compile("only=speed%3Dcorrespondence"))
    # Who looks at some games goes on looking at these.
    page.get_by_role("link", name="Time", exact=True).click()
    expect(page.get_by_role("combobox", name="Speed")).to_have_value("correspondence")
    assert watched.complaints == []


def test_it_speaks_german(watched: Watched) -> None:
    watched.page.add_init_script("localStorage.setItem('language', 'de')")
    page = watched.open("/games")
    expect(page.get_by_role("heading", name="Partien")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    # Also what the server says in English: the reasons for labels, by their rules and numbers.
    page.get_by_role("link", name=FIRST_GAME).first.click()
    expect(page.get_by_role("button", name="Nächster Fehler")).to_be_enabled()
    page.keyboard.press("n")
    expect(page.get_by_text(re.compile(r"^Die Gewinnaussicht fällt von \d+ % auf"))).to_be_visible()
    assert watched.complaints == []
