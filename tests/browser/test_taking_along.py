"""What is taken elsewhere from the page of a game: its position, its moves, its evaluations."""

import io
import re
from pathlib import Path
from typing import Any

import chess
import chess.pgn
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.watching import Watched

pytestmark = pytest.mark.engine


def _read(text: str) -> chess.pgn.Game:
    game = chess.pgn.read_game(io.StringIO(text))
    assert game
    assert not game.errors
    return game


def _copied(page: Page, button: str) -> str:
    page.get_by_role("button", name=button).click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    return str(page.evaluate("navigator.clipboard.readText()"))


def _analysed_game(watched: Watched) -> tuple[Page, dict[str, Any]]:
    """Open an analysed game, and ask what the API knows of it."""
    url = f"{watched.address}/api/v1/games"
    listed = watched.page.request.get(f"{url}?opponent=yun&analysed=true").json()["items"][0]
    game = watched.page.request.get(f"{url}/{listed['id']}").json()
    return watched.open(f"/games/{game['id']}"), game


def test_position_and_game_are_copied(watched: Watched, context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page, game = _analysed_game(watched)
    played = _read(game["pgn"])
    assert _copied(page, "Copy FEN") == played.board().fen()
    page.keyboard.press("End")
    expect(page.get_by_label("FEN")).not_to_have_value(played.board().fen())
    assert chess.Board(_copied(page, "Copy FEN")) == played.end().board()
    assert _copied(page, "Copy PGN") == game["pgn"]
    assert watched.complaints == []


def test_the_annotated_game_has_every_evaluation_of_its_review(watched: Watched) -> None:
    page, game = _analysed_game(watched)
    with page.expect_download() as download:
        page.get_by_role("link", name="Annotated PGN").click()
    assert re.fullmatch(r"[\w.-]*yun[\w.-]*\.pgn", download.value.suggested_filename)
    annotated = _read(Path(download.value.path()).read_text(encoding="utf-8"))
    url = f"{watched.address}/api/v1/games/{game['id']}/runs/{game['run']['id']}/review"
    review = page.request.get(url).json()
    nodes = list(annotated.mainline())
    assert [node.move.uci() for node in nodes] == [move["uci"] for move in review["moves"]]
    for node, move in zip(nodes, review["moves"], strict=True):
        told = node.eval()
        assert told, f"{move['san']} has no evaluation"
        white = told.white()
        assert (white.score(), white.mate()) == (move["cp"], move["mate"]), move["san"]
        assert (1 in node.nags) == (move["label"] == "great")
    judged = {node.ply() for node in nodes if node.nags & {2, 4, 6}}
    assert judged == {move["ply"] for move in review["moves"] if move["judgment"]}
    assert watched.complaints == []
