"""Write many reviews as one HTML page that needs nothing else: no network, no script."""

import heapq
import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import jinja2

from chess_analytics.actions.analyse_game import Run
from chess_analytics.actions.exports.board import board_svg, shared_men
from chess_analytics.actions.exports.graph import graph_svg
from chess_analytics.actions.exports.summary import CostlyMove, Summary
from chess_analytics.games.clocks import Speed, speed
from chess_analytics.games.fingerprint import game_id
from chess_analytics.games.model import Game, Side, Site
from chess_analytics.games.positions import board_at
from chess_analytics.review.judge import Review, SideSummary
from chess_analytics.review.judgment import Judgment
from chess_analytics.review.rules import LabelKind
from chess_analytics.review.thresholds import Thresholds

# A row with its graph takes 2.4 kB: more of them make a page that browsers are slow to open.
_ROWS_SHOWN = 500
_PROBLEMS_SHOWN = 100
_OPENINGS_SHOWN = 15

_DATE = re.compile(r"([0-9]{4})[.-]([0-9]{2}|\?\?)[.-]([0-9]{2}|\?\?)")
_LICHESS_ID = re.compile(r"[A-Za-z0-9]{8}")
_CHESSCOM_ID = re.compile(r"[0-9]{1,20}")
# Both forms that Chess.com has used: /game/live/1 and /live/game/1; newer ones name no kind.
_CHESSCOM_KIND = re.compile(
    r"chess\.com/(?:[a-z]{2}/)?(?:game/(?:([a-z-]+)/)?|([a-z-]+)/game/)[0-9]", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the input held; the numbers add up to ``found``."""

    found: int
    analysed: int
    set_aside: dict[str, int]
    """Reason and number of games."""
    broken: list[str]
    """One sentence for each broken game."""
    failed: list[str] = field(default_factory=list)
    """One sentence for each game that the engine could not finish."""
    not_reached: int = 0
    """Games that were to be analysed when the work was stopped."""


@dataclass(frozen=True, slots=True, order=True)
class _Row:
    """A game of the table; the latest by date are kept, among equals the last read."""

    played: str
    """The date so that it sorts; empty where it is unknown, which sorts first."""
    number: int
    """1 for the first game that was taken in."""
    game: str = field(compare=False)
    """The game's id."""
    cells: dict[str, Any] = field(compare=False)


class HtmlReport:
    """Gather reviews, then give the page; a game leaves at most a table row and a small graph."""

    def __init__(self, summary: Summary) -> None:
        self._summary = summary
        self._taken_in = 0
        self._rows: list[_Row] = []
        self._engines: set[str] = set()
        self._thresholds = dict[str, Thresholds]()

    def add(self, review: Review, run: Run) -> None:
        """Take in one review; the summary is the caller's to feed."""
        profile = f", profile {run.profile}" if run.profile else ""
        self._engines.add(
            "the evaluations in the input" if run.profile is None else run.engine + profile
        )
        self._thresholds[review.thresholds.name] = review.thresholds
        self._taken_in += 1
        played = _date(review.game)
        if len(self._rows) < _ROWS_SHOWN:
            heapq.heappush(self._rows, _row(review, played, self._taken_in))
        elif (played, self._taken_in) > (self._rows[0].played, self._rows[0].number):
            heapq.heapreplace(self._rows, _row(review, played, self._taken_in))

    def render(self, reading: Reading, today: date) -> str:
        """Give the whole page as a text."""
        environment = jinja2.Environment(
            loader=jinja2.PackageLoader("chess_analytics.actions.exports", "."),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        # The newest first; games of one day, and those without a date, as they were read.
        rows = sorted(self._rows, key=lambda row: row.number)
        rows.sort(key=lambda row: row.played, reverse=True)
        anchors = {row.game: row.number for row in rows}
        summary = self._summary
        return environment.get_template("report.html.j2").render(
            summary=summary,
            rows=rows,
            rows_left_out=self._taken_in - len(rows),
            reading=reading,
            problems_shown=_PROBLEMS_SHOWN,
            today=today.isoformat(),
            engines=sorted(self._engines),
            thresholds=[self._thresholds[name] for name in sorted(self._thresholds)],
            men=shared_men(),
            costliest=[_costly(move, anchors) for move in summary.costliest()],
            openings=sorted(summary.by_opening.items(), key=lambda item: (-item[1].games, item[0])),
            openings_shown=_OPENINGS_SHOWN,
            Judgment=Judgment,
            LabelKind=LabelKind,
            Side=Side,
        )


def _row(review: Review, played: str, number: int) -> _Row:
    game, opening = review.game, review.opening
    cells = {
        "link": _link(game),
        "date": played,
        "id": game_id(game),
        "white": _name(game, Side.WHITE),
        "black": _name(game, Side.BLACK),
        "result": game.result.value.replace("1/2", "½"),
        "opening": f"{opening.eco} {opening.name}" if opening else "",
        "moves": (len(review.moves) + 1) // 2,
        "sides": (_side(review.white), _side(review.black)),
        "graph": graph_svg(review, _graph_in_words(review)),
    }
    return _Row(played, number, game_id(game), cells)


def _side(side: SideSummary) -> dict[str, Any]:
    return {
        "accuracy": side.accuracy,
        "errors": {
            Judgment.INACCURACY: side.inaccuracies,
            Judgment.MISTAKE: side.mistakes,
            Judgment.BLUNDER: side.blunders,
        },
    }


def _graph_in_words(review: Review) -> str:
    game = review.game
    return (
        f"White's winning chance, {_name(game, Side.WHITE)} against {_name(game, Side.BLACK)}, "
        f"{game.result.value}; blunders: White {review.white.blunders}, "
        f"Black {review.black.blunders}"
    )


def _costly(costly: CostlyMove, anchors: dict[str, int]) -> dict[str, Any]:
    game, move = costly.game, costly.move
    board = board_at(game, move.ply - 1)
    number = f"{board.fullmove_number}{'.' if board.turn else '…'}"
    judgment = move.judgment.value if move.judgment else ""
    described = f"{number} {move.san}, {judgment}, in the position {board.fen()}"
    best = move.best if move.best != move.uci else None
    return {
        "board": board_svg(board, move.uci, best, described),
        "number": number,
        "san": move.san,
        "best": move.best_san if best else None,
        "judgment": judgment,
        "before": move.win_before,
        "after": move.win_after,
        "fen": board.fen(),
        "white": _name(game, Side.WHITE),
        "black": _name(game, Side.BLACK),
        "date": _date(game),
        "anchor": anchors.get(game_id(game)),
        "link": _link(game),
    }


def _name(game: Game, side: Side) -> str:
    player = game.player(side)
    return f"{player.name or '?'}{f' ({player.rating})' if player.rating else ''}"


def _date(game: Game) -> str:
    """Give year, month and day as far as they are known: ``2024-03-05``, ``2024``."""
    for tag in ("UTCDate", "Date"):
        if found := _DATE.fullmatch(game.headers.get(tag, "")):
            return "-".join(found.groups()).partition("-??")[0]
    return ""


def _link(game: Game) -> str | None:
    """Link to the game on its site; only addresses that we can vouch for become links."""
    site_id = game.site_id or ""
    if game.site is Site.LICHESS and _LICHESS_ID.fullmatch(site_id):
        # Lichess's test site has games of its own, which the real one does not know.
        is_test = "lichess.dev" in game.headers.get("Site", "")
        return None if is_test else f"https://lichess.org/{site_id}"
    if game.site is Site.CHESSCOM and _CHESSCOM_ID.fullmatch(site_id):
        kind = _chesscom_kind(game)
        return f"https://www.chess.com/game/{kind}/{site_id}" if kind else None
    return None


def _chesscom_kind(game: Game) -> str | None:
    """Tell live games from daily ones by the header Link, and without it by the time control."""
    if found := _CHESSCOM_KIND.search(game.headers.get("Link", "")):
        named = (found[1] or found[2] or "").lower()
        if named:
            return named if named in ("live", "daily") else None
    return None if speed(game) is Speed.CORRESPONDENCE else "live"
