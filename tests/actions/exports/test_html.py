"""The report: sane HTML, honest counts, nothing of the input taken for markup."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Unpack

import chess
import pytest

from chess_analytics.actions.analyse_game import Run
from chess_analytics.actions.exports.board import board_svg
from chess_analytics.actions.exports.html import HtmlReport, Reading
from chess_analytics.actions.exports.summary import Summary
from chess_analytics.games.model import Site
from chess_analytics.review.judge import Review
from tests.actions.exports.reviews import reviewed
from tests.builders import Details

_VOID = {"meta", "br", "link", "img", "input", "hr"}
_WON_DRAWN_LOST = "W\N{EN DASH}D\N{EN DASH}L"
_HOSTILE = '"><script>alert("x")</script><b id="own">'


class _Page(HTMLParser):
    """What the tests look at; fails where a tag is closed that is not the last opened."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.cells: list[list[str]] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        assert len(attrs) == len(dict(attrs)), f"an attribute twice in {tag}"
        if tag not in _VOID:
            self._open.append(tag)
        if tag == "tr":
            self.cells.append([])
        if tag in ("td", "th"):
            self.cells[-1].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if {"td", "th"} & set(self._open):
            self.cells[-1][-1] += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]

    def values(self, attribute: str) -> list[str]:
        return [attrs[attribute] or "" for _, attrs in self.tags if attribute in attrs]

    def row(self, heading: str) -> list[str]:
        return next(row for row in self.cells if row[0] == heading)


def _page(
    folder: Path, *reviews: tuple[Review, Run], players: tuple[str, ...] = (), **counts: int
) -> _Page:
    summary = Summary(players)
    report = HtmlReport(summary)
    for review, run in reviews:
        summary.add(review)
        report.add(review, run)
    path = folder / "report.html"
    set_aside = {"not of interest": counts["set_aside"]} if counts else {}
    found = len(reviews) + sum(set_aside.values())
    page = report.render(Reading(found, len(reviews), set_aside, []), date(2026, 11, 5))
    path.write_text(page, encoding="utf-8")
    return _Page(path.read_text(encoding="utf-8"))


def _links(folder: Path, **details: Unpack[Details]) -> list[str]:
    links = _page(folder, reviewed(**details)).values("href")
    return sorted({link for link in links if not link.startswith("#")})


def test_the_page_is_sane_html(tmp_path: Path) -> None:
    twice = reviewed(white="Ana", site=Site.OTHER, site_id="the same id")
    page = _page(tmp_path, twice, twice, reviewed(evals=(0, 0, 0, 0, 0, 0)))
    ids = Counter(page.values("id"))
    assert ids
    assert ids.most_common(1)[0][1] == 1
    targets = [href[1:] for href in page.values("href") if href.startswith("#")]
    assert targets
    assert set(targets) <= set(ids)
    assert [len(page.all(tag)) for tag in ("main", "h1", "title")] == [1, 1, 1]
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all("scope" in attrs for attrs in page.all("th"))
    assert all(attrs.get("aria-label") for attrs in page.all("table"))
    assert not page.all("script")


def test_the_page_asks_the_network_for_nothing(tmp_path: Path) -> None:
    page = _page(tmp_path, reviewed())
    assert not page.values("src")
    assert not re.search(r"url\(|@import", page.text)
    assert not page.all("link")


def test_boards_and_graphs_say_what_they_show(tmp_path: Path) -> None:
    review, run = reviewed(white="Ana", black="Ben", result="1-0")
    page = _page(tmp_path, (review, run))
    pictures = [attrs for attrs in page.all("svg") if "aria-hidden" not in attrs]
    assert all(attrs.get("role") == "img" and attrs.get("aria-label") for attrs in pictures)
    words = [attrs["aria-label"] for attrs in pictures]
    fen = "rnbqkbnr/pppp1ppp/8/4p3/4P3/5N2/PPPP1PPP/RNBQKB1R b KQkq - 1 2"
    assert f"2… Ke7, blunder, in the position {fen}" in words
    assert words[-1] == (
        "White's winning chance, Ana against Ben, 1-0; "
        f"blunders: White {review.white.blunders}, Black {review.black.blunders}"
    )


def test_every_man_on_a_board_is_drawn_by_the_page_itself(tmp_path: Path) -> None:
    page = _page(tmp_path, reviewed())
    used = {attrs["href"] for attrs in page.all("use")}
    assert len(used) == 12
    assert used == {f"#{name}" for name in page.values("id") if f"#{name}" in used}


def test_markup_in_the_input_stays_text(tmp_path: Path) -> None:
    review, run = reviewed(
        white=_HOSTILE,
        black=_HOSTILE,
        tags={"Date": _HOSTILE, "UTCDate": f"2024{_HOSTILE}"},
        site=Site.LICHESS,
        site_id=_HOSTILE,
    )
    assert review.opening
    review = replace(review, opening=replace(review.opening, name=_HOSTILE, eco=_HOSTILE))
    for players in ((), (_HOSTILE,)):
        named = replace(run, engine=_HOSTILE, profile=_HOSTILE)
        page = _page(tmp_path, (review, named), players=players)
        assert not page.all("script")
        assert "own" not in page.values("id")
        assert any(_HOSTILE in cell for row in page.cells for cell in row)


def test_markup_in_a_position_stays_text() -> None:
    drawn = board_svg(chess.Board(), "e2e4", "d2d4", _HOSTILE)
    assert _Page(drawn).all("svg")[0]["aria-label"] == _HOSTILE


def test_without_players_games_are_counted_once_and_nobody_wins(tmp_path: Path) -> None:
    both = [reviewed(tags={"TimeControl": "600+0"}), reviewed(tags={"TimeControl": "600+0"})]
    page = _page(tmp_path, *both)
    assert page.row("Rapid")[1] == "2"
    opening = both[0][0].opening
    assert opening
    assert page.row(opening.family)[1] == "2"
    assert _WON_DRAWN_LOST not in page.text
    assert "Blunders per player and game" in page.text


def test_with_a_player_the_page_takes_that_players_side(tmp_path: Path) -> None:
    review, run = reviewed(white="Ana", black="Ben", result="0-1")
    page = _page(tmp_path, (review, run), players=("Ana",))
    assert _WON_DRAWN_LOST in page.row("Colour")
    assert page.row("White")[1:3] == ["1", "0\N{EN DASH}0\N{EN DASH}1"]
    assert review.opening
    assert page.row(f"{review.opening.family} as White")[1] == "1"
    assert "per player and game" not in page.text


def test_every_label_is_listed_with_its_share(tmp_path: Path) -> None:
    review, run = reviewed()
    page = _page(tmp_path, (review, run))
    for kind, many in review.white.labels.items():
        total = many + review.black.labels[kind]
        shown = page.row(kind.value.capitalize())
        assert shown == [kind.value.capitalize(), str(total), f"{100 * total / 6:.1f} %"]


def test_errors_have_a_column_each(tmp_path: Path) -> None:
    review, run = reviewed(white="Ana", black="Ben")
    page = _page(tmp_path, (review, run))
    heading = page.row("Date")
    row = next(row for row in page.cells if "AnaBen" in row[1])
    at = heading.index("Inacc.")
    assert heading[at : at + 3] == ["Inacc.", "Mist.", "Blun."]
    white, black = review.white, review.black
    assert row[at : at + 3] == [
        f"{white.inaccuracies}{black.inaccuracies}",
        f"{white.mistakes}{black.mistakes}",
        f"{white.blunders}{black.blunders}",
    ]


def test_one_game_is_not_spoken_of_as_games(tmp_path: Path) -> None:
    one = _page(tmp_path, reviewed())
    assert "1 game in the input" in one.text
    assert not re.search(r"\b1 games", one.text)
    assert "2 games in the input" in _page(tmp_path, reviewed(), set_aside=1).text


def test_the_table_holds_the_500_latest_games_and_the_totals_all(tmp_path: Path) -> None:
    review, run = reviewed()
    reviews = []
    for number in range(503):
        day = "2020.01.01" if number in (0, 7, 400) else "2024.05.06"
        headers = {**review.game.headers, "Date": day, "White": f"Player {number}"}
        reviews.append((replace(review, game=replace(review.game, headers=headers)), run))
    page = _page(tmp_path, *reviews)
    names = [row[1] for row in page.cells if len(row) == 10 and row[1].startswith("Player")]
    assert names == [f"Player {number}?" for number in range(503) if number not in (0, 7, 400)]
    assert "3 more games are counted above" in page.text
    assert "--json" in page.text
    assert page.row("White")[1] == "503"
    targets = {href[1:] for href in page.values("href") if href.startswith("#")}
    assert targets <= set(page.values("id"))


def test_undated_games_give_way_first_and_of_equals_the_first_read(tmp_path: Path) -> None:
    review, run = reviewed()
    reviews = []
    for number in range(502):
        day = "2020.??.??" if number == 1 else "????.??.??"
        headers = {**review.game.headers, "Date": day, "White": f"Player {number}"}
        reviews.append((replace(review, game=replace(review.game, headers=headers)), run))
    page = _page(tmp_path, *reviews)
    names = [row[1] for row in page.cells if len(row) == 10 and row[1].startswith("Player")]
    assert names == [f"Player {number}?" for number in (1, *range(3, 502))]
    assert "2020" in page.cells[-500][0]


def test_memory_holds_no_row_that_will_not_be_shown() -> None:
    review, run = reviewed()
    report = HtmlReport(Summary())
    for _ in range(600):
        report.add(review, run)
    assert len(report._rows) == 500


@pytest.mark.parametrize(
    ("site", "site_id", "headers", "link"),
    [
        (Site.LICHESS, "q7ZvsdUF", {}, "https://lichess.org/q7ZvsdUF"),
        (Site.LICHESS, "q7ZvsdUF", {"Site": "https://lichess.dev/q7ZvsdUF"}, None),
        (Site.LICHESS, "../login", {}, None),
        (Site.LICHESS, "q7Zvsdü1", {}, None),
        (Site.CHESSCOM, "123", {}, "https://www.chess.com/game/live/123"),
        (
            Site.CHESSCOM,
            "123",
            {"Link": "https://www.chess.com/game/live/123"},
            "https://www.chess.com/game/live/123",
        ),
        (
            Site.CHESSCOM,
            "123",
            {"Link": "https://www.chess.com/game/daily/123"},
            "https://www.chess.com/game/daily/123",
        ),
        (
            Site.CHESSCOM,
            "123",
            {"Link": "https://www.chess.com/daily/game/123"},
            "https://www.chess.com/game/daily/123",
        ),
        (Site.CHESSCOM, "123", {"Link": "https://www.chess.com/game/computer/123"}, None),
        (Site.CHESSCOM, "123", {"TimeControl": "1/259200"}, None),
        (Site.CHESSCOM, "8b1f0c1e-uuid", {}, None),
        (Site.CHESSCOM, "12/../3", {}, None),
        (Site.CHESSCOM, "١٢٣", {}, None),
        (Site.OTHER, "123", {}, None),
    ],
)
def test_only_plain_ids_become_links(
    tmp_path: Path, site: Site, site_id: str, headers: dict[str, str], link: str | None
) -> None:
    found = _links(tmp_path, site=site, site_id=site_id, tags=headers)
    assert found == ([link] if link else [])


def test_marks_and_lines_stand_out_from_both_areas_of_a_graph(tmp_path: Path) -> None:
    text = _page(tmp_path, reviewed()).text
    colours = dict(re.findall(r"\.graph \.(\w+) \{ fill: (#\w{6})", text))
    lines = re.findall(r"\.graph \.phase \{ fill: none; stroke: (#\w{6})", text)
    areas = [colours.pop("black"), colours.pop("white")]
    assert set(colours) == {"inaccuracy", "mistake", "blunder"}
    for mark in [*colours.values(), *lines]:
        assert [area for area in areas if _contrast(mark, area) < 3] == []
    assert len(lines) == 1


def _contrast(one: str, other: str) -> float:
    """Give the contrast ratio of WCAG 2."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_an_empty_input_makes_a_page_that_says_so(tmp_path: Path) -> None:
    page = _page(tmp_path)
    assert "nothing to show" in page.text
    assert not page.all("table")
