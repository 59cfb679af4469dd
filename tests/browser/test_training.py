"""Training in a browser: drills by keyboard, and a game's mistakes asked again."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.keyboard import check_stops
from tests.browser.watching import Watched

pytestmark = pytest.mark.engine


def fetched(watched: Watched, path: str) -> Any:
    """Ask the API as the page would."""
    return watched.page.request.get(f"{watched.address}/api/v1/{path}").json()


def test_drills_are_answered_by_keyboard(watched: Watched, pictures: Path) -> None:
    page = watched.open("/training")
    expect(page.get_by_role("heading", name="Training", level=1)).to_be_visible()
    field = page.get_by_label("Type a move")
    expect(field).to_be_focused()
    expect(page.get_by_text(re.compile("Reading your games"))).to_have_count(0)
    watched.check(pictures, "training")
    check_stops(page)

    field.press_sequentially("Ke9")
    field.press("Enter")
    expect(page.get_by_text("That is no legal move here.")).to_be_visible()
    drill = fetched(watched, "drills/due")["items"][0]
    field.fill(drill["mistakes"][0]["san"])
    field.press("Enter")
    expect(page.get_by_text(f"Not {drill['mistakes'][0]['san']}:")).to_be_visible()
    page.get_by_role("button", name="Show solution").press("Enter")
    after = page.get_by_role("button", name="Next", exact=True)
    expect(after).to_be_focused()
    expect(page.get_by_text("It comes back tomorrow.")).to_be_visible()
    watched.check(pictures, "training-solution")
    after.press("Enter")
    expect(page.get_by_text(re.compile("Drill 2 of"))).to_be_visible()

    second = fetched(watched, "drills/due")["items"][0]
    assert second["id"] != drill["id"]
    page.get_by_role("button", name="Set aside").press("Enter")
    expect(page.get_by_text(re.compile("Drill 3 of"))).to_be_visible()
    assert fetched(watched, f"drills/{second['id']}")["is_suspended"]
    with page.expect_download() as download:
        page.get_by_role("link", name="Anki").click()
    assert Path(download.value.path()).read_text().startswith("#separator:tab")


def test_the_drills_of_some_moves_are_asked_alone(watched: Watched) -> None:
    while watched.page.request.post(f"{watched.address}/api/v1/drills/gather").json()["left"]:
        pass
    phases = ("opening", "middlegame", "endgame")
    counts = [fetched(watched, f"drills/due-from?only=phase%3D{it}")["counts"] for it in phases]
    assert sum(it["all"] for it in counts) == fetched(watched, "drills/due")["counts"]["all"]
    some = next(n for n, it in enumerate(counts) if it["new_today"])
    page = watched.open(f"/training?only=phase%3D{phases[some]}")
    expect(page.get_by_text(f"Phase: {phases[some]}")).to_be_visible()
    expect(page.get_by_text(f"· {counts[some]['all']} in all")).to_be_visible()
    page.get_by_role("link", name="All drills").click()
    expect(page.get_by_text("Only drills of")).to_have_count(0)
    assert watched.complaints == []


def test_a_games_mistakes_are_asked_again(watched: Watched, pictures: Path) -> None:
    game = fetched(watched, "games?limit=1&sort=accuracy&analysed=true")["items"][0]
    review = fetched(watched, f"games/{game['id']}/runs/{game['run']['id']}/review")
    mistakes = [
        move
        for move in review["moves"]
        if move["side"] == game["color"] and move["judgment"] and move["best"] != move["uci"]
    ]
    first = mistakes[0]
    page = watched.open(f"/games/{game['id']}")
    page.get_by_role("button", name="Learn from mistakes").press("Enter")
    expect(page.get_by_role("heading", name=f"{first['san']} was played")).to_be_visible()
    expect(page.get_by_text(f"Mistake 1 of {len(mistakes)}")).to_be_visible()
    field = page.get_by_label("Type a move")
    field.fill(first["san"])
    field.press("Enter")
    expect(page.get_by_text(f"Not {first['san']}:")).to_be_visible()
    field.fill(first["best_san"])
    field.press("Enter")
    expect(page.get_by_text(f"{first['best_san']} is right.")).to_be_visible()
    watched.check(pictures, "learn")
    after = page.get_by_role("button", name=re.compile("^(Next|Back to the review)$"))
    expect(after).to_be_focused()
    after.press("Enter")
    expect(page.get_by_text(f"{first['best_san']} is right.")).to_have_count(0)
    assert watched.complaints == []
